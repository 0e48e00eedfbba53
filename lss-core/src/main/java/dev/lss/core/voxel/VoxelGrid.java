package dev.lss.core.voxel;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Unshear;

/** Makes the affine that a header describes, or says what is wrong with it and where. Stateless. */
public final class VoxelGrid {

  private static final Vector3 ZERO = new Vector3(0, 0, 0);

  private VoxelGrid() {}

  /**
   * Returns the affine.
   *
   * @param where name and place of the header's field
   * @throws InvalidStudyException {@code BAD_AFFINE} when the numbers are no affine, {@code
   *     SHEARED_GRID} when axes are 5 degrees or more away from right angles
   */
  public static Affine affine(String file, String where, Vector3[] columns, Vector3 origin) {
    Affine affine;
    try {
      affine =
          new Affine( // plus zero: no negative zeros
              columns[0].plus(ZERO),
              columns[1].plus(ZERO),
              columns[2].plus(ZERO),
              origin.plus(ZERO));
    } catch (IllegalArgumentException e) {
      throw VoxelFault.of("BAD_AFFINE", file, where + ": " + e.getMessage(), e);
    }
    requireRightAngles(file, affine);
    return affine;
  }

  /** Refuses axes that are 5 degrees or more away from right angles. */
  public static void requireRightAngles(String file, Affine affine) {
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
