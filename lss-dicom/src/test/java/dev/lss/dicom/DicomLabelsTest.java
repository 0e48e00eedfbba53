package dev.lss.dicom;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.dicom.SegExamples.Example;
import dev.lss.dicom.data.DicomBytes;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Segmentations read back, faulty ones too. */
class DicomLabelsTest {

  /** Voxels of the liver in the sample, as pydicom 3.0.1 and NumPy count them. */
  private static final int LIVER = 107098;

  @TempDir private Path folder;

  private DicomSeries source;

  private static List<Example> examples() {
    return SegExamples.all();
  }

  private static Example sagittal() {
    return examples().stream().filter(e -> e.name().equals("sagittal")).findFirst().orElseThrow();
  }

  private byte[] written(Example example, SegmentationOptions options) throws IOException {
    SegExamples.write(example, folder.resolve("source"));
    source = SegExamples.series(folder.resolve("source"));
    Path file = folder.resolve("seg.dcm");
    SegExamples.write(
        DicomSegmentation.of(
                source, SegExamples.result(SegExamples.labels(source.geometry())), options)
            .orElseThrow(),
        file);
    return Files.readAllBytes(file);
  }

  private DicomLabels read(byte[] file) throws IOException {
    return DicomLabels.read(Files.write(folder.resolve("changed.dcm"), file));
  }

