package dev.lss.core.raster;

import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.image.Volume;
import java.util.List;

/**
 * A picture that was read. Immutable.
 *
 * @param plane grey values from 0 to 255, one plane, as the picture is to be shown
 * @param source hash of the file as it lay on the disk
 * @param notices what was doubtful
 */
public record RasterImage(Volume plane, SourceRef source, List<Notice> notices) {

  /** Copies the notices. */
  public RasterImage {
    notices = List.copyOf(notices);
  }
}
