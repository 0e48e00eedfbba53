package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.core.io.AtomicFiles;
import dev.lss.dicom.DicomLabels;
import dev.lss.dicom.DicomReport;
import dev.lss.dicom.DicomSegmentation;
import dev.lss.dicom.DicomSeries;
import dev.lss.dicom.SegmentationOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a result is written as, {@code --format}, and its DICOM files. */
final class DicomOutput {

  /** Name of the segmentation in the folder of a result. */
  static final String LABELS = "labels.dcm";

  /** Name of the report in the folder of a result. */
  static final String REPORT = "report.dcm";

  /** The names of all files. */
  static final String NAMES = "labels\\.dcm|report\\.dcm";

  /** The forms by their names on the command line. */
  enum Format {
    NIFTI("nifti"),
    SEG("dicom-seg"),
    LABELMAP("dicom-labelmap"),
    REPORT("dicom-sr");

    private final String key;

    Format(String key) {
      this.key = key;
    }

    boolean isDicom() {
      return this != NIFTI;
    }

    @Override
    public String toString() {
      return key;
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      converter = Converter.class,
      description =
          "What labels are written as: nifti; dicom-seg, a DICOM segmentation that every viewer"
              + " takes, or dicom-labelmap, the newer and smaller kind; dicom-sr, a report of the"
              + " measurements with the segmentation that it refers to. Several with commas.")
  private List<Format> formats = List.of(Format.NIFTI);

  @Option(
      names = "--new-identifiers",
      description =
          "DICOM out: where the series has no identifiers of study, series and frame of reference,"
              + " make new ones. No archive knows them.")
  private boolean makesIdentifiers;

  /** Returns whether labels are written as NIfTI or PNG. */
  boolean hasPlain() {
    return formats.contains(Format.NIFTI);
  }

  /** Returns whether anything is written as DICOM. */
  boolean hasDicom() {
    return formats.stream().anyMatch(Format::isDicom);
  }

  /**
   * Refuses, before any work, what no DICOM file can be made of.
   *
   * @param series the series on whose grid the labels will lie; empty when it is no DICOM
   */
  void check(Optional<DicomSeries> series) {
    if (!hasDicom()) {
      return;
    }
    if (formats.contains(Format.SEG) && formats.contains(Format.LABELMAP)) {
      throw new ParameterException(
          spec.commandLine(), "--format takes dicom-seg or dicom-labelmap, not both");
    }
    if (series.isEmpty()) {
      throw new InvalidStudyException(
          "NO_DICOM_SOURCE",
          "DICOM can be written for a DICOM series alone, whose patient, study and images it names;"
              + " give the folder of the series as --input, or write --format nifti");
    }
    try {
      if (!isPicture(series.get()) || hasSegmentation()) {
        DicomSegmentation.check(series.get(), options());
      }
    } catch (IOException e) {
      throw new InvalidStudyException("UNREADABLE", "the series cannot be read any more", e);
    }
  }

  private boolean hasSegmentation() {
    return formats.contains(Format.SEG) || formats.contains(Format.LABELMAP);
  }

  private static boolean isPicture(DicomSeries series) {
    return series.kind() != DicomSeries.Kind.VOLUME;
  }

  private SegmentationOptions options() {
    SegmentationOptions options = SegmentationOptions.defaults();
    if (formats.contains(Format.LABELMAP)) {
      options = options.withLabelmap();
    }
    return makesIdentifiers ? options.withNewIdentifiers() : options;
  }

  /** Returns a result with a notice that nothing is written where nothing was found. */
  SegmentationResult noticed(SegmentationResult result) {
    return hasDicom() && !result.foundAnything()
        ? ResultFiles.withNotices(
            List.of(
                new Notice(
                    "SEG_NOT_WRITTEN",
                    "nothing was found, and a DICOM segmentation holds something")),
            result)
        : result;
  }

  /**
   * Writes the segmentation, which is read back before it appears, and the report, which refers to
   * it. Nothing found, nothing written.
   */
  void write(OutputFolder folder, Optional<DicomSeries> series, SegmentationResult result)
      throws IOException {
    if (!hasDicom() || series.isEmpty() || !result.foundAnything()) {
      return;
    }
    Optional<DicomReport> report;
    if (isPicture(series.get())) {
      report = DicomReport.ofPicture(series.get(), result);
    } else {
      DicomSegmentation made = DicomSegmentation.of(series.get(), result, options()).orElseThrow();
      AtomicFiles.write(folder.file(LABELS), made::writeTo, DicomLabels::read);
      report = DicomReport.of(series.get(), result, made, options());
    }
    if (formats.contains(Format.REPORT) && report.isPresent()) {
      AtomicFiles.write(folder.file(REPORT), report.get()::writeTo);
    }
  }

  /** Reads a form. */
  static final class Converter implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      for (Format format : Format.values()) {
        if (format.key.equals(text)) {
          return format;
        }
      }
      throw new TypeConversionException(
          "wanted %s, was \"%s\"".formatted(List.of(Format.values()), text));
    }
  }
}
