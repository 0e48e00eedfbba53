package dev.lss.core.image;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.GridGeometry.Space;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;

/**
 * Reorients an image so that its axes grow in given patient directions. Lossless: the axes are
 * swapped and reversed, the affine follows, and every value keeps its place in the patient.
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
    return AxisMap.between(orientationOf(volume.geometry()), code, volume.extents())
        .reorient(volume);
  }

  /**
   * Returns the labels with their axes along {@code code}; the same object when they are already.
   *
   * @throws IllegalArgumentException when the labels have no place in the patient
   */
  public static LabelVolume to(LabelVolume labels, AnatomicalCode code) {
    return AxisMap.between(orientationOf(labels.geometry()), code, labels.extents())
        .reorient(labels);
  }

  /** Returns the grid of {@link #to(Volume, AnatomicalCode)}, without an image. */
  public static GridGeometry to(GridGeometry grid, AnatomicalCode code) {
    return AxisMap.between(orientationOf(grid), code, grid.extents()).reorient(grid);
  }

  /**
   * Returns labels, or those of a box, on the grid that they were reoriented from: the way back
   * after {@link #to(Volume, AnatomicalCode)}. Everything outside the box is background, and the
   * result carries {@code original} itself, bit for bit.
   *
   * @throws IllegalArgumentException when the labels do not share the voxels of {@code original},
   *     to 1e-3 voxel
   */
  public static LabelVolume onto(LabelVolume part, GridGeometry original) {
    AxisMap map = AxisMap.between(part.geometry().affine(), original.affine(), part.extents());
    return Paste.into(map.reorient(part), original);
  }

  private static AnatomicalCode orientationOf(GridGeometry grid) {
    if (grid.space() != Space.PATIENT_LPS) {
      throw new IllegalArgumentException(
          "only an image in patient space has an orientation, was " + grid.describe());
    }
    return grid.orientation();
  }
}
