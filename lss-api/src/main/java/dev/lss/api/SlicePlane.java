package dev.lss.api;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;

/** The plane in which an image was taken. */
public enum SlicePlane {
  /** Slices from front to back and head to feet, side by side. */
  SAGITTAL,
  /** Slices from side to side and head to feet, front to back. */
  CORONAL,
  /** Slices from side to side and front to back, above each other. */
  AXIAL,
  /** Voxels about as long as wide: no plane is finer than the others. */
  ISOTROPIC,
  /** A picture without a place in the patient. */
  IMAGE;

  /** Slices are at least so much thicker than their pixels are large. */
  private static final double THICKER = 1.5;

  /**
   * Returns the plane across the axis of the largest spacing, where that is at least 1.5 times each
   * of the others; a single slice lies across the axis that has one voxel. An oblique image is
   * named after the closest plane.
   */
  public static SlicePlane of(GridGeometry grid) {
    if (grid.space() == GridGeometry.Space.IMAGE_PLANE) {
      return IMAGE;
    }
    AnatomicalCode code = grid.orientation();
    int across = -1;
    for (int axis = 0; axis < 3 && across < 0; axis++) {
      if (isAcross(grid, axis)) {
        across = code.get(axis).axis();
      }
    }
    return across < 0 ? ISOTROPIC : values()[across];
  }

  private static boolean isAcross(GridGeometry grid, int axis) {
    boolean single = grid.extents().get(axis) == 1;
    for (int other = 0; other < 3; other++) {
      if (other == axis) {
        continue;
      }
      if (single
          ? grid.extents().get(other) == 1
          : grid.extents().get(other) == 1
              || grid.spacingMm().get(axis) < THICKER * grid.spacingMm().get(other)) {
        return false;
      }
    }
    return true;
  }
}
