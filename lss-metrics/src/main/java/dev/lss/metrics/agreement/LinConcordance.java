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
    PairedSample scaled = sample.in(sample.unit());
    double[] x = scaled.unsafeReference();
    double[] y = scaled.unsafeMethod();
    int n = sample.n();
    double sxx = Moments.products(x, x) / n;
    double syy = Moments.products(y, y) / n;
    double shift = Moments.mean(scaled.differences());
    double apart = Moments.products(scaled.differences(), scaled.differences()) / n + shift * shift;
    double whole = sxx + syy + shift * shift;
    double estimate = 2 * Moments.products(x, y) / n / whole;
    double pearson = Correlation.coefficient(x, y);
    double u2 = shift * shift / Math.sqrt(sxx) / Math.sqrt(syy);
    return new LinConcordance(
        estimate,
        pearson,
        estimate / pearson,
        apart == 0 || estimate == -1
            ? Interval.around(estimate, 0)
            : interval(estimate, apart / whole, Correlation.unexplained(x, y), u2, n, tail));
  }

  /**
   * The interval from 1 - c and 1 - r², which keep their digits where c and r are almost 1.
   *
   * @param c the estimate
   */
  private static Interval interval(
      double c, double gap, double unexplained, double u2, int n, double tail) {
    double r2 = 1 - unexplained;
    if (n < 3 || !(r2 > 0) || c == 0) {
      return Interval.UNDEFINED;
    }
    double r = Math.copySign(Math.sqrt(r2), c);
    double rest = gap * (1 + c);
    double variance =
        (unexplained * c * c / (rest * r2)
                + 2 * c * c * c * gap * u2 / (r * rest * rest)
                - c * c * c * c * u2 * u2 / (2 * r2 * rest * rest))
            / (n - 2);
    double half = Distributions.normalQuantile(tail) * Math.sqrt(variance);
    double z = 0.5 * (Math.log1p(c) - Math.log(gap));
    return new Interval(Math.tanh(z - half), Math.tanh(z + half));
  }
}
