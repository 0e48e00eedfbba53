package dev.lss.metrics.agreement;

import java.util.Arrays;

/**
 * The mean squares of a table of n subjects and k raters, two-way without replication (Shrout and
 * Fleiss 1979, table 2). Residuals are computed one by one and not as a difference of large sums,
 * relative to the first value. What is constant is told from the values: raters who always agree
 * have no square within subjects, and residuals that decimals leave in their last binary digit are
 * none. Immutable.
 *
 * @param n subjects
 * @param k raters
 * @param rows between subjects, MSR, with n - 1 degrees of freedom
 * @param columns between raters, MSC, with k - 1
 * @param residual what neither explains, MSE, with (n - 1)(k - 1)
 * @param within within subjects, MSW, with n(k - 1)
 */
record MeanSquares(int n, int k, double rows, double columns, double residual, double within) {

  /** Four roundings of a value to double, as a share of the largest value. */
  private static final double ROUNDING = Math.scalb(1.0, -50);

  /** Returns the mean squares of a table. */
  static MeanSquares of(Ratings ratings) {
    int n = ratings.subjects();
    int k = ratings.raters();
    double[][] table = ratings.lessTheFirst();
    double[] rowMeans = Arrays.stream(table).mapToDouble(Moments::mean).toArray();
    double[] columnMeans = new double[k];
    for (int j = 0; j < k; j++) {
      int column = j;
      columnMeans[j] = Moments.mean(Arrays.stream(table).mapToDouble(r -> r[column]).toArray());
    }
    double grand = Moments.mean(rowMeans);
    double residual = 0;
    double largestResidual = 0;
    double within = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < k; j++) {
        double x = table[i][j] - rowMeans[i];
        double rest = x - (columnMeans[j] - grand);
        within += x * x;
        residual += rest * rest;
        largestResidual = Math.max(largestResidual, Math.abs(rest));
      }
    }
    boolean agreeing = Arrays.stream(table).allMatch(MeanSquares::isConstant);
    boolean indistinct = Arrays.stream(table).allMatch(row -> Arrays.equals(row, table[0]));
    boolean exact = agreeing || indistinct || largestResidual <= ROUNDING * ratings.largest();
    return new MeanSquares(
        n,
        k,
        indistinct ? 0 : k * Moments.products(rowMeans, rowMeans) / (n - 1),
        agreeing ? 0 : n * Moments.products(columnMeans, columnMeans) / (k - 1),
        exact ? 0 : residual / ((n - 1.0) * (k - 1)),
        agreeing ? 0 : within / (n * (k - 1.0)));
  }

  private static boolean isConstant(double[] row) {
    return Arrays.stream(row).allMatch(x -> x == row[0]);
  }
}
