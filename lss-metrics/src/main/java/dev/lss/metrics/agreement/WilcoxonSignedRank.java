package dev.lss.metrics.agreement;

import java.util.Arrays;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Wilcoxon's signed rank test of no difference between two methods, two-sided. Differences of 0 are
 * left out and counted; equal sizes share their mean rank. Immutable.
 *
 * @param nonZero differences that are not 0
 * @param zeros differences of 0
 * @param positiveRanks sum of the ranks of positive differences (method larger), W+
 * @param negativeRanks sum of the ranks of negative ones, W-
 * @param pExact from all assignments of signs to the observed ranks, so valid with ties too; NaN
 *     for more than 50 differences
 * @param pNormal from the normal approximation with correction for ties, without continuity
 *     correction
 * @param pNormalContinuity the same with continuity correction
 */
public record WilcoxonSignedRank(
    int nonZero,
    int zeros,
    double positiveRanks,
    double negativeRanks,
    double pExact,
    double pNormal,
    double pNormalContinuity) {

  /** Up to so many differences the test is exact. */
  public static final int LARGEST_EXACT = 50;

  /** Tests a sample. */
  public static WilcoxonSignedRank of(PairedSample sample) {
    double[] all = sample.in(sample.unit()).differences();
    double[] differences = Arrays.stream(all).filter(d -> d != 0).toArray();
    int n = differences.length;
    if (n == 0) {
      return new WilcoxonSignedRank(0, all.length, 0, 0, 1, 1, 1);
    }
    var normal = WilcoxonSignedRankTest.withDefaults().with(PValueMethod.ASYMPTOTIC);
    var uncorrected = normal.with(ContinuityCorrection.DISABLED).test(differences);
    double positive = uncorrected.getStatistic();
    double negative = n * (n + 1.0) / 2 - positive;
    return new WilcoxonSignedRank(
        n,
        all.length - n,
        positive,
        negative,
        n > LARGEST_EXACT ? Double.NaN : exact(differences, Math.min(positive, negative)),
        uncorrected.getPValue(),
        normal.with(ContinuityCorrection.ENABLED).test(differences).getPValue());
  }

  /** Returns the exact p-value, or the normal one without continuity correction beyond 50. */
  public double p() {
    return Double.isNaN(pExact) ? pNormal : pExact;
  }

  /**
   * Counts the assignments of signs by their sum of doubled ranks, which are whole numbers. Commons
   * Statistics gives no exact p-value where sizes are equal.
   */
  private static double exact(double[] differences, double statistic) {
    double[] ranks = Ranks.of(Arrays.stream(differences).map(Math::abs).toArray());
    int n = ranks.length;
    long[] count = new long[n * (n + 1) + 1];
    count[0] = 1;
    for (double rank : ranks) {
      int doubled = (int) Math.rint(2 * rank);
      for (int sum = count.length - 1; sum >= doubled; sum--) {
        count[sum] += count[sum - doubled];
      }
    }
    long atMost = 0;
    for (int sum = 0; sum <= Math.rint(2 * statistic); sum++) {
      atMost += count[sum];
    }
    return Math.min(1, 2 * (double) atMost / Math.pow(2, n));
  }
}
