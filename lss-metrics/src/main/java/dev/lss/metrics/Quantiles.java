package dev.lss.metrics;

/**
 * Quantiles of "type 7": linear between order statistics, at position {@code p * (n - 1)}. The
 * default of NumPy, R and of spreadsheets.
 */
public final class Quantiles {

  private Quantiles() {}

  /**
   * Returns a quantile of values in ascending order; NaN when there is none.
   *
   * @param p in [0, 1]: 0 is the minimum, 0.5 the median, 1 the maximum
   */
  public static double ofSorted(double[] sorted, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must lie in [0, 1], was " + p);
    }
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double position = p * (sorted.length - 1);
    int below = (int) position;
    if (below == sorted.length - 1) {
      return sorted[below];
    }
    double step = sorted[below + 1] - sorted[below];
    double part = position - below;
    // From the nearer end, as NumPy: so that the result never leaves the two values.
    return part < 0.5 ? sorted[below] + step * part : sorted[below + 1] - step * (1 - part);
  }
}
