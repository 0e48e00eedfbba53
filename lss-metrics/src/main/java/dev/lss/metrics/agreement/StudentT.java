package dev.lss.metrics.agreement;

/** Student's t distribution, from the incomplete beta function (Abramowitz and Stegun 26.7.1). */
final class StudentT {

  private StudentT() {}

  /** Returns P(T > t). */
  static double upperTail(double t, double df) {
    if (Double.isNaN(t)) {
      return Double.NaN;
    }
    double half = twoSided(Math.abs(t), df) / 2;
    return t < 0 ? 1 - half : half;
  }

  /** Returns P(|T| > t) for t of at least 0. */
  static double twoSided(double t, double df) {
    if (t == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double square = t * t;
    return Beta.regularized(df / (df + square), square / (df + square), df / 2, 0.5);
  }

  /** Returns the t with P(T > t) = tail, for a tail of at most one half. */
  static double quantileOfUpperTail(double tail, double df) {
    return Roots.positive(t -> upperTail(t, df), tail);
  }
}
