package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SourceRef;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.dicom.data.ByteSource;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.seg.SegFile;
import dev.lss.dicom.seg.SegLattice;
import dev.lss.dicom.series.StackReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labels from a DICOM segmentation, of LSS or of another program: BINARY or LABELMAP, frames in any
 * order, planes without a frame, bits that share bytes. Frames lie where their positions say.
 *
 * <p>A vertebra gets the value that VerSe gives it (L1 to L5 are 20 to 24), told by its code; any
 * other segment keeps its number. Segments that overlap are refused, because a label map holds one
 * label a voxel, and fractional segmentations are. Immutable; pixels are read when they are asked
 * for.
 */
public final class DicomLabels {

  private final DicomFile file;
  private final SegFile seg;

  private DicomLabels(DicomFile file, SegFile seg) {
    this.file = file;
    this.seg = seg;
  }

  /**
   * Finds the segmentation of a file, folder or zip, and looks at its attributes.
   *
   * @throws InvalidStudyException {@code NOT_A_SEG} when there is none; {@code AMBIGUOUS_SERIES}
   *     when there are several; {@code FRACTIONAL_SEG}; {@code BAD_SEG} when it contradicts itself;
   *     those of files, pixels and geometry
   * @throws IOException when the path is not there or may not be read
   */
  public static DicomLabels read(Path path) throws IOException {
    List<DicomFile> found = new ArrayList<>();
    List<ByteSource> all = Sources.of(List.of(path)).all();
    for (ByteSource source : all) {
      try {
        DicomFile file = DicomFile.read(source);
        if (all.size() == 1 || SegFile.isOne(file)) {
          found.add(file);
        }
      } catch (InvalidStudyException e) {
        if (all.size() == 1) {
          throw e;
        }
      }
    }
    if (found.size() != 1) {
      throw DicomFault.of(
          found.isEmpty() ? "NOT_A_SEG" : "AMBIGUOUS_SERIES",
          path.toString(),
          "it holds %s segmentations; give the file of one".formatted(found.size()));
    }
    return new DicomLabels(found.get(0), SegFile.of(found.get(0)));
  }

  /** Returns what the label values stand for; all segments, whether or not they have a voxel. */
  public LabelTable table() {
    return seg.labels().table();
  }

  /** Returns what is doubtful about the file. */
  public List<Notice> notices() {
    return seg.notices();
  }

  /** Returns the SHA-256 of the file. */
  public SourceRef source() throws IOException {
    return StackReader.hash(List.of(file.source()));
  }

  /** Returns the smallest grid on which all frames lie, with every plane between them. */
  public GridGeometry grid() {
    return seg.grid();
  }

  /**
   * Returns the smallest grid that holds these and other labels, where both lie on the same voxels;
   * empty where they do not, or lie so far apart that nobody made them of one image.
   */
  public Optional<GridGeometry> gridWith(DicomLabels other) {
    return SegLattice.union(grid(), other.grid());
  }

  /**
   * Reads the labels onto {@link #grid()}.
   *
   * @throws InvalidStudyException {@code SEGMENTS_OVERLAP}; {@code BAD_SEG} when the frames lie so
   *     far apart that the grid would be more than 64 times as large as they are
   */
  public LabelVolume labels() throws IOException {
    return seg.labelsAlone();
  }

  /**
   * Reads the labels onto a grid. Nothing is interpolated: its voxels must be those of the file,
   * whatever the order and direction of its axes.
   *
   * @throws InvalidStudyException {@code GRID_MISMATCH}, {@code SEG_NOT_OF_IMAGE} when something
   *     lies outside, {@code SEGMENTS_OVERLAP}
   */
  public LabelVolume labelsOn(GridGeometry grid) throws IOException {
    return seg.labelsOn(grid);
  }

  /**
   * Reads the labels onto the grid of the series that they were made of, after holding frame of
   * reference and the place of every image that a frame refers to against it.
   *
   * @throws InvalidStudyException as {@link #labelsOn}, and {@code SEG_NOT_OF_IMAGE} when frame of
   *     reference or places are others
   */
  public Labelled labelsOf(DicomSeries series) throws IOException {
    GridGeometry target = series.geometry();
    List<Notice> doubts = new ArrayList<>(notices());
    doubts.addAll(seg.requireOf(series.stack()));
    return new Labelled(labelsOn(target), doubts);
  }

  /**
   * Labels on the grid of a series.
   *
   * @param labels the labels
   * @param notices what is doubtful about the file and about its series
   */
  public record Labelled(LabelVolume labels, List<Notice> notices) {

    /** Copies the list. */
    public Labelled {
      notices = List.copyOf(notices);
    }
  }
}
