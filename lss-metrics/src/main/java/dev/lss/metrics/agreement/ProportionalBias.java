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
    double[] x = sample.means();
    double[] y = sample.differences();
    double spread = Moments.products(x, x);
    int df = sample.n() - 2;
    if (spread == 0 || df < 1) {
      return UNDEFINED;
    }
    double slope = Moments.products(x, y) / spread;
    double meanX = Moments.mean(x);
    double meanY = Moments.mean(y);
    double residuals = 0;
    for (int n = 0; n < x.length; n++) {
      double residual = y[n] - meanY - slope * (x[n] - meanX);
      residuals += residual * residual;
    }
    double se = Math.sqrt(residuals / df / spread);
    double t = StudentT.quantileOfUpperTail(Interval.tail(confidence), df);
    double p = slope == 0 && se == 0 ? 1 : StudentT.twoSided(Math.abs(slope) / se, df);
    return new ProportionalBias(
        slope, meanY - slope * meanX, se, Interval.around(slope, t * se), p);
  }
}
