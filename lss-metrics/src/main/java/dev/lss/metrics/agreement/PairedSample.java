package dev.lss.metrics.agreement;

/**
 * A reference and a method, measured on the same subjects. Rows in which one is missing (NaN) are
 * left out and counted. Immutable.
 */
public final class PairedSample {

  private final double[] reference;
  private final double[] method;
  private final int dropped;

  private PairedSample(double[] reference, double[] method, int dropped) {
    this.reference = reference;
    this.method = method;
    this.dropped = dropped;
  }

  /**
   * Returns a sample of these rows.
   *
   * @throws IllegalArgumentException when the lengths differ, a value is infinite, or fewer than
   *     two complete rows remain
   */
  public static PairedSample of(double[] reference, double[] method) {
    Ratings ratings = Ratings.ofColumns(reference, method);
    return new PairedSample(ratings.column(0), ratings.column(1), ratings.dropped());
  }

  /**
   * Returns the sample of natural logarithms: differences are then logarithms of ratios.
   *
   * @throws IllegalArgumentException when a value is not positive
   */
  public PairedSample logarithms() {
    return new PairedSample(logarithms(reference), logarithms(method), dropped);
  }

  private static double[] logarithms(double[] values) {
    double[] logarithms = new double[values.length];
    for (int n = 0; n < values.length; n++) {
      if (!(values[n] > 0)) {
        throw new IllegalArgumentException("ratios need positive values, found " + values[n]);
      }
      logarithms[n] = Math.log(values[n]);
    }
    return logarithms;
  }

  /** Returns the size of the values: the power of two at or below the largest. */
  double unit() {
    return Moments.unit(reference, method);
  }

  /** Returns the sample with all values divided by a power of two. */
  PairedSample in(double unit) {
    return new PairedSample(Moments.in(unit, reference), Moments.in(unit, method), dropped);
  }

  /** Returns the number of complete rows. */
  public int n() {
    return reference.length;
  }

  /** Returns how many rows were left out. */
  public int dropped() {
    return dropped;
  }

  /** Returns the value of the reference in a row. */
  public double reference(int row) {
    return reference[row];
  }

  /** Returns the value of the method in a row. */
  public double method(int row) {
    return method[row];
  }

  /** Returns the mean of the reference. */
  public double referenceMean() {
    return unit() * Moments.mean(in(unit()).reference);
  }

  /** Returns the mean of the method. */
  public double methodMean() {
    return unit() * Moments.mean(in(unit()).method);
  }

  /** Returns the differences, method minus reference, row by row. */
  public double[] differences() {
    double[] differences = new double[n()];
    for (int row = 0; row < n(); row++) {
      differences[row] = method[row] - reference[row];
    }
    return differences;
  }

  /** Returns the means of the two, row by row. */
  public double[] means() {
    double[] means = new double[n()];
    for (int row = 0; row < n(); row++) {
      means[row] = method[row] / 2 + reference[row] / 2;
    }
    return means;
  }

  /** Returns both as a table of two raters, the reference first. */
  public Ratings ratings() {
    return Ratings.ofColumns(reference, method);
  }

  double[] unsafeReference() {
    return reference;
  }

  double[] unsafeMethod() {
    return method;
  }
}
