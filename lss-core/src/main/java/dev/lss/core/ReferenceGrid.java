package dev.lss.core;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Paste;
import dev.lss.core.image.Unshear;
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
      return Unshear.labelsOnto(labels, grid);
    }
  }
}
