package dev.lss.api.image;

import java.util.function.IntPredicate;

/**
 * How far every voxel is from the nearest voxel of a set, exactly, in mm, also where the spacing
 * differs from axis to axis.
 *
 * <p>Distances run between voxel centres. What lies outside the grid belongs to no set: a structure
 * that leaves the image has no surface there. The transform is the lower envelope of parabolas, one
 * axis after the other (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012), in time
 * proportional to the number of voxels. Thread-safe, no state.
 */
public final class DistanceTransform {

  private DistanceTransform() {}

  /**
   * Returns for every voxel the distance in mm to the nearest background voxel, x fastest: 0 on the
   * background itself, the spacing for a voxel just inside, and infinity everywhere when there is
   * no background.
   *
   * @param extents the grid
   * @param spacingMm distance between voxel centres along i, j, k
   * @param foreground tells from the array index whether a voxel is foreground
   */
  public static float[] toBackgroundMm(
      Extents extents, Vector3 spacingMm, IntPredicate foreground) {
    double[] squared = squaredMm2(extents, spacingMm, foreground.negate());
    float[] distances = new float[squared.length];
    for (int n = 0; n < distances.length; n++) {
      distances[n] = (float) Math.sqrt(squared[n]);
    }
    return distances;
  }

  /**
   * Returns for every voxel the squared distance in mm² to the nearest target voxel, x fastest: 0
   * on the target, infinity everywhere when there is no target.
   *
   * @param extents the grid
   * @param spacingMm distance between voxel centres along i, j, k
   * @param target tells from the array index whether a voxel belongs to the target
   */
  public static double[] squaredMm2(Extents extents, Vector3 spacingMm, IntPredicate target) {
    for (int axis = 0; axis < 3; axis++) {
      double spacing = spacingMm.get(axis);
      if (!(spacing > 0) || !Double.isFinite(spacing)) {
        throw new IllegalArgumentException(
            "spacing along axis %s must be positive, was %s mm".formatted(axis, spacing));
      }
    }
    double[] squared = new double[extents.voxels()];
    for (int n = 0; n < squared.length; n++) {
      squared[n] = target.test(n) ? 0 : Double.POSITIVE_INFINITY;
    }
    int stride = 1;
    for (int axis = 0; axis < 3; axis++) {
      int length = extents.get(axis);
      var envelope = new Envelope(length, spacingMm.get(axis));
      for (int block = 0; block < squared.length; block += stride * length) {
        for (int n = 0; n < stride; n++) {
          envelope.transform(squared, block + n, stride);
        }
      }
      stride *= length;
    }
    return squared;
  }

  /** The lower envelope of the parabolas of one line of voxels; reused from line to line. */
  private static final class Envelope {

    private final int length;
    private final double spacing;
    private final double[] height;
    private final int[] apex;
    private final double[] from;

    Envelope(int length, double spacing) {
      this.length = length;
      this.spacing = spacing;
      height = new double[length];
      apex = new int[length];
      from = new double[length];
    }

    void transform(double[] squared, int first, int stride) {
      for (int p = 0; p < length; p++) {
        height[p] = squared[first + p * stride];
      }
      int parabolas = build();
      if (parabolas == 0) {
        return; // the whole line is on the target or infinitely far, and stays so
      }
      int n = 0;
      for (int p = 0; p < length; p++) {
        if (height[p] == 0) {
          continue; // on the target
        }
        while (n + 1 < parabolas && from[n + 1] < p) {
          n++;
        }
        double distance = (p - apex[n]) * spacing;
        squared[first + p * stride] = distance * distance + height[apex[n]];
      }
    }

    /** Leaves the envelope in apex and from, and returns how many parabolas it has. */
    private int build() {
      int count = 0;
      for (int p = 0; p < length; p++) {
        if (height[p] == Double.POSITIVE_INFINITY || isAmongZeros(p)) {
          continue;
        }
        double start = Double.NEGATIVE_INFINITY;
        while (count > 0) {
          start = intersection(apex[count - 1], p);
          if (start > from[count - 1]) {
            break;
          }
          count--;
          start = Double.NEGATIVE_INFINITY;
        }
        apex[count] = p;
        from[count] = start;
        count++;
      }
      return count;
    }

    /** Such a voxel is nearest to itself alone: for all others a neighbour is as near or nearer. */
    private boolean isAmongZeros(int p) {
      return height[p] == 0
          && (p == 0 || height[p - 1] == 0)
          && (p == length - 1 || height[p + 1] == 0);
    }

    /** Returns where the parabola of {@code right} begins to be the lower one, in voxels. */
    private double intersection(int left, int right) {
      double rise = (height[right] - height[left]) / (spacing * spacing);
      return 0.5 * (left + right + rise / (right - left));
    }
  }
}
