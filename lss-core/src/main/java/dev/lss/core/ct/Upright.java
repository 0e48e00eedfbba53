package dev.lss.core.ct;

import dev.lss.api.Notice;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Paste;
import dev.lss.core.image.Unshear;
import dev.lss.core.task.Findings;
import java.util.Locale;

/** Brings an image into the orientation in which the task works, and labels back onto its grid. */
final class Upright {

  private Upright() {}

  /**
   * Returns the image with i to the left, j to the back, k to the head; a sheared one is resampled.
   */
  static Volume of(Volume image, Findings.Builder found) {
    if (!Unshear.isSheared(image.geometry())) {
      return Orient.to(image, AnatomicalCode.LPS);
    }
    found.notice(
        new Notice(
            "SHEARED_GRID",
            String.format(
                Locale.ROOT,
                "the axes of the image are not at right angles (%.2f degrees off); labels were"
                    + " mapped back by nearest neighbour",
                image.geometry().affine().shearDegrees())));
    return Unshear.toOrthogonal(Orient.to(image, AnatomicalCode.LPS));
  }

  /**
   * Returns labels on the original image's grid.
   *
   * @param part labels of a box of the upright image; everything outside it is background
   */
  static LabelVolume restore(LabelVolume part, GridGeometry upright, GridGeometry original) {
    return Unshear.isSheared(original)
        ? Unshear.labelsOnto(Paste.into(part, upright), original)
        : Orient.onto(part, original);
  }
}
