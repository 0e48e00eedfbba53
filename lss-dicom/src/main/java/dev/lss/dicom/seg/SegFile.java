package dev.lss.dicom.seg;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.ResourceException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.data.TransferSyntax;
import dev.lss.dicom.pixel.Frames;
import dev.lss.dicom.pixel.PixelFormat;
import dev.lss.dicom.series.Slice;
import dev.lss.dicom.series.Stack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A segmentation as a file holds it. Its attributes were looked at; its frames are read when they
 * are asked for. Immutable.
 *
 * <p>Frames lie where their positions say. What the file says about the images that it was made of
 * is held against a series only where there is one.
 */
public final class SegFile {

  private static final int MOST_SEGMENTS = 65535;
  private static final int NAMED = 5;

  /** How many voxels a grid of its own may have, and how many for each pixel of the frames. */
  private static final long ALWAYS_ALLOWED = 1L << 24;

  private static final long LARGEST_RATIO = 64;

  /** How far a frame may lie from the image that it refers to, in pixels. */
  private static final double SAME_PLACE = 0.05;

  private final DicomFile file;
  private final Frames frames;
  private final List<Slice> slices;
  private final List<DataSet> groups;
  private final boolean isLabelmap;
  private final int background;
  private final List<SegInfo> segments;
  private final SegLabels labels;
  private final GridGeometry grid;
  private final List<Notice> notices = new ArrayList<>();

  private SegFile(DicomFile file) throws IOException {
    this.file = file;
    this.isLabelmap = isLabelmap(file);
    this.frames = Frames.of(file);
    PixelFormat format = frames.format();
    boolean fits =
        format.samples() == 1
            && !format.isSigned()
            && (isLabelmap
                ? format.bitsAllocated() == 8 || format.bitsAllocated() == 16
                : format.bitsAllocated() == 1);
    if (!fits) {
      throw bad("its pixels must have one sample of 1 bit, of a label map of 8 or 16 bits");
    }
    frames.refuseUnreadable();
    this.groups = file.data().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    if (groups.size() != format.frames()) {
      throw bad(
          "it has %s frames and describes %s of them".formatted(format.frames(), groups.size()));
    }
    this.background = file.data().integer(Tag.PIXEL_PADDING_VALUE).orElse(0);
    this.segments = segments();
    this.labels = SegLabels.of(segments);
    this.slices = Slice.of(file);
    this.grid = SegLattice.of(slices).grid();
    refuseDoubleFrames();
    notice();
  }

  /** Returns whether a file says that it is a segmentation of either kind. */
  public static boolean isOne(DicomFile file) {
    String sopClass = Slice.sopClass(file);
    return sopClass.equals(SegWriter.BINARY) || sopClass.equals(SegWriter.LABELMAP);
  }

  /**
   * Looks at a file.
   *
   * @throws InvalidStudyException {@code NOT_A_SEG}, {@code FRACTIONAL_SEG}, {@code BAD_SEG} and
   *     those of geometry and pixels
   */
  public static SegFile of(DicomFile file) throws IOException {
    if (!isOne(file)) {
      String modality = file.data().text(Tag.MODALITY).orElse("");
      throw DicomFault.of(
          "NOT_A_SEG",
          file.name(),
          "it is no segmentation%s; give images with --input and labels with --labels"
              .formatted(modality.matches("[A-Z]{2,6}") ? " but " + modality : ""));
    }
    return new SegFile(file);
  }

  private static boolean isLabelmap(DicomFile file) {
    String type = file.data().text(Tag.SEGMENTATION_TYPE).orElse("");
    return switch (type) {
      case "BINARY" -> false;
      case "LABELMAP" -> true;
      case "FRACTIONAL" ->
          throw DicomFault.of(
              "FRACTIONAL_SEG",
              file.name(),
              "it holds probabilities or shares of voxels; write it as BINARY or LABELMAP");
      default ->
          throw DicomFault.of(
              "BAD_SEG", file.name(), "its type %s is none".formatted(Tag.SEGMENTATION_TYPE));
    };
  }

  private List<SegInfo> segments() {
    List<SegInfo> found = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    for (DataSet item : file.data().items(Tag.SEGMENTS)) {
      SegInfo segment = SegInfo.of(item);
      boolean isBackground =
          isLabelmap
              && (segment.number() == background
                  || (segment.number() == 0 && SegInfo.isBackground(item)));
      if (!isBackground && (segment.number() < 1 || segment.number() > MOST_SEGMENTS)) {
        throw bad("a segment has no number from 1 to 65535");
      }
      if (!numbers.add(segment.number())) {
        throw bad("two segments have the number " + segment.number());
      }
      if (!isBackground) {
        found.add(segment);
      }
      if (!isLabelmap && segment.number() != found.size()) {
        throw bad(
            "its segments must be numbered 1, 2, 3 and so on, number %s is %s"
                .formatted(found.size(), segment.number()));
      }
    }
    if (found.isEmpty()) {
      throw bad("it describes no segment");
    }
    return found;
  }

