package dev.lss.metrics.agreement;

/** Fisher's F distribution, from the incomplete beta function (Abramowitz and Stegun 26.6.2). */
final class FisherF {

  private FisherF() {}

  /** Returns P(F > f). */
  static double upperTail(double f, double df1, double df2) {
    if (Double.isNaN(f)) {
      return Double.NaN;
    }
    if (f == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double whole = df2 + df1 * f;
    return Beta.regularized(df2 / whole, df1 * f / whole, df2 / 2, df1 / 2);
  }

  /** Returns the f with P(F > f) = tail. */
  static double quantileOfUpperTail(double tail, double df1, double df2) {
    return Roots.positive(f -> upperTail(f, df1, df2), tail);
  }
}
