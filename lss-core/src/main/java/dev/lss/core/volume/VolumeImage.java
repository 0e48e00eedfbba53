package dev.lss.core.volume;

import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.NiftiHeader;
import java.util.List;
import java.util.Optional;

/**
 * An image read from a file. Immutable.
 *
 * @param volume the voxels on their own grid, in LPS mm, as stored: nothing is reoriented
 * @param niftiHeader the header of a NIfTI file, so that labels get the same transforms bit for bit
 * @param source hash of the file as it lay on the disk; of header and voxels where those are two
 *     files
 * @param notices what was doubtful
 */
public record VolumeImage(
    Volume volume, Optional<NiftiHeader> niftiHeader, SourceRef source, List<Notice> notices) {

  /** Copies the notices. */
  public VolumeImage {
    notices = List.copyOf(notices);
  }
}
