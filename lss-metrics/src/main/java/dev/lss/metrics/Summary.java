package dev.lss.metrics;

import java.util.Arrays;
import java.util.Collection;

/**
 * One measure over many cases. A value that is not defined (NaN) or infinite is never dropped
 * without being counted. Immutable.
 *
 * @param n how many values there were
 * @param undefined how many of them were NaN
 * @param infinite how many were infinite, such as distances to an empty mask
 * @param mean mean of the finite values; NaN when there is none, as all that follow
 * @param sd their standard deviation with n - 1; NaN for fewer than two
 * @param minimum the smallest
 * @param lowerQuartile the first quartile, type 7
 * @param median the median
 * @param upperQuartile the third quartile, type 7
 * @param maximum the largest
 */
public record Summary(
    int n,
    int undefined,
    int infinite,
    double mean,
    double sd,
    double minimum,
    double lowerQuartile,
    double median,
    double upperQuartile,
    double maximum) {

  /** Summarises values in any order. */
  public static Summary of(Collection<Double> values) {
    int undefined = 0;
    int infinite = 0;
    double[] finite = new double[values.size()];
    int count = 0;
    for (double value : values) {
      if (Double.isNaN(value)) {
        undefined++;
      } else if (Double.isInfinite(value)) {
        infinite++;
      } else {
        finite[count++] = value;
      }
    }
    double[] sorted = Arrays.copyOf(finite, count);
    Arrays.sort(sorted);
    double mean = mean(sorted);
    return new Summary(
        values.size(),
        undefined,
        infinite,
        mean,
        deviation(sorted, mean),
        Quantiles.ofSorted(sorted, 0),
        Quantiles.ofSorted(sorted, 0.25),
        Quantiles.ofSorted(sorted, 0.5),
        Quantiles.ofSorted(sorted, 0.75),
        Quantiles.ofSorted(sorted, 1));
  }

  /**
   * Summarises distances for a ranking, where an empty mask must cost something: an infinite value
   * counts as {@code worstMm}, for which the length of the grid's diagonal is usual. {@link
   * #infinite} still says how many there were.
   */
  public static Summary ofRanking(Collection<Double> distancesMm, double worstMm) {
    Summary all = of(distancesMm);
    Summary replaced =
        of(distancesMm.stream().map(d -> d == Double.POSITIVE_INFINITY ? worstMm : d).toList());
    return new Summary(
        all.n,
        all.undefined,
        all.infinite,
        replaced.mean,
        replaced.sd,
        replaced.minimum,
        replaced.lowerQuartile,
        replaced.median,
        replaced.upperQuartile,
        replaced.maximum);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
  }
}
