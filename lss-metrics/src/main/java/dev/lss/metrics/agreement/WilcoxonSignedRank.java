package dev.lss.metrics.agreement;

import java.util.Arrays;

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
    double[] all = sample.differences();
    double[] differences = Arrays.stream(all).filter(d -> d != 0).toArray();
    int n = differences.length;
    double pairs = n * (n + 1.0);
    double[] ranks = Ranks.of(Arrays.stream(differences).map(Math::abs).toArray());
    double positive = 0;
    double negative = 0;
    for (int i = 0; i < n; i++) {
      if (differences[i] > 0) {
        positive += ranks[i];
      } else {
        negative += ranks[i];
      }
    }
    double statistic = Math.min(positive, negative);
    double distance = pairs / 4 - statistic;
    double sd = Math.sqrt(pairs * (2.0 * n + 1) / 24 - tieCorrection(ranks));
    return new WilcoxonSignedRank(
        n,
        all.length - n,
        positive,
        negative,
        n > LARGEST_EXACT ? Double.NaN : exact(ranks, statistic),
        n == 0 ? 1 : twoSided(distance / sd),
        n == 0 ? 1 : twoSided((distance - 0.5) / sd));
  }

  /** Returns the exact p-value, or the normal one without continuity correction beyond 50. */
  public double p() {
    return Double.isNaN(pExact) ? pNormal : pExact;
  }

  private static double twoSided(double z) {
    return Math.min(1, 2 * Normal.upperTail(z));
  }

  /** Returns the sum of (t³ - t) / 48 over groups of t equal ranks. */
  private static double tieCorrection(double[] ranks) {
    double[] sorted = ranks.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (int start = 0; start < sorted.length; ) {
      int end = start;
      while (end < sorted.length && sorted[end] == sorted[start]) {
        end++;
      }
      double t = end - start;
      sum += (t * t * t - t) / 48;
      start = end;
    }
    return sum;
  }

  /** Counts the assignments of signs by their sum of doubled ranks, which are whole numbers. */
  private static double exact(double[] ranks, double statistic) {
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
