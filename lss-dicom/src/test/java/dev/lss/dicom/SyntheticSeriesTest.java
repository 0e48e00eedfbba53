package dev.lss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.dicom.data.DicomBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Series that are made here, so that every number of them is known. */
class SyntheticSeriesTest {

  private static final SeriesRole ANY = new SeriesRole("any");
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final int ROWS = 3;
  private static final int COLUMNS = 4;
  private static final int SLICES = 5;
  private static final double ROW_MM = 0.7;
  private static final double COLUMN_MM = 0.4;

  @TempDir private Path folder;

  /** One slice that can be changed before it is written. */
  private static final class Maker {
    String modality = "MR";
    String imageType = "ORIGINAL\\PRIMARY\\M";
    String description = "";
    String photometric = "MONOCHROME2";
    String orientation = "1\\0\\0\\0\\1\\0";
    String position = "0\\0\\0";
    String rescale = "";
    String number = "1";
    int padding = -1;
    String patient = "";
    double[] gradient = {};
    int offset;

    DicomBytes bytes() {
      int[] pixels = new int[ROWS * COLUMNS];
      for (int n = 0; n < pixels.length; n++) {
        pixels[n] = offset + n;
      }
      DicomBytes bytes =
          DicomBytes.file(EXPLICIT)
              .text(0x00080008, "CS", imageType)
              .text(0x00080060, "CS", modality)
              .text(0x0008103e, "LO", description)
              .text(0x00100010, "PN", patient)
              .text(0x00100020, "LO", patient)
              .text(0x00100030, "DA", patient)
              .text(0x00180050, "DS", "9")
              .bytes(0x00189089, "FD", littleEndian(gradient))
              .text(0x0020000e, "UI", "1.2.3")
              .text(0x00200013, "IS", number)
              .text(0x00200032, "DS", position)
              .text(0x00200037, "DS", orientation)
              .text(0x00280004, "CS", photometric)
              .shorts(0x00280010, "US", ROWS)
              .shorts(0x00280011, "US", COLUMNS)
              .text(0x00280030, "DS", ROW_MM + "\\" + COLUMN_MM)
              .shorts(0x00280100, "US", 16)
              .shorts(0x00280101, "US", 12);
      if (padding >= 0) {
        bytes.shorts(0x00280120, "US", padding);
      }
      if (!rescale.isEmpty()) {
        bytes.text(0x00281052, "DS", "-1024").text(0x00281053, "DS", rescale);
      }
      return bytes.shorts(0x7fe00010, "OW", pixels);
    }
  }

  private static byte[] littleEndian(double... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(numbers);
    return bytes.array();
  }

  @Test
  void diffusion_images_are_told_apart_by_their_gradients() throws IOException {
    for (int n = 0; n < 2 * SLICES; n++) {
      Maker maker = new Maker();
      maker.position = "0\\0\\" + n % SLICES;
      maker.number = String.valueOf(n + 1);
      maker.gradient = n < SLICES ? new double[] {1, 0, 0} : new double[] {0, 1, 0};
      maker.offset = n;
      write(n + ".dcm", maker);
    }

    List<DicomSeries> all = Dicom.scan(folder).series();

    assertThat(all).extracting(DicomSeries::part).containsExactly("b value 1", "b value 2");
    assertThat(all.get(1).read(ANY).series().volume().get(0, 0, 0)).isEqualTo(SLICES);
  }

  private void write(String name, Maker maker) throws IOException {
    Files.write(folder.resolve(name), maker.bytes().toArray());
  }

  private DicomSeries only() throws IOException {
    List<DicomSeries> all = Dicom.scan(folder).series();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static List<String> codes(List<Notice> notices) {
    return notices.stream().map(Notice::code).toList();
  }

  private static String text(Vector3 v) {
    return v.x() + "\\" + v.y() + "\\" + v.z();
  }

  /**
   * All ways to lay rows and columns along the patient's axes, both stackings, and oblique ones.
   */
  private static Stream<List<Vector3>> orientations() {
    List<List<Vector3>> all = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      for (int other = 1; other < 3; other++) {
        for (int signs = 0; signs < 8; signs++) {
          Vector3 row = unit(axis, (signs & 1) == 0 ? 1 : -1);
          Vector3 column = unit((axis + other) % 3, (signs & 2) == 0 ? 1 : -1);
          Vector3 step = row.cross(column).times((signs & 4) == 0 ? 2.5 : -2.5);
          all.add(List.of(row, column, step));
        }
      }
    }
    Random random = new Random(4);
    for (int n = 0; n < 20; n++) {
      Vector3 row = normal(random);
      Vector3 column = row.cross(normal(random));
      column = column.times(1 / column.norm());
      all.add(List.of(row, column, row.cross(column).times(n % 2 == 0 ? 1.1 : -3)));
    }
    return all.stream();
  }

