package dev.lss.metrics;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.Locale;

/** Label maps must lie voxel on voxel, so that they can be compared. */
final class SameGrid {

  private SameGrid() {}

  /** Refuses two grids that are not one, with both in the message. */
  static void require(GridGeometry reference, GridGeometry prediction) {
    if (!reference.sameAs(prediction, GridGeometry.SAME_VOXELS)) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          ("label maps are compared voxel by voxel and need one grid: the reference has %s, the"
                  + " prediction has %s")
              .formatted(describe(reference), describe(prediction)));
    }
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
