package dev.lss.dicom.seg;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.Uids;
import dev.lss.dicom.data.Vr;
import dev.lss.dicom.derived.Algorithm;
import dev.lss.dicom.derived.Anatomy;
import dev.lss.dicom.derived.LevelDoubt;
import dev.lss.dicom.derived.NewObject;
import dev.lss.dicom.derived.SourceHeader;
import dev.lss.dicom.series.Placement;
import dev.lss.dicom.series.Slice;
import dev.lss.dicom.series.Stack;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the data set of a segmentation (PS3.3 A.51, A.90): the source's own grid, one item a
 * segment, one frame a segment and slice or, of a label map, a slice.
 */
public final class SegWriter {

  /** Segmentation Storage. */
  public static final String BINARY = "1.2.840.10008.5.1.4.1.1.66.4";

  /** Label Map Segmentation Storage. */
  public static final String LABELMAP = "1.2.840.10008.5.1.4.1.1.66.7";

  private static final CodedConcept DERIVATION = new CodedConcept("DCM", "113076", "Segmentation");
  private static final CodedConcept PURPOSE =
      new CodedConcept("DCM", "121322", "Source image for image processing operation");
  private static final int SERIES_NUMBER = 9000;
  private static final int LARGEST_SERIES_NUMBER = 1_000_000;

  /** For segments whose colour another one has already. */
  static final int[] SPARE_COLOURS = {
    0xE6A23C, 0x4FA3E3, 0x67C23A, 0xD65DB1, 0xF0605D, 0x8E7CC3, 0x2AA198, 0xB58900, 0xFF8FA3,
    0x7FB800, 0x3D5A80, 0xC97B63, 0x00B4D8, 0xA7C957, 0x9D4EDD, 0xF9C74F
  };

  private final Stack stack;
  private final SourceHeader header;
  private final Algorithm algorithm;
  private final LabelVolume labels;
  private final boolean isLabelmap;
  private final List<Segment> segments = new ArrayList<>();
  private final List<SegFrame> frames;
  private final List<Integer> slicesWritten;

  /**
   * Prepares a segmentation.
   *
   * @param stack a placed series
   * @param labels labels on its grid
   * @param table what they stand for
   * @param levels which of them are not sure of their level
   */
  public SegWriter(
      Stack stack,
      SourceHeader header,
      Algorithm algorithm,
      LabelVolume labels,
      LabelTable table,
      LevelDoubt levels,
      boolean isLabelmap) {
    this.stack = stack;
    this.header = header;
    this.algorithm = algorithm;
    this.labels = labels;
    this.isLabelmap = isLabelmap;
    Map<Integer, BitSet> slices = new SegPixels(labels).slices();
    Set<Integer> colours = new HashSet<>();
    slices.keySet().forEach(label -> segments.add(segment(label, table, levels, colours)));
    List<BitSet> inOrder = List.copyOf(slices.values());
    this.frames = isLabelmap ? SegPixels.labelmap(inOrder) : SegPixels.binary(inOrder);
    this.slicesWritten = frames.stream().map(SegFrame::slice).distinct().sorted().toList();
  }

  private Segment segment(int label, LabelTable table, LevelDoubt levels, Set<Integer> colours) {
    Optional<LabelTable.Entry> entry = table.byValue(label);
    Structure structure =
        entry.map(LabelTable.Entry::structure).orElseGet(() -> Structure.parse("label " + label));
    int rgb = entry.map(LabelTable.Entry::rgb).orElse(SPARE_COLOURS[0]);
    for (int n = 0; !colours.add(rgb) && n < SPARE_COLOURS.length; n++) {
      rgb = SPARE_COLOURS[n];
    }
    int number = isLabelmap ? label : segments.size() + 1;
    return new Segment(number, label, levels.anatomyOf(structure), rgb, Uids.random());
  }

  /** Returns the segments that are there, in ascending order of labels; none when none is. */
  public List<Segment> segments() {
    return List.copyOf(segments);
  }

