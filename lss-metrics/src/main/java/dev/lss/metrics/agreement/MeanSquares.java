package dev.lss.metrics.agreement;

/**
 * The mean squares of a table of n subjects and k raters, two-way without replication (Shrout and
 * Fleiss 1979, table 2). Residuals are computed one by one and not as a difference of large sums. A
 * mean square below 1e-14 of the total one is rounding and counts as 0. Immutable.
 *
 * @param n subjects
 * @param k raters
 * @param rows between subjects, MSR, with n - 1 degrees of freedom
 * @param columns between raters, MSC, with k - 1
 * @param residual what neither explains, MSE, with (n - 1)(k - 1)
 * @param within within subjects, MSW, with n(k - 1)
 */
public record MeanSquares(
    int n, int k, double rows, double columns, double residual, double within) {

  private static final double ZERO = 1e-14;

  /** Returns the mean squares of a table. */
  public static MeanSquares of(Ratings ratings) {
    int n = ratings.subjects();
    int k = ratings.raters();
    double[] rowMeans = new double[n];
    double[] columnMeans = new double[k];
    double grand = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < k; j++) {
        rowMeans[i] += ratings.get(i, j) / k;
        columnMeans[j] += ratings.get(i, j) / n;
        grand += ratings.get(i, j);
      }
    }
    grand /= (double) n * k;
    double rows = 0;
    for (double mean : rowMeans) {
      rows += (mean - grand) * (mean - grand);
    }
    double columns = 0;
    for (double mean : columnMeans) {
      columns += (mean - grand) * (mean - grand);
    }
    double residual = 0;
    double within = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < k; j++) {
        double x = ratings.get(i, j);
        residual += square(x - rowMeans[i] - columnMeans[j] + grand);
        within += square(x - rowMeans[i]);
        total += square(x - grand);
      }
    }
    double totalMeanSquare = total / (n * k - 1);
    return new MeanSquares(
        n,
        k,
        orZero(k * rows / (n - 1), totalMeanSquare),
        orZero(n * columns / (k - 1), totalMeanSquare),
        orZero(residual / ((n - 1.0) * (k - 1)), totalMeanSquare),
        orZero(within / (n * (k - 1.0)), totalMeanSquare));
  }

  private static double square(double x) {
    return x * x;
  }

  private static double orZero(double meanSquare, double total) {
    return meanSquare <= ZERO * total ? 0 : meanSquare;
  }
}
