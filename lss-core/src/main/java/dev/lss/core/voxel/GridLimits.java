package dev.lss.core.voxel;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Unshear;

/**
 * What a grid may be that a header describes. Numbers outside of these bounds are damage, and would
 * overflow or vanish in the steps behind. Stateless.
 */
public final class GridLimits {

  private static final double SMALLEST_SPACING_MM = 1e-6;
  private static final double LARGEST_SPACING_MM = 1e6;
  private static final double FURTHEST_MM = 1e9;

  private GridLimits() {}

  /**
   * Refuses voxels smaller than 1e-6 mm or larger than 1e6 mm, an origin further than 1e9 mm, and
   * axes that are 5 degrees or more away from right angles.
   *
   * @param where name and place of the header's field
   * @throws InvalidStudyException {@code BAD_AFFINE}, {@code SHEARED_GRID}
   */
  public static void check(String file, String where, Affine affine) {
    for (int axis = 0; axis < 3; axis++) {
      double spacing = affine.column(axis).norm();
      if (!(spacing >= SMALLEST_SPACING_MM && spacing <= LARGEST_SPACING_MM)) {
        throw VoxelFault.of(
            "BAD_AFFINE",
            file,
            "%s: voxels are 1e-6 to 1e6 mm large, were %s mm along axis %d"
                .formatted(where, spacing, axis));
      }
    }
    Vector3 origin = affine.origin();
    double furthest =
        Math.max(Math.abs(origin.x()), Math.max(Math.abs(origin.y()), Math.abs(origin.z())));
    if (!(furthest <= FURTHEST_MM)) {
      throw VoxelFault.of(
          "BAD_AFFINE",
          file,
          "%s: the first voxel is at most 1e9 mm from the origin, was %s"
              .formatted(where, furthest));
    }
    double shear = affine.shearDegrees();
    if (!(shear < Unshear.LARGEST_DEGREES)) {
      throw VoxelFault.of(
          "SHEARED_GRID",
          file,
          "the axes are %s degrees away from right angles; less than 5 can be resampled"
              .formatted(Math.round(shear * 10) / 10.0));
    }
  }
}