  /** Returns the whole data set; the pixels are made while it is written. */
  public NewDataSet dataSet(NewObject object) {
    NewDataSet data = new NewDataSet();
    header.putInto(data);
    header.putFrameOfReferenceInto(data);
    header.putLossInto(data);
    int number = header.seriesNumber().orElse(0);
    boolean isUsual = number >= 0 && number < LARGEST_SERIES_NUMBER;
    object.putInto(
        data, "SEG", SERIES_NUMBER + (isUsual ? number : 0), "LSS segmentation", algorithm);
    data.text(Tag.IMAGE_TYPE, "DERIVED", "PRIMARY")
        .text(Tag.CONTENT_LABEL, "LUMBAR_SPINE")
        .text(Tag.CONTENT_DESCRIPTION, "Lumbar spine, not for diagnostic use")
        .text(Tag.CONTENT_CREATOR_NAME)
        .text(Tag.BURNED_IN_ANNOTATION, "NO")
        .text(Tag.SEGMENTATION_TYPE, isLabelmap ? "LABELMAP" : "BINARY")
        .text(Tag.SEGMENTS_OVERLAP, "NO")
        .items(Tag.SEGMENTS, segments.stream().map(this::item).toList());
    if (!header.instances().isEmpty()) {
      data.items(Tag.REFERENCED_SERIES, header.referencedSeries());
    }
    putPixels(data);
    putDimensions(data);
    data.items(Tag.SHARED_FUNCTIONAL_GROUPS, shared());
    data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS, frames.stream().map(this::group).toList());
    return data;
  }

  private NewDataSet item(Segment segment) {
    Anatomy anatomy = segment.anatomy();
    String label = NewDataSet.fitting(Tag.SEGMENT_LABEL, anatomy.label());
    NewDataSet item =
        new NewDataSet()
            .items(Tag.SEGMENTED_PROPERTY_CATEGORY_CODE, Anatomy.item(Anatomy.CATEGORY))
            .integers(Tag.SEGMENT_NUMBER, segment.number())
            .text(Tag.SEGMENT_LABEL, label)
            .text(Tag.SEGMENT_ALGORITHM_TYPE, algorithm.isLearned() ? "AUTOMATIC" : "SEMIAUTOMATIC")
            .text(Tag.SEGMENT_ALGORITHM_NAME, algorithm.name())
            .integers(Tag.RECOMMENDED_DISPLAY_CIELAB_VALUE, CieLab.of(segment.rgb()))
            .text(Tag.TRACKING_ID, label)
            .text(Tag.TRACKING_UID, segment.trackingUid());
    if (algorithm.isLearned()) {
      item.items(Tag.SEGMENTATION_ALGORITHM_IDENTIFICATION, algorithm.item());
    }
    NewDataSet type = Anatomy.item(anatomy.type());
    anatomy
        .laterality()
        .ifPresent(
            side -> type.items(Tag.SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE, Anatomy.item(side)));
    return item.items(Tag.SEGMENTED_PROPERTY_TYPE_CODE, type);
  }

  private void putPixels(NewDataSet data) {
    SegPixels pixels = new SegPixels(labels);
    int largest = segments.stream().mapToInt(Segment::number).max().orElse(0);
    int bits = !isLabelmap ? 1 : largest < 256 ? 8 : 16;
    data.integers(Tag.SAMPLES_PER_PIXEL, 1)
        .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .integers(Tag.NUMBER_OF_FRAMES, frames.size())
        .integers(Tag.ROWS, labels.extents().j())
        .integers(Tag.COLUMNS, labels.extents().i())
        .integers(Tag.BITS_ALLOCATED, bits)
        .integers(Tag.BITS_STORED, bits)
        .integers(Tag.HIGH_BIT, bits - 1)
        .integers(Tag.PIXEL_REPRESENTATION, 0);
    long voxels = (long) frames.size() * labels.extents().i() * labels.extents().j();
    if (isLabelmap) {
      Vr vr = bits == 8 ? Vr.OB : Vr.OW;
      data.integers(Tag.PIXEL_PADDING_VALUE, 0)
          .bulk(
              Tag.PIXEL_DATA,
              vr,
              voxels * bits / 8,
              out -> pixels.writeLabels(frames, bits / 8, out));
    } else {
      data.bulk(
          Tag.PIXEL_DATA, Vr.OB, (voxels + 7) / 8, out -> pixels.writeBits(frames, segments, out));
    }
  }

  private void putDimensions(NewDataSet data) {
    String organization = Uids.random();
    List<NewDataSet> indices = new ArrayList<>();
    if (!isLabelmap) {
      indices.add(
          new NewDataSet()
              .pointers(Tag.DIMENSION_INDEX_POINTER, Tag.REFERENCED_SEGMENT_NUMBER)
              .pointers(Tag.FUNCTIONAL_GROUP_POINTER, Tag.SEGMENT_IDENTIFICATION)
              .text(Tag.DIMENSION_DESCRIPTION_LABEL, "Segment"));
    }
    indices.add(
        new NewDataSet()
            .pointers(Tag.DIMENSION_INDEX_POINTER, Tag.IMAGE_POSITION_PATIENT)
            .pointers(Tag.FUNCTIONAL_GROUP_POINTER, Tag.PLANE_POSITION)
            .text(Tag.DIMENSION_DESCRIPTION_LABEL, "Position"));
    indices.forEach(index -> index.text(Tag.DIMENSION_ORGANIZATION_UID, organization));
    data.items(
            Tag.DIMENSION_ORGANIZATION,
            new NewDataSet().text(Tag.DIMENSION_ORGANIZATION_UID, organization))
        .items(Tag.DIMENSION_INDEX, indices);
  }

  /** The step between slices is that of their positions: thickness may be another. */
  private NewDataSet shared() {
    Slice first = stack.first();
    double[] spacing = first.pixelSpacing();
    double stepMm = Math.abs(placement().grid().affine().columnK().dot(normal()));
    return new NewDataSet()
        .items(
            Tag.PLANE_ORIENTATION,
            new NewDataSet().decimals(Tag.IMAGE_ORIENTATION_PATIENT, first.orientation()))
        .items(
            Tag.PIXEL_MEASURES,
            new NewDataSet()
                .decimals(Tag.SLICE_THICKNESS, stepMm)
                .decimals(Tag.SPACING_BETWEEN_SLICES, stepMm)
                .decimals(Tag.PIXEL_SPACING, spacing[0], spacing[1]));
  }

  private Vector3 normal() {
    GridGeometry grid = placement().grid();
    Vector3 cross = grid.affine().columnI().cross(grid.affine().columnJ());
    return cross.times(1 / cross.norm());
  }

  private Placement placement() {
    return Objects.requireNonNull(stack.placement());
  }

  private NewDataSet group(SegFrame frame) {
    int rank = 1 + Collections.binarySearch(slicesWritten, frame.slice());
    NewDataSet group =
        new NewDataSet()
            .items(
                Tag.FRAME_CONTENT,
                isLabelmap
                    ? new NewDataSet().integers(Tag.DIMENSION_INDEX_VALUES, rank)
                    : new NewDataSet()
                        .integers(Tag.DIMENSION_INDEX_VALUES, frame.segment() + 1, rank))
            .items(
                Tag.PLANE_POSITION,
                new NewDataSet().decimals(Tag.IMAGE_POSITION_PATIENT, position(frame.slice())));
    if (!isLabelmap) {
      group.items(
          Tag.SEGMENT_IDENTIFICATION,
          new NewDataSet().integers(Tag.REFERENCED_SEGMENT_NUMBER, frame.segment() + 1));
    }
    if (!header.instances().isEmpty() && !isMoved()) {
      NewDataSet source =
          header
              .instances()
              .get(frame.slice())
              .item()
              .text(Tag.SPATIAL_LOCATIONS_PRESERVED, "YES")
              .items(Tag.PURPOSE_OF_REFERENCE_CODE, Anatomy.item(PURPOSE));
      group.items(
          Tag.DERIVATION_IMAGE,
          new NewDataSet()
              .items(Tag.SOURCE_IMAGE, source)
              .items(Tag.DERIVATION_CODE, Anatomy.item(DERIVATION)));
    }
    return group;
  }

  /**
   * Returns whether the labels lie on slices that were moved, and no more on those of the files.
   */
  private boolean isMoved() {
    return !placement().shifts().isEmpty();
  }

  private double[] position(int slice) {
    if (!isMoved()) {
      return stack.slices().get(slice).position();
    }
    Vector3 at = placement().grid().toWorldMm(new Vector3(0, 0, slice));
    return new double[] {at.x(), at.y(), at.z()};
  }
}
