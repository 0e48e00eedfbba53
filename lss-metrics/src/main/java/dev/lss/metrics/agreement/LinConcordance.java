package dev.lss.metrics.agreement;

/**
 * Lin's concordance correlation (Biometrics 1989, corrected 2000), with moments divided by n: 2 Sxy
 * / (Sxx + Syy + (mean x - mean y)²). Immutable.
 *
 * @param estimate in [-1, 1]; NaN when both are constant and equal, 0 when one is constant
 * @param pearson its part of precision, Pearson's correlation
 * @param accuracy its part of accuracy, the bias correction factor, estimate / pearson
 * @param interval confidence interval, from Fisher's transformation of the estimate; NaN for fewer
 *     than three rows and where Pearson's correlation is 0 or not defined
 */
public record LinConcordance(double estimate, double pearson, double accuracy, Interval interval) {

  /**
   * Computes the concordance of a sample.
   *
   * @param confidence in (0, 1), such as 0.95
   */
  public static LinConcordance of(PairedSample sample, double confidence) {
    double tail = Interval.tail(confidence);
    double[] x = sample.unsafeReference();
    double[] y = sample.unsafeMethod();
    int n = sample.n();
    double sxx = Moments.products(x, x) / n;
    double syy = Moments.products(y, y) / n;
    double sxy = Moments.products(x, y) / n;
    double shift = sample.referenceMean() - sample.methodMean();
    double estimate = 2 * sxy / (sxx + syy + shift * shift);
    double pearson = sxy / Math.sqrt(sxx * syy);
    double u2 = shift * shift / Math.sqrt(sxx * syy);
    return new LinConcordance(
        estimate, pearson, estimate / pearson, interval(estimate, pearson, u2, n, tail));
  }

  private static Interval interval(double c, double r, double u2, int n, double tail) {
    if (Math.abs(c) == 1) {
      return new Interval(c, c);
    }
    if (n < 3 || Double.isNaN(r) || r == 0) {
      return Interval.UNDEFINED;
    }
    double rest = 1 - c * c;
    double variance =
        ((1 - r * r) * c * c / (rest * r * r)
                + 2 * c * c * c * (1 - c) * u2 / (r * rest * rest)
                - c * c * c * c * u2 * u2 / (2 * r * r * rest * rest))
            / (n - 2);
    double half = Normal.quantileOfUpperTail(tail) * Math.sqrt(variance);
    double z = atanh(c);
    return new Interval(Math.tanh(z - half), Math.tanh(z + half));
  }

  static double atanh(double x) {
    return 0.5 * (Math.log1p(x) - Math.log1p(-x));
  }
}
