package dev.lss.examples.cli;

import dev.lss.api.ClipResult;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SourceRef;
import dev.lss.api.StageTiming;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.io.LssVersion;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.RasterImage;
import dev.lss.core.ultrasound.FasciaMeasures;
import dev.lss.core.ultrasound.FasciaNotices;
import dev.lss.core.ultrasound.ImageRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures fascia that is marked already, in a picture or a clip; no network runs. */
final class PictureMeasurement {

  private final Task task;

  PictureMeasurement(Task task) {
    this.task = task;
  }

  /**
   * Measures every frame.
   *
   * @param images the pictures
   * @param masks as many pictures of the same sizes; what is not black is fascia
   */
  ClipResult of(RasterClip images, RasterClip masks) {
    if (images.size() != masks.size()) {
      throw new InvalidStudyException(
          "FRAMES_DIFFER",
          "there must be as many label pictures as images, were %d and %d"
              .formatted(masks.size(), images.size()));
    }
    List<SegmentationResult> frames = new ArrayList<>();
    for (int f = 0; f < images.size(); f++) {
      frames.add(of(images.frame(f), masks.frame(f)));
    }
    return new ClipResult(frames);
  }

  private SegmentationResult of(RasterImage picture, RasterImage mask) {
    Volume image = picture.plane();
    LabelVolume labels = PictureFile.markedOnto(image.geometry(), mask.plane());
    List<Notice> notices = new ArrayList<>();
    Optional<ImageRegion> region = ImageRegion.find(image);
    List<FasciaMeasurement> layers = FasciaMeasures.of(labels, image, region, notices);
    if (region.isEmpty()) {
      notices.add(FasciaNotices.noRegion());
    }
    notices.addAll(FasciaNotices.of(labels, layers, image.geometry()));
    List<SourceRef> inputs = List.of(picture.source(), mask.source());
    return new SegmentationResult(
        task.id(),
        labels,
        LabelTable.fascia(),
        Measurements.ofFascia(layers),
        notices,
        new Provenance(LssVersion.get(), List.of(), Optional.empty(), 1, "none", inputs),
        List.<StageTiming>of());
  }
}