  private static short[] renumbered(LabelVolume labels, Map<Integer, Integer> values) {
    short[] all = labels.toArray();
    for (int n = 0; n < all.length; n++) {
      all[n] = values.getOrDefault((int) all[n], (int) all[n]).shortValue();
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void labels_come_back_on_the_grid_of_their_series(Example example) throws IOException {
    DicomLabels binary = read(written(example, SegmentationOptions.defaults()));
    LabelVolume truth = SegExamples.labels(source.geometry());

    DicomLabels.Labelled back = binary.labelsOf(source);

    assertThat(back.notices()).isEmpty();
    assertThat(back.labels().geometry()).isEqualTo(source.geometry());
    // segment 1 is the muscle; vertebrae have the numbers of VerSe
    assertThat(back.labels().toArray()).isEqualTo(renumbered(truth, Map.of(7, 1)));

    DicomLabels labelmap = read(written(example, SegmentationOptions.defaults().withLabelmap()));
    assertThat(labelmap.labelsOf(source).labels().toArray()).isEqualTo(truth.toArray());
    assertThat(labelmap.notices()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void a_file_alone_gives_the_same_voxels_in_the_same_places(Example example) throws IOException {
    DicomLabels binary = read(written(example, SegmentationOptions.defaults()));
    LabelVolume truth = SegExamples.labels(source.geometry());

    LabelVolume alone = binary.labels();

    long different = 0;
    Extents e = alone.extents();
    for (int k = 0; k < e.k(); k++) {
      for (int j = 0; j < e.j(); j++) {
        for (int i = 0; i < e.i(); i++) {
          Vector3 at = source.geometry().toIndex(binary.grid().toWorldMm(new Vector3(i, j, k)));
          int expected =
              truth.get((int) Math.rint(at.x()), (int) Math.rint(at.y()), (int) Math.rint(at.z()));
          different += alone.get(i, j, k) == (expected == 7 ? 1 : expected) ? 0 : 1;
        }
      }
    }
    assertThat(different).isZero();
    assertThat(alone.count(20)).isEqualTo(truth.count(20));
    assertThat(alone.count(1)).isEqualTo(truth.count(7));
  }

  @Test
  void the_table_names_structures_by_their_codes() throws IOException {
    LabelTable table = read(written(sagittal(), SegmentationOptions.defaults())).table();

    assertThat(table.entries())
        .extracting(e -> e.value() + " " + e.structure().key())
        .containsExactly("1 muscle/multifidus/left", "20 vertebra/L1", "23 vertebra/L4");
  }

  @Test
  void a_converted_image_with_turned_axes_has_the_same_voxels() throws IOException {
    DicomLabels seg = read(written(sagittal(), SegmentationOptions.defaults()));
    GridGeometry grid = source.geometry();
    LabelVolume straight = seg.labelsOn(grid);
    // i' = nk-1-k, j' = i, k' = nj-1-j
    Extents e = grid.extents();
    Affine a = grid.affine();
    Affine turned =
        new Affine(
            a.columnK().times(-1),
            a.columnI(),
            a.columnJ().times(-1),
            a.apply(new Vector3(0, e.j() - 1, e.k() - 1)));

    LabelVolume other = seg.labelsOn(GridGeometry.of(new Extents(e.k(), e.i(), e.j()), turned));

    for (int k = 0; k < e.k(); k++) {
      for (int j = 0; j < e.j(); j++) {
        for (int i = 0; i < e.i(); i++) {
          assertThat(other.get(e.k() - 1 - k, i, e.j() - 1 - j)).isEqualTo(straight.get(i, j, k));
        }
      }
    }
  }

  @Test
  void a_grid_with_other_voxels_is_refused_and_so_is_one_that_is_too_small() throws IOException {
    DicomLabels seg = read(written(sagittal(), SegmentationOptions.defaults()));
    GridGeometry grid = source.geometry();
    Affine half = grid.affine().startingAt(new Vector3(0.5, 0, 0));
    Affine next = grid.affine().startingAt(new Vector3(4, 0, 0));

    assertThat(code(() -> seg.labelsOn(GridGeometry.of(grid.extents(), half))))
        .isEqualTo("GRID_MISMATCH");
    assertThat(code(() -> seg.labelsOn(GridGeometry.of(grid.extents(), next))))
        .isEqualTo("SEG_NOT_OF_IMAGE");
  }

  private interface Call {
    void run() throws IOException;
  }

  private static String code(Call call) {
    InvalidStudyException e = catchThrowableOfType(InvalidStudyException.class, call::run);
    assertThat(e).hasMessageNotContaining("Müller");
    assertThat(e.getMessage().length()).isLessThanOrEqualTo(300 + 100);
    return e.code();
  }

  // ---- faults: bytes of a good file, changed in place ----

  private static int find(byte[] file, byte[] what, int from) {
    for (int n = from; n + what.length <= file.length; n++) {
      if (Arrays.equals(file, n, n + what.length, what, 0, what.length)) {
        return n;
      }
    }
    throw new AssertionError("nothing to change");
  }

  private static byte[] tag(int group, int element) {
    return ByteBuffer.allocate(4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) group)
        .putShort((short) element)
        .array();
  }

  /** Renames an attribute everywhere, so that it is not there any more. */
  private static byte[] without(byte[] file, int group, int element) {
    byte[] changed = file.clone();
    byte[] what = tag(group, element);
    int at = find(changed, what, 132);
    while (true) {
      changed[at + 3] = (byte) 0xee;
      try {
        at = find(changed, what, at);
      } catch (AssertionError none) {
        return changed;
      }
    }
  }

  private static byte[] replaced(byte[] file, String what, String with) {
    assertThat(with).hasSameSizeAs(what);
    byte[] changed = file.clone();
    byte[] bytes = what.getBytes(ISO_8859_1);
    int at = find(changed, bytes, 132);
    System.arraycopy(with.getBytes(ISO_8859_1), 0, changed, at, bytes.length);
    return changed;
  }

  private static int pixels(byte[] file) {
    return find(file, new byte[] {(byte) 0xe0, 0x7f, 0x10, 0, 'O', 'B'}, 132) + 12;
  }

  private static byte[] bitsTurned(byte[] file) {
    byte[] changed = file.clone();
    for (int n = pixels(file); n < file.length; n++) {
      changed[n] = (byte) (Integer.reverse(file[n]) >>> 24);
    }
    return changed;
  }

  private List<String> codesOf(byte[] file) throws IOException {
    return read(file).labelsOf(source).notices().stream().map(Notice::code).toList();
  }

  @Test
  void bits_in_the_wrong_order_are_noticed() throws IOException {
    byte[] good = Files.readAllBytes(RealData.path("dicom/reference").resolve("seg_binary.dcm"));

    assertThat(read(good).notices()).isEmpty();
    assertThat(read(bitsTurned(good)).notices())
        .extracting(Notice::code)
        .containsExactly("BIT_ORDER_DOUBTFUL");
  }

  @Test
  void positions_that_do_not_fit_the_images_are_refused() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    String one = positionText(0);
    String other = positionText(1);

    // the first frame of the first segment and the first frame of the second exchange nothing else
    byte[] exchanged = replaced(good, one, other);
    assertThat(code(() -> read(exchanged).labelsOf(source))).isIn("SEG_NOT_OF_IMAGE", "BAD_SEG");
    byte[] moved = good.clone();
    for (int k = 0; k < 5; k++) {
      moved = everywhere(moved, positionText(k), positionText(k).replace("33.4", "34.4"));
    }
    byte[] shifted = moved;
    assertThat(code(() -> read(shifted).labelsOf(source))).isEqualTo("SEG_NOT_OF_IMAGE");
    byte[] mirrored = good;
    for (int k = 0; k < 2; k++) {
      mirrored = everywhere(mirrored, positionText(k), "@".repeat(positionText(k).length()));
      mirrored = everywhere(mirrored, positionText(4 - k), positionText(k));
      mirrored = everywhere(mirrored, "@".repeat(positionText(k).length()), positionText(4 - k));
    }
    byte[] turned = mirrored;
    assertThat(code(() -> read(turned).labelsOf(source))).isEqualTo("SEG_NOT_OF_IMAGE");
  }

  private static byte[] everywhere(byte[] file, String what, String with) {
    return new String(file, ISO_8859_1).replace(what, with).getBytes(ISO_8859_1);
  }

  private String positionText(int k) {
    double[] p = source.stack().slices().get(k).position();
    return NewDataSet.decimal(p[0])
        + "\\"
        + NewDataSet.decimal(p[1])
        + "\\"
        + NewDataSet.decimal(p[2]);
  }

  @Test
  void a_background_item_whose_number_is_not_the_padding_value_is_no_segment() throws IOException {
    byte[] file = written(sagittal(), SegmentationOptions.defaults().withLabelmap());
    file = replaced(replaced(file, "7:508 ", "125040"), "MDC ", "DCM ");
    file[find(file, tag(0x0062, 0x0004), 0) + 8] = 0;
    file[find(file, tag(0x0028, 0x0120), 0) + 8] = (byte) 255;
    for (int n = pixels(file); n < file.length; n++) {
      file[n] = file[n] == 7 ? 0 : file[n];
    }

    DicomLabels labels = read(file);

    LabelVolume truth = SegExamples.labels(source.geometry());
    assertThat(labels.table().entries())
        .extracting(LabelTable.Entry::value)
        .containsExactly(20, 23);
    assertThat(labels.labelsOf(source).labels().toArray())
        .isEqualTo(renumbered(truth, Map.of(7, 0)));
  }

  @Test
  void a_level_that_was_not_sure_comes_back_as_likely_and_is_noticed() throws IOException {
    SegExamples.write(sagittal(), folder.resolve("series"));
    source = SegExamples.series(folder.resolve("series"));
    SegmentationResult unsure =
        SegExamples.result(SegExamples.labels(source.geometry())).toBuilder()
            .notices(List.of(new Notice("LEVELS_AMBIGUOUS", "five or six")))
            .build();
    Path file = folder.resolve("unsure.dcm");
    SegExamples.write(
        DicomSegmentation.of(source, unsure, SegmentationOptions.defaults()).orElseThrow(), file);

    DicomLabels labels = DicomLabels.read(file);

    assertThat(labels.notices()).extracting(Notice::code).containsExactly("SEG_LEVELS_NOT_SURE");
    assertThat(labels.table().entries())
        .extracting(e -> e.value() + " " + e.structure().key())
        .containsExactly("1 muscle/multifidus/left", "20 vertebra/L1", "23 vertebra/L4");
    String text = Files.readString(file, ISO_8859_1);
    assertThat(text).contains("51282000", "L1 vertebra, level not sure");
    assertThat(text).doesNotContain("66794005", "11994002");
  }

  @Test
  void a_file_that_does_not_name_its_images_is_noticed() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());

    assertThat(codesOf(without(good, 0x0008, 0x9124))).containsExactly("SEG_WITHOUT_SOURCE");
    assertThat(codesOf(without(good, 0x0008, 0x1115))).containsExactly("SEG_WITHOUT_SOURCE");
  }