  private static Vector3 unit(int axis, double sign) {
    return new Vector3(0, 0, 0).with(axis, sign);
  }

  private static Vector3 normal(Random random) {
    Vector3 v = new Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
    return v.times(1 / v.norm());
  }

  @ParameterizedTest
  @MethodSource("orientations")
  void every_voxel_lies_where_its_slice_put_it(List<Vector3> axes) throws IOException {
    Vector3 origin = new Vector3(-31.5, 12.25, 400);
    for (int k = 0; k < SLICES; k++) {
      Maker maker = new Maker();
      maker.orientation = text(axes.get(0)) + "\\" + text(axes.get(1));
      maker.position = text(origin.plus(axes.get(2).times(k)));
      maker.offset = 100 * k;
      write((k * 3) % SLICES + ".dcm", maker);
    }

    Volume volume = only().read(ANY).series().volume();

    assertThat(volume.extents()).isEqualTo(new Extents(COLUMNS, ROWS, SLICES));
    for (int k = 0; k < SLICES; k++) {
      for (int j = 0; j < ROWS; j++) {
        for (int i = 0; i < COLUMNS; i++) {
          int value = (int) volume.get(i, j, k);
          Vector3 expected =
              origin
                  .plus(axes.get(2).times(value / 100))
                  .plus(axes.get(1).times(ROW_MM * (value % 100 / COLUMNS)))
                  .plus(axes.get(0).times(COLUMN_MM * (value % 100 % COLUMNS)));
          Vector3 there = volume.geometry().toWorldMm(new Vector3(i, j, k));
          assertThat(there.minus(expected).norm()).isLessThan(1e-9);
        }
      }
    }
  }

  private void twoSlices(Maker first, Maker second) throws IOException {
    first.position = "0\\0\\0";
    second.position = "0\\0\\2";
    second.offset = 50;
    write("a.dcm", first);
    write("b.dcm", second);
  }

  @ParameterizedTest
  @CsvSource({"0.00001, 1, ''", "0.0005, 1, ORIENTATION_VARIES", "0.01, 2, ''"})
  void directions_that_differ_by_rounding_are_one(double by, int series, String code)
      throws IOException {
    Maker second = new Maker();
    second.orientation = "1\\" + by + "\\0\\" + -by + "\\1\\0";
    twoSlices(new Maker(), second);

    List<DicomSeries> all = Dicom.scan(folder).series();

    assertThat(all).hasSize(series);
    assertThat(codes(all.get(0).notices()).contains("ORIENTATION_VARIES"))
        .isEqualTo(!code.isEmpty());
  }

  @Test
  void a_ct_is_rescaled_and_its_padding_is_air() throws IOException {
    Maker first = new Maker();
    Maker second = new Maker();
    for (Maker maker : List.of(first, second)) {
      maker.modality = "CT";
      maker.rescale = "2";
      maker.padding = 1;
    }
    twoSlices(first, second);

    DicomSeries.Image image = only().read();

    assertThat(image.series().role()).isEqualTo(SeriesRole.CT);
    assertThat(image.series().volume().get(0, 0, 0)).isEqualTo(-1024);
    assertThat(image.series().volume().get(1, 0, 0)).isEqualTo(-1024); // stored 1 is padding
    assertThat(image.series().volume().get(2, 0, 0)).isEqualTo(-1020);
    assertThat(codes(image.notices())).containsExactly("PADDING_REPLACED");
  }

  @Test
  void padding_of_an_mr_is_its_smallest_value_and_a_ct_without_slope_is_told() throws IOException {
    Maker first = new Maker();
    first.padding = 0;
    Maker second = new Maker();
    second.padding = 0;
    twoSlices(first, second);
    assertThat(only().read(ANY).series().volume().get(0, 0, 0)).isEqualTo(1);

    first.padding = -1;
    first.modality = "CT";
    second.padding = -1;
    second.modality = "CT";
    twoSlices(first, second);
    assertThat(codes(only().read().notices())).containsExactly("RESCALE_MISSING");
  }

