package dev.lss.core.muscle;

import java.util.Arrays;

/**
 * How often each brightness occurs among the voxels of a muscle: distinct values, ascending, and
 * their counts. Immutable.
 */
final class Brightness {

  private final double[] values;
  private final long[] counts;
  private final long total;

  private Brightness(double[] values, long[] counts, long total) {
    this.values = values;
    this.counts = counts;
    this.total = total;
  }

  /** Counts values, in any order; finite. */
  static Brightness of(double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double[] values = new double[sorted.length];
    long[] counts = new long[sorted.length];
    int distinct = 0;
    for (double value : sorted) {
      if (distinct == 0 || values[distinct - 1] != value) {
        values[distinct++] = value;
      }
      counts[distinct - 1]++;
    }
    return new Brightness(
        Arrays.copyOf(values, distinct), Arrays.copyOf(counts, distinct), sorted.length);
  }

  /** Returns the number of distinct values. */
  int size() {
    return values.length;
  }

  /** Returns the value at an index, 0 the smallest. */
  double value(int index) {
    return values[index];
  }

  /** Returns how many voxels have the value at an index. */
  long count(int index) {
    return counts[index];
  }

  /** Returns the number of voxels. */
  long total() {
    return total;
  }

  double mean() {
    double sum = 0;
    for (int n = 0; n < values.length; n++) {
      sum += counts[n] * values[n];
    }
    return sum / total;
  }

  /**
   * Returns the index of a value that occurs; of another that of the largest one below it, or 0.
   */
  int indexOf(double value) {
    int found = Arrays.binarySearch(values, value);
    return found >= 0 ? found : Math.max(0, -found - 2);
  }
}
