package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import java.util.ArrayList;
import java.util.List;

/** What is to be said of fascia in an image as a whole. */
public final class FasciaNotices {

  private FasciaNotices() {}

  /**
   * Returns the notice that an image does not look like B-mode ultrasound.
   *
   * @param noisy whether noise may hide that it is, so that it was segmented all the same
   */
  public static Notice notUltrasound(boolean noisy) {
    return noisy
        ? new Notice(
            "NOISE_NOT_SPECKLE",
            "grey values differ from pixel to pixel as in noise, so it cannot be told whether the"
                + " image is B-mode ultrasound; it was segmented as if it were")
        : new Notice(
            "NOT_ULTRASOUND",
            "the image does not look like B-mode ultrasound, so nothing was segmented");
  }

  /** Returns the notice that all of a picture counts as tissue. */
  public static Notice noRegion() {
    return new Notice(
        "NO_IMAGE_REGION", "no region of tissue stands out from the picture; all of it was used");
  }

  /** Returns the notices about an unknown scale and about an empty result. */
  public static List<Notice> of(
      LabelVolume labels, List<FasciaMeasurement> layers, GridGeometry image) {
    List<Notice> notices = new ArrayList<>();
    if (!image.calibrated()) {
      notices.add(
          new Notice(
              "UNCALIBRATED",
              "the scale of the image is not known, so lengths are in pixels; give mm per pixel"));
    }
    if (labels.count(0) == labels.extents().voxels()) {
      notices.add(new Notice("NOTHING_FOUND", "no fascia was found; all is background"));
    } else if (layers.isEmpty()) {
      notices.add(
          new Notice("NOTHING_MEASURED", "no layer of fascia is long enough to be measured"));
    }
    return notices;
  }
}
