package dev.lss.metrics;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.Locale;

/**
 * Whether label maps lie voxel on voxel, so that they can be compared: equal extents, and the outer
 * corners of one at most 1e-3 of a voxel from those of the other. Headers that went through float32
 * agree that well; a resampled map, or one in another orientation, does not.
 */
public final class SameGrid {

  private static final double TOLERANCE_VOXELS = 1e-3;

  private SameGrid() {}

  /** Returns whether two grids are one. */
  public static boolean holds(GridGeometry a, GridGeometry b) {
    return a.extents().equals(b.extents())
        && a.space() == b.space()
        && a.calibrated() == b.calibrated()
        && cornersAgree(a, b);
  }

  /** Refuses two grids that are not one, with both in the message. */
  static void require(GridGeometry reference, GridGeometry prediction) {
    if (!holds(reference, prediction)) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          ("label maps are compared voxel by voxel and need one grid: the reference has %s, the"
                  + " prediction has %s")
              .formatted(describe(reference), describe(prediction)));
    }
  }

  private static boolean cornersAgree(GridGeometry a, GridGeometry b) {
    Extents extents = a.extents();
    for (int corner = 0; corner < 8; corner++) {
      Vector3 index =
          new Vector3(
              (corner & 1) * extents.i() - 0.5,
              (corner >> 1 & 1) * extents.j() - 0.5,
              (corner >> 2 & 1) * extents.k() - 0.5);
      Vector3 distance = a.toIndex(b.toWorldMm(index)).minus(index);
      for (int axis = 0; axis < 3; axis++) {
        if (!(Math.abs(distance.get(axis)) <= TOLERANCE_VOXELS)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String describe(GridGeometry geometry) {
    Vector3 first = geometry.affine().origin();
    return String.format(
        Locale.ROOT,
        "%s, first voxel at (%.4g, %.4g, %.4g) mm",
        geometry.describe(),
        first.x(),
        first.y(),
        first.z());
  }
}
