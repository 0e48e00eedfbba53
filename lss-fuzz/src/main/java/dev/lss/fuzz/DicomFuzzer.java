package dev.lss.fuzz;

import dev.lss.api.SeriesRole;
import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomSeries;
import java.nio.file.Path;

/** DICOM: attributes, pixels of every transfer syntax, and where they lie. */
public final class DicomFuzzer {

  private static final SeriesRole ANY = new SeriesRole("any");

  private DicomFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.dcm", data);
    Fuzzing.check(
        () -> {
          for (DicomSeries series : Dicom.scan(file).series()) {
            if (series.kind() == DicomSeries.Kind.CLIP) {
              series.readPicture(ANY, series.pictures() - 1);
            } else {
              series.read(ANY);
            }
          }
        });
  }
}
