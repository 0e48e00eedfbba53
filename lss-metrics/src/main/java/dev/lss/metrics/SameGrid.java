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
      String ours = describe(reference);
      String theirs = describe(prediction);
      String both =
          ours.equals(theirs)
              ? "both have %s%s".formatted(ours, reference.describeDistance(prediction))
              : "the reference has %s, the prediction has %s".formatted(ours, theirs);
      throw new InvalidStudyException("GRID_MISMATCH", "label maps need one grid: " + both);
    }
  }

  private static String describe(GridGeometry geometry) {
    Vector3 first = geometry.affine().origin();
    return String.format(
        Locale.ROOT,
        "%s from (%.4g, %.4g, %.4g) mm",
        geometry.describe(),
        first.x(),
        first.y(),
        first.z());
  }
}