  private int segmentOf(int frame) {
    int number =
        groups
            .get(frame)
            .item(Tag.SEGMENT_IDENTIFICATION)
            .or(
                () ->
                    file.data()
                        .item(Tag.SHARED_FUNCTIONAL_GROUPS)
                        .flatMap(shared -> shared.item(Tag.SEGMENT_IDENTIFICATION)))
            .map(item -> item.integer(Tag.REFERENCED_SEGMENT_NUMBER).orElse(-1))
            .orElse(-1);
    if (number < 1 || number > segments.size()) {
      throw bad("frame %s belongs to no segment that is described".formatted(frame + 1));
    }
    return number;
  }

  private void refuseDoubleFrames() {
    Set<Long> seen = new HashSet<>();
    for (int f = 0; f < slices.size(); f++) {
      long plane = ExactMap.planeOf(grid, slices.get(f).position());
      long segment = isLabelmap ? 0 : segmentOf(f);
      if (!seen.add(plane * (MOST_SEGMENTS + 1) + segment)) {
        throw bad("two frames of one segment lie in one place; the second is " + (f + 1));
      }
    }
  }

  private void notice() throws IOException {
    notices.addAll(labels.notices(file.name()));
    long lost = groups.stream().filter(group -> reference(group).isEmpty()).count();
    boolean isListed = !file.data().items(Tag.REFERENCED_SERIES).isEmpty();
    if (lost > 0 || !isListed) {
      notices.add(
          new Notice(
              "SEG_WITHOUT_SOURCE",
              "%s: it does not say in full which images it was made of; its positions alone count"
                  .formatted(file.name())));
    }
    if (!isLabelmap && file.syntax().codec() == TransferSyntax.Codec.NATIVE) {
      BitOrder order = new BitOrder();
      for (int f = 0; f < slices.size() && order.wantsMore(); f++) {
        order.add(frames.numbers(f), (long) f * frames.format().pixels());
      }
      if (order.isDoubtful()) {
        notices.add(
            new Notice(
                "BIT_ORDER_DOUBTFUL",
                file.name() + ": outlines are ragged as if its writer had turned the bits around"));
      }
    }
  }

  /** Returns what is doubtful about the file alone. */
  public List<Notice> notices() {
    return List.copyOf(notices);
  }

  /** Returns label values, structures and names. */
  public SegLabels labels() {
    return labels;
  }

  /** Returns the smallest grid that holds all frames. */
  public GridGeometry grid() {
    return grid;
  }

  /** The image of which a frame was made, by identifier and number of the frame, 0 for none. */
  private record Reference(String instance, int frame) {}

  private static Optional<Reference> reference(DataSet group) {
    return group
        .item(Tag.DERIVATION_IMAGE)
        .flatMap(derivation -> derivation.item(Tag.SOURCE_IMAGE))
        .flatMap(
            image ->
                image
                    .text(Tag.REFERENCED_SOP_INSTANCE_UID)
                    .map(
                        uid ->
                            new Reference(
                                uid, image.integer(Tag.REFERENCED_FRAME_NUMBER).orElse(0))));
  }

  /**
   * Holds the file against a series: one frame of reference, and every frame in the place of the
   * image that it refers to. A segmentation of another series in the same place is let pass.
   *
   * @return what is doubtful
   * @throws InvalidStudyException {@code SEG_NOT_OF_IMAGE}
   */
  public List<Notice> requireOf(Stack stack) {
    String ours = file.data().text(Tag.FRAME_OF_REFERENCE_UID).orElse("");
    String theirs = stack.first().file().data().text(Tag.FRAME_OF_REFERENCE_UID).orElse("");
    if (!ours.equals(theirs)) {
      throw stranger("its frame of reference is another than that of the image");
    }
    Map<Reference, Slice> images = new HashMap<>();
    for (Slice slice : stack.slices()) {
      String uid = slice.file().data().text(Tag.SOP_INSTANCE_UID).orElse("");
      images.put(new Reference(uid, slice.frame() + 1), slice);
      if (slice.format().frames() == 1) {
        images.put(new Reference(uid, 0), slice);
      }
    }
    int known = 0;
    int named = 0;
    for (int f = 0; f < groups.size(); f++) {
      Optional<Reference> reference = reference(groups.get(f));
      Slice image = reference.map(images::get).orElse(null);
      named += reference.isPresent() ? 1 : 0;
      if (image != null) {
        known++;
        requireSamePlace(f, image);
      }
    }
    if (known < named && known > 0) {
      throw stranger(
          "%s of %s frames refer to images that are not in the series"
              .formatted(named - known, groups.size()));
    }
    return named > 0 && known == 0
        ? List.of(
            new Notice(
                "SEG_OF_OTHER_SERIES",
                file.name() + ": it was made of another series in the same place"))
        : List.of();
  }

