package dev.lss.core;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Paste;
import dev.lss.spi.VoxelArrays;
import java.util.List;

/** Brings the labels of a task onto the grid of a study's reference series. */
final class ReferenceGrid {

  private ReferenceGrid() {}

  /**
   * Returns the labels on the grid of the reference: exactly, where they lie on its voxels or a box
   * of them; else each voxel takes the label of the nearest voxel centre, background outside, and a
   * notice says so.
   *
   * @throws InvalidStudyException {@code GRIDS_DIFFER} when one of the two has no place in the
   *     patient
   */
  static LabelVolume bring(LabelVolume labels, Series reference, List<Notice> notices) {
    GridGeometry grid = reference.geometry();
    if (labels.geometry().equals(grid)) {
      return labels;
    }
    boolean planes = grid.space() == GridGeometry.Space.IMAGE_PLANE;
    if (planes != (labels.geometry().space() == GridGeometry.Space.IMAGE_PLANE)) {
      throw new InvalidStudyException(
          "GRIDS_DIFFER",
          "labels of %s cannot come back on the reference, which has %s"
              .formatted(labels.geometry().describe(), grid.describe()));
    }
    try {
      return planes ? Paste.into(labels, grid) : Orient.onto(labels, grid);
    } catch (IllegalArgumentException e) {
      notices.add(
          new Notice(
              "LABELS_RESAMPLED",
              ("the reference series %s does not lie on the voxels that were segmented; its labels"
                      + " are those of the nearest ones")
                  .formatted(reference.role())));
      return nearest(labels, grid);
    }
  }

  private static LabelVolume nearest(LabelVolume labels, GridGeometry grid) {
    Extents from = labels.extents();
    Extents to = grid.extents();
    short[] in = VoxelArrays.labels(labels);
    short[] out = new short[to.voxels()];
    int at = 0;
    for (int k = 0; k < to.k(); k++) {
      for (int j = 0; j < to.j(); j++) {
        for (int i = 0; i < to.i(); i++, at++) {
          Vector3 index = labels.geometry().toIndex(grid.toWorldMm(new Vector3(i, j, k)));
          int x = (int) Math.rint(index.x());
          int y = (int) Math.rint(index.y());
          int z = (int) Math.rint(index.z());
          if (x >= 0 && x < from.i() && y >= 0 && y < from.j() && z >= 0 && z < from.k()) {
            out[at] = in[from.offset(x, y, z)];
          }
        }
      }
    }
    return LabelVolume.wrap(grid, out);
  }
}
