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
    Correlation pearson = of(sample.unsafeReference(), sample.unsafeMethod());
    double r = pearson.coefficient;
    if (n < 4 || Double.isNaN(r)) {
      return pearson;
    }
    double half = Distributions.normalQuantile(tail) / Math.sqrt(n - 3.0);
    double z = 0.5 * (Math.log1p(r) - Math.log1p(-r));
    return new Correlation(r, pearson.p, new Interval(Math.tanh(z - half), Math.tanh(z + half)));
  }

  /** Returns Spearman's correlation: Pearson's of the mid-ranks. */
  public static Correlation spearman(PairedSample sample) {
    return of(Ranks.of(sample.unsafeReference()), Ranks.of(sample.unsafeMethod()));
  }

  /** The p-value is the two-sided tail of t = r √((n - 2) / (1 - r²)). */
  private static Correlation of(double[] x, double[] y) {
    double r = coefficient(x, y);
    double t = r * Math.sqrt((x.length - 2) / unexplained(x, y));
    double p = x.length < 3 ? Double.NaN : Distributions.tTwoSided(t, x.length - 2.0);
    return new Correlation(r, p, Interval.UNDEFINED);
  }

  /** Returns Pearson's coefficient; each column has its own size, so that none vanishes. */
  static double coefficient(double[] x, double[] y) {
    double[] a = Moments.in(Moments.unit(x), x);
    double[] b = Moments.in(Moments.unit(y), y);
    // One root, so that equal ranks give 1 and not almost 1.
    double r = Moments.products(a, b) / Math.sqrt(Moments.products(a, a) * Moments.products(b, b));
    return Math.max(-1, Math.min(1, r));
  }

  /** Returns 1 - r², from what a straight line leaves, so that it keeps its digits near 0. */
  static double unexplained(double[] x, double[] y) {
    double[] a = Moments.in(Moments.unit(x), x);
    double[] b = Moments.in(Moments.unit(y), y);
    return Math.min(1, Moments.residuals(a, b) / Moments.products(b, b));
  }
}
