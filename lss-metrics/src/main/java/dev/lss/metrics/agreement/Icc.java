package dev.lss.metrics.agreement;

/**
 * An intraclass correlation with its interval and its test of 0. Immutable.
 *
 * <p>With the mean squares R (subjects), C (raters), E (residual), W (within), n subjects, k
 * raters:
 *
 * <table>
 * <caption>Estimates</caption>
 * <tr><th>form</th><th>estimate</th></tr>
 * <tr><td>ICC(1,1)</td><td>(R - W) / (R + (k - 1) W)</td></tr>
 * <tr><td>ICC(2,1)</td><td>(R - E) / (R + (k - 1) E + k (C - E) / n)</td></tr>
 * <tr><td>ICC(3,1)</td><td>(R - E) / (R + (k - 1) E)</td></tr>
 * <tr><td>ICC(1,k)</td><td>(R - W) / R</td></tr>
 * <tr><td>ICC(2,k)</td><td>(R - E) / (R + (C - E) / n)</td></tr>
 * <tr><td>ICC(3,k)</td><td>(R - E) / R</td></tr>
 * </table>
 *
 * <p>Intervals are those of McGraw and Wong 1996, with Satterthwaite's degrees of freedom, not
 * rounded, for the forms of absolute agreement; those of ICC(2,k) are the ends of ICC(2,1) by
 * Spearman and Brown's formula, and NaN where that has no value, at -1 / (k - 1) and below.
 * Negative estimates are valid and not clipped. NaN when all values are equal or when a denominator
 * is not positive; 1 with the interval [1, 1] when there is no error at all. Without any difference
 * between subjects and any residual, ICC(2,1) is 0 and has no interval.
 *
 * @param form which form
 * @param estimate the estimate, at most 1
 * @param interval its confidence interval
 * @param f the statistic of the test of 0; infinite without error
 * @param df1 its degrees of freedom
 * @param df2 its second degrees of freedom
 * @param p probability of such an F or a larger one when the true value is 0
 */
public record Icc(
    IccForm form, double estimate, Interval interval, double f, double df1, double df2, double p) {

  /**
   * Computes one form.
   *
   * @param confidence in (0, 1), such as 0.95
   */
  public static Icc of(Ratings ratings, IccForm form, double confidence) {
    double tail = Interval.tail(confidence);
    MeanSquares s = MeanSquares.of(ratings.inUnits());
    boolean oneWay = form == IccForm.ICC_1_1 || form == IccForm.ICC_1_K;
    double error = oneWay ? s.within() : s.residual();
    double df1 = s.n() - 1.0;
    double df2 = (oneWay ? s.n() : s.n() - 1.0) * (s.k() - 1);
    double f = s.rows() / error; // NaN for 0 / 0
    double estimate = estimate(form, s);
    Interval interval =
        Double.isNaN(estimate)
            ? Interval.UNDEFINED
            : form == IccForm.ICC_2_1 || form == IccForm.ICC_2_K
                ? absolute(form, s, tail)
                : relative(form, s.k(), f, df1, df2, tail);
    return new Icc(form, estimate, interval, f, df1, df2, Distributions.fTail(f, df1, df2));
  }

  private static double estimate(IccForm form, MeanSquares s) {
    double excess = (s.columns() - s.residual()) / s.n();
    return switch (form) {
      case ICC_1_1 -> overPositive(s.rows() - s.within(), s.rows() + (s.k() - 1) * s.within());
      case ICC_2_1 ->
          overPositive(
              s.rows() - s.residual(), s.rows() + (s.k() - 1) * s.residual() + s.k() * excess);
      case ICC_3_1 -> overPositive(s.rows() - s.residual(), s.rows() + (s.k() - 1) * s.residual());
      case ICC_1_K -> overPositive(s.rows() - s.within(), s.rows());
      case ICC_2_K -> overPositive(s.rows() - s.residual(), s.rows() + excess);
      case ICC_3_K -> overPositive(s.rows() - s.residual(), s.rows());
    };
  }

  private static double overPositive(double part, double whole) {
    return whole > 0 ? part / whole : Double.NaN;
  }

  /** The forms in which the raters' means play no part: bounds of F, transformed. */
  private static Interval relative(
      IccForm form, int k, double f, double df1, double df2, double tail) {
    if (f == Double.POSITIVE_INFINITY) {
      return new Interval(1, 1);
    }
    double low = f / Distributions.fQuantile(tail, df1, df2);
    double high = f * Distributions.fQuantile(tail, df2, df1);
    return form.isOfMean()
        ? new Interval(1 - 1 / low, 1 - 1 / high)
        : new Interval((low - 1) / (low + k - 1), (high - 1) / (high + k - 1));
  }

  private static Interval absolute(IccForm form, MeanSquares s, double tail) {
    double rho = estimate(IccForm.ICC_2_1, s);
    if (rho == 1) {
      return new Interval(1, 1);
    }
    if (s.rows() == 0 && s.residual() == 0) {
      return Interval.UNDEFINED;
    }
    double n = s.n();
    double k = s.k();
    double a = k * rho / (n * (1 - rho));
    double b = 1 + k * rho * (n - 1) / (n * (1 - rho));
    double ac = a * s.columns();
    double be = b * s.residual();
    double df = (ac + be) * (ac + be) / (ac * ac / (k - 1) + be * be / ((n - 1) * (k - 1)));
    if (!(df > 0)) {
      return Interval.UNDEFINED;
    }
    double forLow = Distributions.fQuantile(tail, n - 1, df);
    double forHigh = Distributions.fQuantile(tail, df, n - 1);
    double error = k * s.columns() + (k * n - k - n) * s.residual();
    double low = n * (s.rows() - forLow * s.residual()) / (forLow * error + n * s.rows());
    double high = n * (forHigh * s.rows() - s.residual()) / (error + n * forHigh * s.rows());
    return form == IccForm.ICC_2_1
        ? new Interval(low, high)
        : new Interval(ofMean(low, k), ofMean(high, k));
  }

  /** Spearman and Brown's formula: from one rater to the mean of k. */
  private static double ofMean(double one, double k) {
    return overPositive(k * one, 1 + (k - 1) * one);
  }
}
