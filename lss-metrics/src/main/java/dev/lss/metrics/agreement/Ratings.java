package dev.lss.metrics.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of n subjects, each measured by the same k raters. Rows with a missing value (NaN) are
 * left out and counted. Immutable.
 */
public final class Ratings {

  private final double[][] rows;
  private final int dropped;

  private Ratings(double[][] rows, int dropped) {
    this.rows = rows;
    this.dropped = dropped;
  }

  /**
   * Returns a table of columns, one for each rater.
   *
   * @throws IllegalArgumentException for fewer than two raters, columns of different length, an
   *     infinite value, or fewer than two complete rows
   */
  public static Ratings ofColumns(double[]... columns) {
    if (columns.length < 2) {
      throw new IllegalArgumentException("agreement needs two raters, found " + columns.length);
    }
    List<double[]> complete = new ArrayList<>();
    int length = columns[0].length;
    for (double[] column : columns) {
      if (column.length != length) {
        throw new IllegalArgumentException(
            "all raters need %s values, one has %s".formatted(length, column.length));
      }
    }
    for (int n = 0; n < length; n++) {
      double[] row = new double[columns.length];
      for (int k = 0; k < row.length; k++) {
        row[k] = columns[k][n];
      }
      if (Arrays.stream(row).anyMatch(Double::isInfinite)) {
        throw new IllegalArgumentException("row %s holds an infinite value".formatted(n + 1));
      }
      if (Arrays.stream(row).noneMatch(Double::isNaN)) {
        complete.add(row);
      }
    }
    if (complete.size() < 2) {
      throw new IllegalArgumentException(
          "agreement needs two complete rows, found " + complete.size());
    }
    return new Ratings(complete.toArray(double[][]::new), length - complete.size());
  }

  /** Returns the number of subjects with all values. */
  public int subjects() {
    return rows.length;
  }

  /** Returns the number of raters. */
  public int raters() {
    return rows[0].length;
  }

  /** Returns how many rows were left out. */
  public int dropped() {
    return dropped;
  }

  /** Returns a value. */
  public double get(int subject, int rater) {
    return rows[subject][rater];
  }

  /** Returns the table divided by the power of two at or below its largest value. */
  Ratings inUnits() {
    double unit = Moments.unit(rows);
    return new Ratings(
        Arrays.stream(rows).map(row -> Moments.in(unit, row)).toArray(double[][]::new), dropped);
  }

  /** Returns the rows with the very first value taken away from each. */
  double[][] lessTheFirst() {
    double first = rows[0][0];
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(x -> x - first + 0.0).toArray())
        .toArray(double[][]::new);
  }

  double largest() {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
  }

  double[] column(int rater) {
    return Arrays.stream(rows).mapToDouble(row -> row[rater]).toArray();
  }
}
