package dev.lss.metrics.agreement;

/**
 * The straight line of the differences on the means of two methods, by least squares: a slope means
 * that the method's error grows with the size. Reported, never corrected. Immutable.
 *
 * @param slope change of the difference per unit of the mean
 * @param intercept difference at a mean of 0
 * @param slopeSe standard error of the slope
 * @param slopeInterval its confidence interval, from t with n - 2 degrees of freedom
 * @param p probability of such a slope or a steeper one when the true slope is 0
 */
public record ProportionalBias(
    double slope, double intercept, double slopeSe, Interval slopeInterval, double p) {

  static final ProportionalBias UNDEFINED =
      new ProportionalBias(Double.NaN, Double.NaN, Double.NaN, Interval.UNDEFINED, Double.NaN);

  static ProportionalBias of(PairedSample sample, double confidence) {
    double unit = sample.unit();
    PairedSample scaled = sample.in(unit);
    double[] means = scaled.means();
    double[] differences = scaled.differences();
    double spread = Moments.products(means, means);
    int df = sample.n() - 2;
    if (spread == 0 || df < 1) {
      return UNDEFINED;
    }
    double slope = Moments.products(means, differences) / spread;
    double se = Math.sqrt(Moments.residuals(means, differences) / df / spread);
    double t = Distributions.tQuantile(Interval.tail(confidence), df);
    return new ProportionalBias(
        slope,
        unit * (Moments.mean(differences) - slope * Moments.mean(means)),
        se,
        Interval.around(slope, t * se),
        slope == 0 && se == 0 ? 1 : Distributions.tTwoSided(slope / se, df));
  }
}
