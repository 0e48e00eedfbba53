package dev.lss.core.image;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.GridGeometry.Space;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;

/**
 * Turns an image so that its axes grow in given patient directions. Lossless: the axes are swapped
 * and reversed, the affine follows, and every value keeps its place in the patient.
 *
 * <p>An oblique image stays oblique: its axes are matched to the closest patient axes, and nothing
 * is interpolated.
 */
public final class Orient {

  private Orient() {}

  /**
   * Returns the image with its axes along {@code code}; the same object when they are already.
   *
   * @throws IllegalArgumentException when the image has no place in the patient
   */
  public static Volume to(Volume volume, AnatomicalCode code) {
    return AxisMap.between(orientationOf(volume.geometry()), code, volume.extents()).turn(volume);
  }

  /**
   * Returns the labels with their axes along {@code code}; the same object when they are already.
   *
   * @throws IllegalArgumentException when the labels have no place in the patient
   */
  public static LabelVolume to(LabelVolume labels, AnatomicalCode code) {
    return AxisMap.between(orientationOf(labels.geometry()), code, labels.extents()).turn(labels);
  }

  /**
   * Returns the labels on the grid that they were turned from: the way back after {@link
   * #to(Volume, AnatomicalCode)}. The result carries {@code original} itself, bit for bit.
   *
   * @throws IllegalArgumentException when the two grids are not the same voxels in the patient, to
   *     1e-3 voxel
   */
  public static LabelVolume onto(LabelVolume labels, GridGeometry original) {
    GridGeometry grid = labels.geometry();
    AxisMap map = AxisMap.between(grid.affine(), original.affine(), grid.extents());
    Vector3 first = grid.toIndex(original.affine().origin());
    boolean same = map.extents().equals(original.extents());
    for (int axis = 0; axis < 3; axis++) {
      same &= Math.abs(first.get(axis) - map.firstVoxel().get(axis)) <= SubLattice.TOLERANCE_VOXELS;
      same &=
          SubLattice.stepsAgree(
              map.step(grid.affine(), axis), original.affine(), axis, original.extents());
    }
    if (!same) {
      throw new IllegalArgumentException(
          "the labels' grid (%s) is not the grid %s turned"
              .formatted(grid.describe(), original.describe()));
    }
    return LabelVolume.wrap(original, map.turn(labels).unsafeLabels());
  }

  private static AnatomicalCode orientationOf(GridGeometry grid) {
    if (grid.space() != Space.PATIENT_LPS) {
      throw new IllegalArgumentException(
          "only an image in patient space has an orientation, was " + grid.describe());
    }
    return grid.orientation();
  }
}
