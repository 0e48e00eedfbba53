package dev.lss.metrics;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Whether a grid is an image of two dimensions: it is when an axis has a single voxel. That axis is
 * then flat: no surface is perpendicular to it. Of several the last is flat.
 */
final class Plane {

  private Plane() {}

  /** Returns the axes along which surfaces are looked for: three of them, or two. */
  static int[] axes(Extents extents) {
    int flat = extents.k() == 1 ? 2 : extents.j() == 1 ? 1 : extents.i() == 1 ? 0 : -1;
    return IntStream.range(0, 3).filter(axis -> axis != flat).toArray();
  }

  /** Returns the area in mm² (the length in mm in a plane) of each neighbour code. */
  static double[] weights(int[] axes, Vector3 spacingMm) {
    return axes.length == 3
        ? CellSurface.areasMm2(spacingMm)
        : CellSurface.lengthsMm(spacingMm.get(axes[0]), spacingMm.get(axes[1]));
  }

  static boolean has(int[] axes, int axis) {
    return Arrays.stream(axes).anyMatch(a -> a == axis);
  }
}
