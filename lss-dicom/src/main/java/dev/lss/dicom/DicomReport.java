package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.SegmentationResult;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.derived.Anatomy;
import dev.lss.dicom.derived.NewObject;
import dev.lss.dicom.derived.SourceHeader;
import dev.lss.dicom.series.Stack;
import dev.lss.dicom.sr.SrWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A DICOM report of what was measured on a series, ready to be written: TID 1500 as Comprehensive
 * 3D SR, unverified and preliminary, with the segment that each number was measured on. A number
 * that is not defined is not there, and a vertebra whose level is doubtful is called a vertebra. It
 * holds what says whose examination it is. Immutable.
 */
public final class DicomReport {

  private final NewObject object;
  private final NewDataSet data;
  private final SourceHeader header;

  private DicomReport(NewObject object, NewDataSet data, SourceHeader header) {
    this.object = object;
    this.data = data;
    this.header = header;
  }

  /**
   * Looks whether a report can be made of a series, before there is one. That of a volume needs a
   * segmentation too; that of a picture identifiers of its own, which are never made.
   *
   * @throws InvalidStudyException the source's problem or {@code NO_IDENTIFIERS}
   * @throws IOException when a file of the source cannot be read any more
   */
  public static void check(DicomSeries source, SegmentationOptions options) throws IOException {
    if (source.kind() == DicomSeries.Kind.VOLUME) {
      DicomSegmentation.check(source, options);
    } else {
      source.geometry();
      SourceHeader.of(source.stack(), false);
    }
  }

  /**
   * Makes the report of a volume.
   *
   * @param source the series that was measured
   * @param segmentation the segmentation of the result, which must be stored beside the report
   * @return empty when nothing was measured that a report can hold
   * @throws InvalidStudyException {@code NO_IDENTIFIERS} when the source's are empty and none may
   *     be made
   * @throws IllegalArgumentException when something was measured that is no segment
   * @throws IOException when a file of the source cannot be read any more
   */
  public static Optional<DicomReport> of(
      DicomSeries source,
      SegmentationResult result,
      DicomSegmentation segmentation,
      SegmentationOptions options)
      throws IOException {
    var evidence =
        new SrWriter.Evidence(
            segmentation.sopClassUid(),
            segmentation.sopInstanceUid(),
            segmentation.seriesInstanceUid(),
            segmentation.segments().stream()
                .map(
                    s -> new SrWriter.Found(s.number(), Anatomy.of(s.structure()), s.trackingUid()))
                .toList());
    return of(source, result, Optional.of(evidence), options);
  }

  /**
   * Makes the report of a picture, such as one of ultrasound. It refers to the picture, because a
   * picture without a place in the patient has no segmentation.
   *
   * @param source the picture that was measured
   * @return empty when nothing was measured that a report can hold
   * @throws InvalidStudyException {@code NO_IDENTIFIERS} when its identifiers are empty
   * @throws IllegalArgumentException when the source is a volume
   * @throws IOException when a file of the source cannot be read any more
   */
  public static Optional<DicomReport> ofPicture(DicomSeries source, SegmentationResult result)
      throws IOException {
    if (source.kind() == DicomSeries.Kind.VOLUME) {
      throw new IllegalArgumentException("the report of a volume refers to its segmentation");
    }
    return of(source, result, Optional.empty(), SegmentationOptions.defaults());
  }

  private static Optional<DicomReport> of(
      DicomSeries source,
      SegmentationResult result,
      Optional<SrWriter.Evidence> evidence,
      SegmentationOptions options)
      throws IOException {
    if (!SrWriter.canSay(result)) {
      return Optional.empty();
    }
    Stack stack = source.stack();
    SourceHeader header = SourceHeader.of(stack, options.makesIdentifiers());
    SrWriter writer = new SrWriter(header, source.modality(), result, evidence);
    NewObject object =
        NewObject.of(SrWriter.COMPREHENSIVE_3D, LocalDateTime.now(ZoneId.systemDefault()));
    return Optional.of(new DicomReport(object, writer.dataSet(object), header));
  }

  /**
   * Writes the file. It must appear whole or not at all: write to a temporary file that is moved,
   * as {@code AtomicFiles} of lss-core does.
   *
   * @param out the caller closes it
   */
  public void writeTo(OutputStream out) throws IOException {
    DataSetWriter.write(data, header.charset(), out);
  }

  /** Returns the SOP class, Comprehensive 3D SR Storage. */
  public String sopClassUid() {
    return object.sopClassUid();
  }

  /** Returns the identifier of the object. */
  public String sopInstanceUid() {
    return object.sopInstanceUid();
  }

  /** Returns the identifier of its series, in which it is alone. */
  public String seriesInstanceUid() {
    return object.seriesInstanceUid();
  }
}
