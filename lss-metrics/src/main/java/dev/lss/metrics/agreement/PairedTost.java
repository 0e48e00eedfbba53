package dev.lss.metrics.agreement;

/**
 * Two one-sided tests of equivalence of two methods on the same subjects (Schuirmann 1987): is the
 * mean difference surely inside ± a margin that was stated before looking at the data? Immutable.
 *
 * @param marginAbsolute the margin in the unit of the data, positive
 * @param meanDifference mean of method minus reference
 * @param standardError its standard error
 * @param df degrees of freedom, n - 1
 * @param tLower statistic against a difference of -margin or less
 * @param pLower its p-value
 * @param tUpper statistic against a difference of +margin or more
 * @param pUpper its p-value
 * @param alpha level of the test
 * @param interval the 1 - 2 alpha interval of the mean difference; equivalence means that it lies
 *     strictly inside ± margin
 */
public record PairedTost(
    double marginAbsolute,
    double meanDifference,
    double standardError,
    int df,
    double tLower,
    double pLower,
    double tUpper,
    double pUpper,
    double alpha,
    Interval interval) {

  /**
   * Tests with a margin in the unit of the data.
   *
   * @throws IllegalArgumentException when the margin is not positive or alpha is not in (0, 0.5)
   */
  public static PairedTost ofMargin(PairedSample sample, double margin, double alpha) {
    if (!(margin > 0) || margin == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("a margin must be positive, was " + margin);
    }
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha must lie in (0, 0.5), was " + alpha);
    }
    double unit = sample.unit();
    double[] differences = sample.in(unit).differences();
    double mean = unit * Moments.mean(differences);
    double se = unit * (Moments.deviation(differences) / Math.sqrt(sample.n()));
    int df = sample.n() - 1;
    double tLower = (mean + margin) / se;
    double tUpper = (mean - margin) / se;
    boolean sure = se == 0; // no spread: the mean itself decides
    return new PairedTost(
        margin,
        mean,
        se,
        df,
        tLower,
        sure ? (mean > -margin ? 0 : 1) : Distributions.tTail(tLower, df),
        tUpper,
        sure ? (mean < margin ? 0 : 1) : Distributions.tTail(-tUpper, df),
        alpha,
        Interval.around(mean, sure ? 0 : Distributions.tQuantile(alpha, df) * se));
  }

  /**
   * Tests with a margin that is a share of the reference's mean, such as 0.05.
   *
   * @throws IllegalArgumentException when the margin is not positive, also for a mean of 0
   */
  public static PairedTost ofRelativeMargin(PairedSample sample, double share, double alpha) {
    return ofMargin(sample, share * Math.abs(sample.referenceMean()), alpha);
  }

  /** Returns the p-value of the test, the larger of the two. */
  public double p() {
    return Math.max(pLower, pUpper);
  }

  /** Returns whether the methods are equivalent at the level alpha. */
  public boolean equivalent() {
    return p() < alpha;
  }
}