  @Test
  void white_zero_is_inverted_in_mr_and_not_in_ct() throws IOException {
    Maker first = new Maker();
    first.photometric = "MONOCHROME1";
    Maker second = new Maker();
    second.photometric = "MONOCHROME1";
    twoSlices(first, second);
    DicomSeries.Image mr = only().read(ANY);
    assertThat(mr.series().volume().get(1, 0, 0)).isEqualTo(4094);
    assertThat(codes(mr.notices())).containsExactly("INVERTED");

    first.modality = "CT";
    second.modality = "CT";
    twoSlices(first, second);
    assertThat(only().read().series().volume().get(1, 0, 0)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "DERIVED\\PRIMARY\\DIXON\\WATER, '', DIXON_WATER",
    "ORIGINAL\\PRIMARY\\W\\NORM\\DIS2D, '', DIXON_WATER",
    "ORIGINAL\\PRIMARY\\OPP_PHASE, '', OPPOSED_PHASE",
    "ORIGINAL\\PRIMARY\\M\\ND, t1_vibe_dixon_tra_F, DIXON_FAT",
    "ORIGINAL\\PRIMARY\\M\\ND, t2_tse_dixon_sag_in, IN_PHASE",
    "ORIGINAL\\PRIMARY\\M\\ND, t1 fat sat sag, T1",
    "ORIGINAL\\PRIMARY\\M\\ND, T2 TSE SAG, T2",
    "ORIGINAL\\PRIMARY\\M\\ND, sag tirm, STIR",
    "ORIGINAL\\PRIMARY\\M\\ND, t2*_me2d, ''",
    "ORIGINAL\\PRIMARY\\PHASE MAP, '', ''",
    "ORIGINAL\\PRIMARY\\M\\ND, whatever, ''"
  })
  void the_role_comes_from_whole_words(String imageType, String description, String role)
      throws IOException {
    Maker maker = new Maker();
    maker.imageType = imageType;
    maker.description = description;
    write("a.dcm", maker);

    assertThat(only().role().map(SeriesRole::key).orElse("")).isEqualTo(role);
  }

  @Test
  void slices_of_one_place_that_nothing_tells_apart_are_refused() throws IOException {
    Maker second = new Maker();
    twoSlices(new Maker(), second);
    second.offset = 70;
    second.number = "9";
    write("c.dcm", second);

    assertThat(only().problem().orElseThrow().code()).isEqualTo("AMBIGUOUS_DUPLICATE");
  }

  @Test
  void nothing_of_a_patient_is_in_any_text() throws IOException {
    Maker first = new Maker();
    first.patient = "CANARY^JANE";
    first.description = "CANARY for J. Doe";
    first.number = "CANARY";
    Maker second = new Maker();
    second.patient = "CANARY^JOHN";
    second.orientation = "CANARY\\0\\0\\0\\1\\0";
    write("a.dcm", first);
    write("b.dcm", second);

    DicomScan scan = Dicom.scan(folder);

    StringBuilder said = new StringBuilder(scan.notices().toString());
    for (DicomSeries series : scan.series()) {
      said.append(series).append(series.notices()).append(series.problem());
    }
    assertThat(said.toString())
        .contains("SEVERAL_PATIENTS", "(0020,0037)")
        .doesNotContain("CANARY", "JANE", "JOHN", "Doe");
  }

  @Test
  void a_mosaic_is_refused_by_name() throws IOException {
    Maker maker = new Maker();
    maker.imageType = "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC";
    write("a.dcm", maker);

    assertThat(only().problem().orElseThrow().code()).isEqualTo("MOSAIC");
  }

  @Test
  void an_enhanced_image_takes_place_and_slope_from_its_own_frame() throws IOException {
    DicomBytes[] frames = new DicomBytes[3];
    for (int n = 0; n < 3; n++) {
      frames[n] =
          DicomBytes.set()
              .sequence(0x00209113, DicomBytes.set().text(0x00200032, "DS", -3 * n + "\\0\\0"))
              .sequence(
                  0x00289145,
                  DicomBytes.set()
                      .text(0x00281052, "DS", "0")
                      .text(0x00281053, "DS", String.valueOf(n + 1)));
    }
    DicomBytes shared =
        DicomBytes.set()
            .sequence(0x00209116, DicomBytes.set().text(0x00200037, "DS", "0\\1\\0\\0\\0\\-1"))
            .sequence(0x00289110, DicomBytes.set().text(0x00280030, "DS", "1\\1"));
    Files.write(
        folder.resolve("e.dcm"),
        DicomBytes.file(EXPLICIT)
            .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.4.1")
            .text(0x00080060, "CS", "MR")
            .text(0x00280008, "IS", "3")
            .shorts(0x00280010, "US", 1)
            .shorts(0x00280011, "US", 2)
            .shorts(0x00280100, "US", 16)
            .sequence(0x52009229, shared)
            .sequence(0x52009230, frames)
            .shorts(0x7fe00010, "OW", 10, 11, 20, 21, 30, 31)
            .toArray());

    Volume volume = only().read(ANY).series().volume();

    // row x column is -x, so the stack begins with frame 0
    assertThat(volume.toArray()).containsExactly(10, 11, 40, 42, 90, 93);
    assertThat(volume.geometry().spacingMm().z()).isEqualTo(3, within(1e-12));
    assertThat(volume.geometry().orientation()).hasToString("PIR");
  }
}
