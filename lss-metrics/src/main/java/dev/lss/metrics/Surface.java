package dev.lss.metrics;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;

/**
 * The surface of one label inside a box, as points of a grid with a weight each. Immutable.
 *
 * @param extents the grid of points: the box's voxels, or their corners, one more along each axis
 * @param codes what is at each point, an index into {@code weights}, x fastest
 * @param weights weight by code; 0 where there is no surface
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, and never compared
record Surface(Extents extents, byte[] codes, double[] weights) {

  /** Returns the surface of a label by a convention; outside the grid is background. */
  static Surface of(
      LabelVolume map, int label, IndexBox box, SurfaceConvention convention, int[] axes) {
    return convention == SurfaceConvention.AREA_WEIGHTED
        ? corners(map, label, box, axes)
        : edgeVoxels(map, label, box, axes);
  }

  boolean isSurface(int point) {
    return weights[Byte.toUnsignedInt(codes[point])] > 0;
  }

  int points() {
    int count = 0;
    for (int n = 0; n < codes.length; n++) {
      if (isSurface(n)) {
        count++;
      }
    }
    return count;
  }

  /** Returns the distance of each of these points to the nearest of the other surface's points. */
  DirectedDistances distancesTo(Surface other, Vector3 spacingMm, SurfaceConvention convention) {
    int count = points();
    double[] distances = new double[count];
    double[] weight = new double[count];
    if (count > 0) {
      double[] squared = DistanceTransform.squaredMm2(extents, spacingMm, other::isSurface);
      int m = 0;
      for (int n = 0; n < codes.length; n++) {
        if (isSurface(n)) {
          distances[m] = Math.sqrt(squared[n]);
          weight[m++] = weights[Byte.toUnsignedInt(codes[n])];
        }
      }
    }
    return DirectedDistances.of(distances, weight, convention);
  }

  /** Marks the corners of voxels with the code of the voxels around them. */
  private static Surface corners(LabelVolume map, int label, IndexBox box, int[] axes) {
    Extents grid = box.extents();
    int[] offset = {0};
    int stride = 1;
    Extents corners = grid;
    for (int axis = 0; axis < 3; axis++) {
      if (Plane.has(axes, axis)) {
        corners = corners.with(axis, grid.get(axis) + 1);
        // The upper corner sees this voxel as its lower one, so its bit is the higher one.
        int[] doubled = new int[2 * offset.length];
        for (int n = 0; n < offset.length; n++) {
          doubled[2 * n] = offset[n];
          doubled[2 * n + 1] = offset[n] + stride;
        }
        offset = doubled;
      }
      stride *= corners.get(axis);
    }
    byte[] codes = new byte[corners.voxels()];
    Extents extents = map.extents();
    short[] labels = VoxelArrays.labels(map);
    for (int k = 0; k < grid.k(); k++) {
      for (int j = 0; j < grid.j(); j++) {
        int from = extents.offset(box.i0(), box.j0() + j, box.k0() + k);
        int to = corners.offset(0, j, k);
        for (int i = 0; i < grid.i(); i++) {
          if (labels[from + i] == (short) label) {
            for (int n = 0; n < offset.length; n++) {
              codes[to + i + offset[n]] |= (byte) (1 << n);
            }
          }
        }
      }
    }
    Vector3 spacing = map.geometry().spacingMm();
    return new Surface(corners, codes, Plane.weights(axes, spacing));
  }

  /** Marks the voxels of the label that have a neighbour across a face that is not of it. */
  private static Surface edgeVoxels(LabelVolume map, int label, IndexBox box, int[] axes) {
    Extents grid = box.extents();
    byte[] codes = new byte[grid.voxels()];
    for (int k = box.k0(), n = 0; k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        for (int i = box.i0(); i < box.i1(); i++, n++) {
          if (map.get(i, j, k) == label && hasOtherNeighbour(map, label, i, j, k, axes)) {
            codes[n] = 1;
          }
        }
      }
    }
    return new Surface(grid, codes, new double[] {0, 1});
  }

  private static boolean hasOtherNeighbour(
      LabelVolume map, int label, int i, int j, int k, int[] axes) {
    Extents extents = map.extents();
    for (int axis : axes) {
      int at = axis == 0 ? i : axis == 1 ? j : k;
      int di = axis == 0 ? 1 : 0;
      int dj = axis == 1 ? 1 : 0;
      int dk = axis == 2 ? 1 : 0;
      if (at == 0
          || at == extents.get(axis) - 1
          || map.get(i - di, j - dj, k - dk) != label
          || map.get(i + di, j + dj, k + dk) != label) {
        return true;
      }
    }
    return false;
  }
}
