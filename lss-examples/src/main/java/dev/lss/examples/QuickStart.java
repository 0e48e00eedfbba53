package dev.lss.examples;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.core.Segmenters;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.nifti.NiftiImage;
import java.io.IOException;
import java.nio.file.Path;

/** The ten lines of the README: segments the CT in the first argument into the second. */
public final class QuickStart {

  private QuickStart() {}

  /** Segments {@code args[0]}, a NIfTI file, and writes the labels to {@code args[1]}. */
  public static void main(String[] args) throws IOException {
    // README: begin
    NiftiImage ct = Nifti.read(Path.of(args[0]));
    try (LumbarSegmenter segmenter = Segmenters.forTask(Tasks.CT_VERTEBRAE).build()) {
      SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(ct.volume()));
      result
          .measurements()
          .of(VertebraMeasurement.class)
          .forEach(v -> System.out.println(v.level() + " " + v.volumeMm3() + " mm3"));
      result.notices().forEach(notice -> System.out.println(notice.message()));
      Nifti.writeLabels(Path.of(args[1]), result.labels(), ct.header());
    }
    // README: end
  }
}
