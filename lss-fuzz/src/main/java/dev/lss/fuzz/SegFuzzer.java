package dev.lss.fuzz;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.DicomLabels;
import java.nio.file.Path;

/** DICOM segmentations: segments, frames, places, and the labels that they make. */
public final class SegFuzzer {

  private static final GridGeometry OTHER =
      GridGeometry.ofSpacing(new Extents(16, 16, 16), new Vector3(1, 1, 1));

  private SegFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.dcm", data);
    Fuzzing.check(
        () -> {
          DicomLabels labels = DicomLabels.read(file);
          labels.gridWith(labels);
          labels.labels();
        });
    Fuzzing.check(() -> DicomLabels.read(file).labelsOn(OTHER));
  }
}
