package dev.lss.core.muscle;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;

/**
 * The axis across the slices of an image: the only one with a single voxel, else that of the
 * largest spacing where it is larger than the others by more than a hundredth, else the one that
 * runs closest to the patient's length. Immutable.
 *
 * @param axis 0, 1 or 2
 * @param grid the image's grid
 */
record SliceAxis(int axis, GridGeometry grid) {

  private static final double LARGER = 1.01;

  static SliceAxis of(GridGeometry grid) {
    Vector3 mm = grid.spacingMm();
    for (int axis = 0; axis < 3; axis++) {
      int a = (axis + 1) % 3;
      int b = (axis + 2) % 3;
      if (grid.extents().get(axis) == 1 && grid.extents().get(a) > 1 && grid.extents().get(b) > 1) {
        return new SliceAxis(axis, grid);
      }
    }
    for (int axis = 0; axis < 3; axis++) {
      double others = Math.max(mm.get((axis + 1) % 3), mm.get((axis + 2) % 3));
      if (mm.get(axis) > LARGER * others) {
        return new SliceAxis(axis, grid);
      }
    }
    AnatomicalCode code = grid.orientation();
    for (int axis = 0; axis < 3; axis++) {
      if (code.get(axis).axis() == 2) {
        return new SliceAxis(axis, grid);
      }
    }
    return new SliceAxis(2, grid);
  }

  /** Returns the slice of a voxel. */
  int slice(int voxel) {
    int i = grid.extents().i();
    int j = grid.extents().j();
    return switch (axis) {
      case 0 -> voxel % i;
      case 1 -> voxel / i % j;
      default -> voxel / i / j;
    };
  }

  int slices() {
    return grid.extents().get(axis);
  }

  double distanceMm() {
    return grid.spacingMm().get(axis);
  }

  /** Returns the area of a pixel in a slice, in mm²: the volume of a voxel over the distance. */
  double pixelMm2() {
    return grid.voxelVolumeMm3() / distanceMm();
  }

  /** Returns the direction across the slices, of length 1. */
  Vector3 normal() {
    Vector3 column = grid.affine().column(axis);
    return column.times(1 / column.norm());
  }
}
