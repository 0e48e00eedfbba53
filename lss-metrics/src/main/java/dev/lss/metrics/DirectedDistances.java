package dev.lss.metrics;

import java.util.Arrays;

/**
 * How far each point of one surface is from the other surface, in mm, with the weight of each
 * point. Immutable.
 *
 * <p>No value is defined when this surface has no points: NaN. When the other has none, all
 * distances are infinite.
 */
public final class DirectedDistances {

  private static final double SLACK = 1 + 1e-6;

  private final SurfaceConvention convention;
  private final double[] distances;
  private final double[] cumulated;
  private final double weightedSum;

  private DirectedDistances(
      SurfaceConvention convention, double[] distances, double[] cumulated, double weightedSum) {
    this.convention = convention;
    this.distances = distances;
    this.cumulated = cumulated;
    this.weightedSum = weightedSum;
  }

  /** Returns the points of this and of the other surface as one list. */
  DirectedDistances pooledWith(DirectedDistances other) {
    double[] all = new double[points() + other.points()];
    double[] weights = new double[all.length];
    int mine = 0;
    int theirs = 0;
    for (int n = 0; n < all.length; n++) {
      boolean next =
          theirs == other.points()
              || (mine < points() && distances[mine] <= other.distances[theirs]);
      DirectedDistances from = next ? this : other;
      int at = next ? mine++ : theirs++;
      all[n] = from.distances[at];
      weights[n] = (n == 0 ? 0 : weights[n - 1]) + from.weight(at);
    }
    return new DirectedDistances(convention, all, weights, weightedSum + other.weightedSum);
  }

  private double weight(int point) {
    return cumulated[point] - (point == 0 ? 0 : cumulated[point - 1]);
  }

  /** Sorts the points by distance and then by weight; takes the arrays over. */
  static DirectedDistances of(double[] distances, double[] weights, SurfaceConvention convention) {
    sort(distances, weights);
    double sum = 0;
    double total = 0;
    for (int n = 0; n < distances.length; n++) {
      sum += distances[n] * weights[n];
      total += weights[n];
      weights[n] = total;
    }
    return new DirectedDistances(convention, distances, weights, sum);
  }

  /** Sorts pairs with primitives alone, since surfaces hold many points but few distinct values. */
  private static void sort(double[] distances, double[] weights) {
    double[] allDistances = distinct(distances);
    double[] allWeights = distinct(weights);
    long[] keys = new long[distances.length];
    for (int n = 0; n < keys.length; n++) {
      long rank = Arrays.binarySearch(allDistances, distances[n]);
      keys[n] = rank << Integer.SIZE | Arrays.binarySearch(allWeights, weights[n]);
    }
    Arrays.sort(keys);
    for (int n = 0; n < keys.length; n++) {
      distances[n] = allDistances[(int) (keys[n] >> Integer.SIZE)];
      weights[n] = allWeights[(int) keys[n]];
    }
  }

  private static double[] distinct(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (int n = 0; n < sorted.length; n++) {
      if (n == 0 || sorted[n] != sorted[n - 1]) {
        sorted[count++] = sorted[n];
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  /** Returns the number of points of this surface. */
  public int points() {
    return distances.length;
  }

  /**
   * Returns the sum of the weights: an area in mm² (a length in mm in 2-D) or a number of voxels,
   * by the convention. Such an area overestimates a smooth surface by about 9 % at any resolution:
   * it is a weight and no measurement.
   */
  public double totalWeight() {
    return points() == 0 ? 0 : cumulated[points() - 1];
  }

  /** Returns the weighted mean distance in mm; NaN without points. */
  public double meanMm() {
    return weightedSum / totalWeight();
  }

  /** Returns the largest distance in mm; NaN without points. */
  public double maximumMm() {
    return points() == 0 ? Double.NaN : distances[points() - 1];
  }

  /**
   * Returns the distance in mm below which {@code percent} of the surface lies; NaN without points.
   *
   * <p>Area-weighted: the distance of the first point, in order of distance, at which the cumulated
   * area reaches the share; no interpolation. Edge voxels: linear between order statistics. 100 is
   * the maximum in both.
   *
   * @param percent more than 0, at most 100
   */
  public double percentileMm(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent must lie in (0, 100], was " + percent);
    }
    if (points() == 0 || percent == 100) {
      return maximumMm();
    }
    if (convention == SurfaceConvention.EDGE_VOXELS) {
      return maximumMm() == Double.POSITIVE_INFINITY
          ? Double.POSITIVE_INFINITY
          : Quantiles.ofSorted(distances, percent / 100);
    }
    double total = totalWeight();
    int low = 0;
    int high = points() - 1; // where rounding leaves the last share below 1, the last is taken
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulated[middle] / total >= percent / 100) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return distances[low];
  }

  /**
   * Returns the share of this surface that is at most {@code toleranceMm} from the other, in [0,
   * 1]; NaN without points. A distance counts as within when it is longer by a millionth at most:
   * headers hold spacings as float32, in which five voxels of 0.6 mm are 3.0000001 mm.
   */
  public double shareWithin(double toleranceMm) {
    return weightWithin(toleranceMm) / totalWeight();
  }

  /** Returns the weight of the points at most this far away. */
  double weightWithin(double toleranceMm) {
    if (!(toleranceMm >= 0)) {
      throw new IllegalArgumentException("a tolerance must be at least 0 mm, was " + toleranceMm);
    }
    int low = 0;
    int high = points();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (distances[middle] <= toleranceMm * SLACK) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : cumulated[low - 1];
  }

  /** Returns the sum of weight times distance. */
  double weightedSum() {
    return weightedSum;
  }
}