  private void requireSamePlace(int frame, Slice image) {
    Slice ours = slices.get(frame);
    double[] a = ours.position();
    double[] b = image.position();
    double pixel = Math.min(image.pixelSpacing()[0], image.pixelSpacing()[1]);
    boolean isSame =
        a.length == b.length
            && SegLattice.apart(a, b) <= SAME_PLACE * pixel
            && SegLattice.apart(ours.orientation(), image.orientation()) <= 1e-3
            && ours.format().rows() == image.format().rows()
            && ours.format().columns() == image.format().columns()
            && SegLattice.apart(ours.pixelSpacing(), image.pixelSpacing()) <= 1e-3 * pixel;
    if (!isSame) {
      throw stranger("frame %s does not lie on the image that it refers to".formatted(frame + 1));
    }
  }

  /**
   * Reads the labels onto a grid that has the same voxels: axes may be exchanged and turned around.
   *
   * @throws InvalidStudyException {@code GRID_MISMATCH} when its voxels are others, {@code
   *     SEG_NOT_OF_IMAGE} when something lies outside, {@code SEGMENTS_OVERLAP} when two segments
   *     have a voxel in common
   */
  public LabelVolume labelsOn(GridGeometry target) throws IOException {
    refuseTooLarge(target);
    short[] values = new short[target.extents().voxels()];
    for (int f = 0; f < slices.size(); f++) {
      put(f, target, values);
    }
    return LabelVolume.wrap(target, values);
  }

  /**
   * Reads the labels onto the smallest grid that holds all frames.
   *
   * @throws InvalidStudyException {@code BAD_SEG} when the frames lie so far apart that the grid
   *     would be much larger than they are; {@code SEGMENTS_OVERLAP}
   */
  public LabelVolume labelsAlone() throws IOException {
    long stored = slices.size() * frames.format().pixels();
    if (grid.extents().voxels() > Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * stored)) {
      throw bad(
          "its %s frames lie on %s planes, too far apart to be one volume"
              .formatted(slices.size(), grid.extents().k()));
    }
    return labelsOn(grid);
  }

  /** Frames are placed one by one: their planes may drift sideways, as those of the series do. */
  private ExactMap place(int frame, GridGeometry target) {
    Slice slice = slices.get(frame);
    Extents plane = new Extents(slice.format().columns(), slice.format().rows(), 1);
    GridGeometry from =
        GridGeometry.ofDicom(plane, slice.position(), slice.orientation(), slice.pixelSpacing(), 1);
    return ExactMap.of(from, target)
        .orElseThrow(
            () ->
                DicomFault.of(
                    "GRID_MISMATCH",
                    file.name(),
                    "its voxels (%s) are not those of the image (%s)"
                        .formatted(grid.describe(), target.describe())));
  }

  private void put(int frame, GridGeometry target, short[] values) throws IOException {
    ExactMap map = place(frame, target);
    Extents extents = target.extents();
    int[] pixels = frames.numbers(frame);
    int segment = isLabelmap ? 1 : segmentOf(frame);
    int columns = frames.format().columns();
    int[] first = map.apply(0, 0, 0);
    int[] right = map.step(0);
    int[] down = map.step(1);
    for (int n = 0; n < pixels.length; n++) {
      int number = pixels[n] * segment;
      if (number == 0 || (isLabelmap && number == background)) {
        continue;
      }
      int c = n % columns;
      int r = n / columns;
      int i = first[0] + c * right[0] + r * down[0];
      int j = first[1] + c * right[1] + r * down[1];
      int k = first[2] + c * right[2] + r * down[2];
      if (!extents.contains(i, j, k)) {
        throw stranger("something lies outside the image");
      }
      short label = (short) label(number);
      int at = extents.offset(i, j, k);
      if (values[at] != 0 && values[at] != label) {
        throw overlap(Short.toUnsignedInt(values[at]), number);
      }
      values[at] = label;
    }
  }

  private int label(int number) {
    int label = labels.valueOf(number);
    if (label == 0) {
      throw bad("a pixel has the value %s, and no segment has this number".formatted(number));
    }
    return label;
  }

  private InvalidStudyException overlap(int label, int number) {
    String names =
        segments.stream()
            .filter(s -> s.number() == number || labels.valueOf(s.number()) == label)
            .map(s -> String.valueOf(s.number()))
            .limit(NAMED)
            .collect(Collectors.joining(" and "));
    return DicomFault.of(
        "SEGMENTS_OVERLAP",
        file.name(),
        "segments %s have voxels in common, labels cannot; write them as files of their own"
            .formatted(names));
  }

  private void refuseTooLarge(GridGeometry target) {
    long heap = Runtime.getRuntime().maxMemory();
    long needed = 2L * target.extents().voxels();
    if (2 * needed > heap) {
      throw new ResourceException(
          "TOO_LARGE",
          "%s: labels of %s voxels need twice %s MB, the heap has %s MB"
              .formatted(file.name(), target.extents(), needed >> 20, heap >> 20));
    }
  }

  private InvalidStudyException bad(String what) {
    return DicomFault.of("BAD_SEG", file.name(), what);
  }

  private InvalidStudyException stranger(String what) {
    return DicomFault.of(
        "SEG_NOT_OF_IMAGE", file.name(), what + "; give the series that it was made of");
  }
}
