package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.GridGeometry;
import dev.lss.dicom.data.DataSetWriter;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.derived.Algorithm;
import dev.lss.dicom.derived.LevelDoubt;
import dev.lss.dicom.derived.NewObject;
import dev.lss.dicom.derived.SourceHeader;
import dev.lss.dicom.seg.SegWriter;
import dev.lss.dicom.series.Stack;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A DICOM segmentation of a series, ready to be written: labels on the very slices of the series,
 * with references to them, in the frame of reference, study and patient of the series. It holds
 * what says whose examination it is. Immutable.
 */
public final class DicomSegmentation {

  /**
   * A structure of the segmentation.
   *
   * @param number its number in the file
   * @param label its value in the labels
   * @param structure what it is
   * @param trackingId its name
   * @param trackingUid what reports call it by
   */
  public record Segment(
      int number, int label, Structure structure, String trackingId, String trackingUid) {}

  private final NewObject object;
  private final NewDataSet data;
  private final SourceHeader header;
  private final List<Segment> segments;

  private DicomSegmentation(
      NewObject object, NewDataSet data, SourceHeader header, List<Segment> segments) {
    this.object = object;
    this.data = data;
    this.header = header;
    this.segments = List.copyOf(segments);
  }

  /**
   * Looks whether a segmentation can be made of a series, before there is one.
   *
   * @throws InvalidStudyException the source's problem, {@code NO_PLACE} or {@code NO_IDENTIFIERS}
   * @throws IOException when a file of the source cannot be read any more
   */
  public static void check(DicomSeries source, SegmentationOptions options) throws IOException {
    requireSource(source, options);
  }

  private static SourceHeader requireSource(DicomSeries source, SegmentationOptions options)
      throws IOException {
    source.geometry();
    if (source.kind() != DicomSeries.Kind.VOLUME) {
      throw DicomFault.of(
          "NO_PLACE",
          Stack.subject(source.stack().first()),
          "it has no place in the patient, which a segmentation needs; use PNG labels");
    }
    return SourceHeader.of(source.stack(), options.makesIdentifiers());
  }

  /**
   * Makes the segmentation of a result. Labels that came from no network are called semi-automatic,
   * because nothing says how they were made.
   *
   * @param source the series on whose grid the labels lie
   * @return empty when the labels are all background
   * @throws InvalidStudyException the source's problem; {@code NO_PLACE} when it is a picture;
   *     {@code GRID_MISMATCH} when the labels lie on another grid; {@code NO_IDENTIFIERS} when the
   *     source's are empty and none may be made
   * @throws IOException when a file of the source cannot be read any more
   */
  public static Optional<DicomSegmentation> of(
      DicomSeries source, SegmentationResult result, SegmentationOptions options)
      throws IOException {
    SourceHeader header = requireSource(source, options);
    GridGeometry grid = source.geometry();
    if (!grid.sameAs(result.labels().geometry(), GridGeometry.SAME_VOXELS)) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          "the labels must lie on the grid of the series, %s, and lie on %s"
              .formatted(grid.describe(), result.labels().geometry().describe()));
    }
    if (!result.foundAnything()) {
      return Optional.empty();
    }
    SegWriter writer =
        new SegWriter(
            source.stack(),
            header,
            Algorithm.of(result.task(), result.provenance()),
            result.labels(),
            result.labelTable(),
            LevelDoubt.of(result),
            options.isLabelmap());
    NewObject object =
        NewObject.of(
            options.isLabelmap() ? SegWriter.LABELMAP : SegWriter.BINARY,
            LocalDateTime.now(ZoneId.systemDefault()));
    List<Segment> segments =
        writer.segments().stream()
            .map(
                s ->
                    new Segment(
                        s.number(),
                        s.label(),
                        s.anatomy().structure(),
                        s.anatomy().label(),
                        s.trackingUid()))
            .toList();
    return Optional.of(new DicomSegmentation(object, writer.dataSet(object), header, segments));
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

  /** Returns the SOP class: Segmentation or Label Map Segmentation Storage. */
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

  /** Returns the structures that it holds, in ascending order of labels; at least one. */
  public List<Segment> segments() {
    return segments;
  }
}
