package dev.lss.dicom;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.LengthUnit;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** A picture of ultrasound and what could be measured on it. */
final class ReportExamples {

  private static final int SIDE = 16;

  private ReportExamples() {}

  static DicomSeries picture(Path file) throws IOException {
    return picture(file, Uids.ofName("study of the picture"));
  }

  static DicomSeries picture(Path file, String studyUid) throws IOException {
    NewDataSet data =
        new NewDataSet()
            .text(Tag.SPECIFIC_CHARACTER_SET, "ISO_IR 100")
            .text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY")
            .text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.6.1")
            .text(Tag.SOP_INSTANCE_UID, Uids.ofName("picture"))
            .text(Tag.STUDY_INSTANCE_UID, studyUid)
            .text(Tag.SERIES_INSTANCE_UID, Uids.ofName("series of the picture"))
            .text(Tag.STUDY_DATE, "20260301")
            .text(Tag.STUDY_TIME, "101112")
            .text(Tag.STUDY_ID, "17")
            .text(Tag.MODALITY, "US")
            .text(Tag.PATIENT_ID, "4712")
            .text(Tag.PATIENT_NAME, "Roe^Jane")
            .integers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
            .integers(Tag.ROWS, SIDE)
            .integers(Tag.COLUMNS, SIDE)
            .integers(Tag.BITS_ALLOCATED, 8)
            .integers(Tag.BITS_STORED, 8)
            .integers(Tag.HIGH_BIT, 7)
            .integers(Tag.PIXEL_REPRESENTATION, 0)
            .bytes(Tag.PIXEL_DATA, new byte[SIDE * SIDE]);
    try (OutputStream out = Files.newOutputStream(file)) {
      DataSetWriter.write(data, StandardCharsets.ISO_8859_1, out);
    }
    return Dicom.scan(file).series().get(0);
  }

  /** Returns a result with all that can be said of vertebrae: one is sure, one is not. */
  static SegmentationResult vertebrae(DicomSeries series) {
    VertebraMeasurement l1 =
        VertebraMeasurement.builder(VertebraLevel.L1, 100000 / 3.0, new Vector3(0, 0, 0))
            .meanHu(OptionalDouble.of(200.5))
            .bodyMeanHu(OptionalDouble.of(120.125))
            .build();
    VertebraMeasurement l4 =
        VertebraMeasurement.builder(VertebraLevel.L4, 40000, new Vector3(0, 0, 0))
            .touchesBorder(true)
            .holdsMetal(true)
            .levelConfidence(OptionalDouble.of(0.6))
            .build();
    return SegExamples.result(SegExamples.labels(series.geometry())).toBuilder()
        .measurements(Measurements.copyOf(List.of(l1, l4)))
        .notices(List.of(new Notice("POSSIBLY_INCOMPLETE", "slices may be missing")))
        .build();
  }

  static void write(DicomReport report, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      report.writeTo(out);
    }
  }

  /** Returns a result with the second layer, of round numbers. */
  static SegmentationResult fascia(DicomSeries picture, LengthUnit unit) {
    FasciaMeasurement layer =
        FasciaMeasurement.builder(2, unit)
            .thickness(new FasciaMeasurement.Thickness(2.5, 0.25, 2.4, 2, 3, 2.1, 2.9, 2.6, 40))
            .length(31.5)
            .angleDeg(-4.5)
            .depth(12.25)
            .echo(new FasciaMeasurement.Echo(150, OptionalDouble.of(60), 0.01))
            .build();
    return SegmentationResult.builder(
            "us-fascia",
            LabelVolume.empty(picture.geometry()),
            LabelTable.fascia(),
            Provenance.builder("0.1.0").build())
        .measurements(Measurements.copyOf(List.of(layer)))
        .build();
  }
}