  @Test
  void another_frame_of_reference_direction_or_spacing_is_refused() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    String uid =
        source
            .stack()
            .first()
            .file()
            .data()
            .text(dev.lss.dicom.data.Tag.FRAME_OF_REFERENCE_UID)
            .orElseThrow();

    assertThat(
            code(
                () ->
                    read(replaced(good, uid, uid.substring(0, uid.length() - 3) + "999"))
                        .labelsOf(source)))
        .isEqualTo("SEG_NOT_OF_IMAGE");
    assertThat(
            code(
                () ->
                    read(replaced(good, "0\\1\\0\\0\\0\\-1", "0\\1\\0\\0\\0\\01"))
                        .labelsOf(source)))
        .isEqualTo("SEG_NOT_OF_IMAGE");
    assertThat(code(() -> read(replaced(good, "0.75\\0.4375", "0.85\\0.4375")).labelsOf(source)))
        .isEqualTo("SEG_NOT_OF_IMAGE");
  }

  @Test
  void images_that_were_exchanged_are_refused() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    List<String> uids =
        source.stack().slices().stream()
            .map(s -> s.file().data().text(dev.lss.dicom.data.Tag.SOP_INSTANCE_UID).orElseThrow())
            .toList();
    String longest = uids.get(0);
    String same =
        uids.stream().skip(1).filter(u -> u.length() == longest.length()).findFirst().orElseThrow();
    int groups = find(good, tag(0x5200, 0x9230), 132);
    String head = new String(good, 0, groups, ISO_8859_1);
    String tail = new String(good, groups, good.length - groups, ISO_8859_1);
    String spare = "@".repeat(longest.length());
    byte[] exchanged =
        (head + tail.replace(longest, spare).replace(same, longest).replace(spare, same))
            .getBytes(ISO_8859_1);

    assertThat(code(() -> read(exchanged).labelsOf(source))).isEqualTo("SEG_NOT_OF_IMAGE");
  }

  @Test
  void numbers_with_a_hole_and_frames_of_no_segment_are_refused() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    byte[] hole = good.clone();
    int number = find(good, new byte[] {0x62, 0, 4, 0, 'U', 'S', 2, 0, 2, 0}, 132);
    hole[number + 8] = 4;
    byte[] lost = good.clone();
    int frame = find(good, new byte[] {0x62, 0, 0x0b, 0, 'U', 'S', 2, 0, 2, 0}, 132);
    lost[frame + 8] = 9;

    assertThat(code(() -> read(hole))).isEqualTo("BAD_SEG");
    assertThat(code(() -> read(lost))).isEqualTo("BAD_SEG");
  }

  @Test
  void a_missing_frame_is_refused() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    int at = pixels(good);
    int length = (good.length - at) - 12;
    byte[] cut = Arrays.copyOf(good, at + length);
    ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(at - 4, length);

    assertThat(code(() -> read(cut))).isEqualTo("PIXEL_LENGTH");
  }

  @Test
  void a_wrong_code_is_noticed_and_not_taken_for_a_structure() throws IOException {
    byte[] wrong =
        everywhere(written(sagittal(), SegmentationOptions.defaults()), "11994002", "11994003");

    DicomLabels labels = read(wrong);

    assertThat(codesOf(wrong)).containsExactly("SEGMENTS_BY_NUMBER", "CODE_INVALID");
    assertThat(labels.table().byValue(3).orElseThrow().structure().key()).isEqualTo("L4 vertebra");
    assertThat(labels.table().byValue(23)).isEmpty();
  }

  @Test
  void probabilities_and_other_objects_are_refused_by_name() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    int at = find(good, new byte[] {0x62, 0, 1, 0, 'C', 'S', 6, 0}, 132);
    byte[] fractional =
        DicomBytes.set()
            .raw(Arrays.copyOf(good, at))
            .text(0x00620001, "CS", "FRACTIONAL")
            .raw(Arrays.copyOfRange(good, at + 14, good.length))
            .toArray();

    assertThat(code(() -> read(fractional))).isEqualTo("FRACTIONAL_SEG");
    assertThatThrownBy(() -> DicomLabels.read(folder.resolve("source").resolve("0.dcm")))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("it is no segmentation but MR; give images with --input");
    assertThat(code(() -> DicomLabels.read(folder.resolve("source")))).isEqualTo("NOT_A_SEG");
  }

  @Test
  void segments_that_overlap_are_refused_with_their_numbers() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    byte[] full = good.clone();
    Arrays.fill(full, pixels(good), good.length, (byte) 0xff);

    assertThatThrownBy(() -> read(full).labelsOf(source))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("segments 1 and 2 have voxels in common");
  }

  private DicomLabels slices(int from, int to, String name) throws IOException {
    GridGeometry grid = source.geometry();
    short[] labels = SegExamples.labels(grid).toArray();
    int plane = grid.extents().i() * grid.extents().j();
    Arrays.fill(labels, 0, from * plane, (short) 0);
    Arrays.fill(labels, to * plane, labels.length, (short) 0);
    Path file = folder.resolve(name);
    SegExamples.write(
        DicomSegmentation.of(
                source,
                SegExamples.result(LabelVolume.wrap(grid, labels)),
                SegmentationOptions.defaults())
            .orElseThrow(),
        file);
    return DicomLabels.read(file);
  }

  @Test
  void two_files_of_one_image_have_a_grid_in_common() throws IOException {
    written(sagittal(), SegmentationOptions.defaults());
    DicomLabels upper = slices(0, 2, "upper.dcm");
    DicomLabels lower = slices(2, 5, "lower.dcm");

    GridGeometry both = upper.gridWith(lower).orElseThrow();

    assertThat(upper.grid().extents().k()).isEqualTo(2);
    assertThat(lower.grid().extents().k()).isEqualTo(3);
    assertThat(both.sameAs(source.geometry(), GridGeometry.SAME_VOXELS)).isTrue();
    short[] together = upper.labelsOn(both).toArray();
    short[] rest = lower.labelsOn(both).toArray();
    for (int n = 0; n < rest.length; n++) {
      together[n] += rest[n];
    }
    assertThat(together).isEqualTo(renumbered(SegExamples.labels(source.geometry()), Map.of(7, 1)));
  }

  @Test
  void frames_that_lie_far_apart_are_not_taken_for_a_volume() throws IOException {
    byte[] good = written(sagittal(), SegmentationOptions.defaults());
    byte[] far = everywhere(good, positionText(0), positionText(0).replace("-71.25", "-90071"));
    byte[] farther = everywhere(good, positionText(0), positionText(0).replace("-71.25", "-9e5.0"));

    assertThat(read(far).grid().extents().k()).isGreaterThan(20_000);
    assertThat(code(() -> read(far).labelsOf(source))).isIn("SEG_NOT_OF_IMAGE");
    assertThat(code(() -> read(farther))).isIn("BAD_SEG", "BAD_ORIENTATION");
  }

  @Test
  void segmentations_of_other_programs_are_read() throws IOException {
    Path samples = RealData.path("dicom/samples");
    DicomLabels liver = DicomLabels.read(samples.resolve("liver.dcm"));
    DicomLabels deflated = DicomLabels.read(samples.resolve("liver_deflate.dcm"));

    LabelVolume labels = liver.labels();
    assertThat(labels.extents()).hasToString("512 x 512 x 3");
    assertThat(liver.notices()).extracting(Notice::code).containsExactly("SEGMENTS_BY_NUMBER");
    assertThat(liver.table().byValue(1).orElseThrow().structure().key()).isEqualTo("Liver");
    // the bits of the three frames that pydicom 3.0.1 counts
    assertThat(labels.count(1)).isEqualTo(LIVER);
    assertThat(deflated.labels().toArray()).isEqualTo(labels.toArray());
  }

  @Test
  void the_reference_files_hold_what_was_published_with_them() throws IOException {
    DicomSeries series = SegExamples.series(RealData.path("dicom/series/s00_ok"));
    for (String name : List.of("seg_binary.dcm", "seg_labelmap.dcm")) {
      DicomLabels seg = DicomLabels.read(RealData.path("dicom/reference").resolve(name));

      DicomLabels.Labelled back = seg.labelsOf(series);

      assertThat(back.notices()).as(name).isEmpty();
      assertThat(seg.table().entries())
          .extracting(e -> e.value() + " " + e.structure().key())
          .containsExactly("2 muscle/erector-spinae/left", "23 vertebra/L4");
      // rows 10 to 29, columns 10 to 29 of four slices; rows 35 to 49, columns 20 to 39 of four
      assertThat(back.labels().count(23)).isEqualTo(20 * 20 * 4);
      assertThat(back.labels().count(2)).isEqualTo(15 * 20 * 4);
      int[] slices = new int[8];
      for (int k = 0; k < 8; k++) {
        slices[k] = back.labels().get(10, 10, k) + back.labels().get(39, 49, k);
        assertThat(back.labels().get(9, 10, k)).isZero();
      }
      // the files are stored along the normal or against it
      assertThat(slices)
          .isIn(new int[] {0, 0, 23, 25, 25, 25, 2, 0}, new int[] {0, 2, 25, 25, 25, 23, 0, 0});
    }
  }

  /** Made by tools/seg_fixtures.py of the first three labels of an oblique series. */
  private DicomLabels fixture(String name) throws IOException {
    Example oblique =
        examples().stream().filter(e -> e.name().equals("oblique-1")).findFirst().orElseThrow();
    SegExamples.write(oblique, folder.resolve("source"));
    source = SegExamples.series(folder.resolve("source"));
    try (InputStream in = DicomLabelsTest.class.getResourceAsStream("seg/" + name + ".dcm")) {
      return read(Objects.requireNonNull(in, name).readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"highdicom-binary", "highdicom-labelmap", "dcmqi-binary"})
  void files_of_highdicom_and_dcmqi_give_the_labels_that_they_were_made_of(String name)
      throws IOException {
    DicomLabels labels = fixture(name);

    DicomLabels.Labelled back = labels.labelsOf(source);

    LabelVolume truth = SegExamples.labels(source.geometry());
    assertThat(back.labels().toArray()).isEqualTo(renumbered(truth, Map.of(7, 1)));
    assertThat(labels.labels().count(20)).isEqualTo(truth.count(20));
    // the multifidus has no side there, so its code alone says too little
    assertThat(back.notices()).extracting(Notice::code).containsExactly("SEGMENTS_BY_NUMBER");
  }

  @Test
  void overlapping_segments_and_probabilities_of_highdicom_are_refused() {
    assertThat(code(() -> fixture("highdicom-overlap").labels())).isEqualTo("SEGMENTS_OVERLAP");
    assertThat(code(() -> fixture("highdicom-fractional"))).isEqualTo("FRACTIONAL_SEG");
  }
}
