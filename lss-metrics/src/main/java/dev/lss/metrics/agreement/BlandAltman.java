package dev.lss.metrics.agreement;

/**
 * Bland and Altman's analysis of the differences between two methods (Lancet 1986; Statistical
 * Methods in Medical Research 1999). Immutable.
 *
 * <p>Limits of agreement are bias ± z SD, with z of the normal distribution: 1.959964 for 95 %. The
 * limits' own intervals are exact, from the noncentral t distribution (Carkeet 2015). Fewer than
 * three rows give NaN; without any spread everything collapses onto the bias.
 *
 * @param n rows
 * @param bias mean of method minus reference
 * @param sd standard deviation of the differences, with n - 1
 * @param limits limits of agreement
 * @param biasInterval confidence interval of the bias, from t
 * @param lowerLimitInterval exact confidence interval of the lower limit
 * @param upperLimitInterval exact confidence interval of the upper limit
 * @param approximateLimitSe standard error of a limit as given in 1999, SD √(1/n + z²/(2(n - 1))),
 *     for comparison with papers
 * @param proportionalBias whether the difference grows with the size
 */
public record BlandAltman(
    int n,
    double bias,
    double sd,
    Interval limits,
    Interval biasInterval,
    Interval lowerLimitInterval,
    Interval upperLimitInterval,
    double approximateLimitSe,
    ProportionalBias proportionalBias) {

  /**
   * Analyses a sample; of its {@link PairedSample#logarithms} for ratios.
   *
   * @param confidence in (0, 1), of the limits and of all intervals, such as 0.95
   */
  public static BlandAltman of(PairedSample sample, double confidence) {
    double tail = Interval.tail(confidence);
    int n = sample.n();
    double unit = sample.unit();
    double[] differences = sample.in(unit).differences();
    double bias = unit * Moments.mean(differences);
    double sd = unit * Moments.deviation(differences);
    if (n < 3) {
      return new BlandAltman(
          n,
          bias,
          sd,
          Interval.UNDEFINED,
          Interval.UNDEFINED,
          Interval.UNDEFINED,
          Interval.UNDEFINED,
          Double.NaN,
          ProportionalBias.UNDEFINED);
    }
    double z = Distributions.normalQuantile(tail);
    double root = Math.sqrt(n);
    double se = sd / root;
    double near = NoncentralT.quantileOfUpperTail(1 - tail, n - 1.0, z * root) * se;
    double far = NoncentralT.quantileOfUpperTail(tail, n - 1.0, z * root) * se;
    return new BlandAltman(
        n,
        bias,
        sd,
        Interval.around(bias, z * sd),
        Interval.around(bias, Distributions.tQuantile(tail, n - 1.0) * se),
        new Interval(bias - far, bias - near),
        new Interval(bias + near, bias + far),
        sd * Math.sqrt(1.0 / n + z * z / (2 * (n - 1.0))),
        ProportionalBias.of(sample, confidence));
  }

  /**
   * Returns bias ± 1.96 SD with the SD of the population (divided by n), only to reproduce papers
   * that print it.
   */
  public Interval populationLimits() {
    return Interval.around(bias, 1.96 * sd * Math.sqrt((n - 1.0) / n));
  }
}
