package dev.lss.metrics.agreement;

import java.util.Arrays;

/** Ranks from 1; equal values share the mean of their ranks. */
final class Ranks {

  private Ranks() {}

  static double[] of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[values.length];
    for (int n = 0; n < values.length; n++) {
      ranks[n] = (1 + first(sorted, values[n]) + first(sorted, Math.nextUp(values[n]))) / 2.0;
    }
    return ranks;
  }

  /** Returns how many values are smaller than {@code value}. */
  private static int first(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
