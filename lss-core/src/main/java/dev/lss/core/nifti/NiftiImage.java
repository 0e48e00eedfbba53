package dev.lss.core.nifti;

import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.Volume;
import java.util.List;

/**
 * An image read from a NIfTI file. Immutable.
 *
 * @param volume the voxels on their own grid, in LPS mm, as stored: nothing is reoriented
 * @param header the header, for writing labels onto the same grid
 * @param source hash of the file as it lay on the disk
 * @param notices what was doubtful
 */
public record NiftiImage(
    Volume volume, NiftiHeader header, SourceRef source, List<Notice> notices) {

  /** Copies the notices. */
  public NiftiImage {
    notices = List.copyOf(notices);
  }
}
