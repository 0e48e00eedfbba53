package dev.lss.core.nifti;

import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.LabelVolume;
import java.util.List;

/**
 * A label map read from a NIfTI file. Immutable.
 *
 * @param labels the labels on their own grid, in LPS mm, as stored: nothing is reoriented
 * @param header the header, for writing labels onto the same grid
 * @param source hash of the file as it lay on the disk
 * @param notices what was doubtful
 */
public record NiftiLabels(
    LabelVolume labels, NiftiHeader header, SourceRef source, List<Notice> notices) {

  /** Copies the notices. */
  public NiftiLabels {
    notices = List.copyOf(notices);
  }
}
