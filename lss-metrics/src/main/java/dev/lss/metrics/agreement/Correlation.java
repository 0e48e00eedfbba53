package dev.lss.metrics.agreement;

/**
 * A correlation between reference and method. Correlation is not agreement: a method that always
 * doubles the value correlates perfectly. Report it last. Immutable.
 *
 * @param coefficient in [-1, 1]; NaN for constant values
 * @param p two-sided, from t with n - 2 degrees of freedom; NaN for two rows
 * @param interval from Fisher's transformation, for Pearson's coefficient of at least four rows;
 *     else NaN
 */
public record Correlation(double coefficient, double p, Interval interval) {

  /**
   * Returns Pearson's correlation.
   *
   * @param confidence in (0, 1), such as 0.95
   */
  public static Correlation pearson(PairedSample sample, double confidence) {
    double tail = Interval.tail(confidence);
    int n = sample.n();
    double r = coefficient(sample.unsafeReference(), sample.unsafeMethod());
    if (n < 4 || Double.isNaN(r)) {
      return new Correlation(r, p(r, n), Interval.UNDEFINED);
    }
    double half = Normal.quantileOfUpperTail(tail) / Math.sqrt(n - 3.0);
    double z = LinConcordance.atanh(r);
    return new Correlation(r, p(r, n), new Interval(Math.tanh(z - half), Math.tanh(z + half)));
  }

  /** Returns Spearman's correlation: Pearson's of the mid-ranks. */
  public static Correlation spearman(PairedSample sample) {
    double r = coefficient(Ranks.of(sample.unsafeReference()), Ranks.of(sample.unsafeMethod()));
    return new Correlation(r, p(r, sample.n()), Interval.UNDEFINED);
  }

  private static double coefficient(double[] x, double[] y) {
    // One root, so that equal ranks give 1 and not almost 1.
    double r = Moments.products(x, y) / Math.sqrt(Moments.products(x, x) * Moments.products(y, y));
    return Math.max(-1, Math.min(1, r));
  }

  /** The two-sided tail of t = r √((n - 2) / (1 - r²)), without forming t. */
  private static double p(double r, int n) {
    return n < 3 || Double.isNaN(r)
        ? Double.NaN
        : Beta.regularized((1 - r) * (1 + r), r * r, (n - 2) / 2.0, 0.5);
  }
}
