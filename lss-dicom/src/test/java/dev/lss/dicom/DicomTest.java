package dev.lss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomTest {

  private static final SeriesRole ANY = new SeriesRole("any");

  private static Path series(String name) {
    return RealData.path("dicom/series/" + name);
  }

  private static List<DicomSeries> scan(String name) throws IOException {
    return Dicom.scan(series(name)).series();
  }

  private static DicomSeries only(String name) throws IOException {
    List<DicomSeries> all = scan(name);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static Volume volume(DicomSeries series) throws IOException {
    return series.read(ANY).series().volume();
  }

  private static float[] straight() throws IOException {
    return volume(only("s00_ok")).toArray();
  }

  private static List<String> codes(List<Notice> notices) {
    return notices.stream().map(Notice::code).toList();
  }

  private static String code(DicomSeries series) {
    return series.problem().map(InvalidStudyException::code).orElse("");
  }

  @Test
  void a_series_lies_where_its_positions_say() throws IOException {
    DicomSeries series = only("s00_ok");
    GridGeometry grid = series.geometry();

    assertThat(series.kind()).isEqualTo(DicomSeries.Kind.VOLUME);
    assertThat(series.notices()).isEmpty();
    assertThat(grid.extents().toString()).isEqualTo("64 x 64 x 8");
    assertThat(grid.spacingMm().x()).isEqualTo(0.234375);
    assertThat(grid.spacingMm().z()).isEqualTo(2.0, within(1e-4));
    assertThat(grid.orientation().toString()).isEqualTo("LIP");
    assertThat(straight()).hasSize(64 * 64 * 8).contains(1940f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s01_shuffled_instance_numbers",
        "s04_duplicate_position_same_pixels",
        "s05_jitter_0.005mm",
        "s11_localizer_inside",
        "s12_iop_rounding_noise",
        "s21_reversed_order",
        "s23_misleading_spacing_between_slices"
      })
  void what_does_not_matter_changes_no_voxel(String name) throws IOException {
    DicomSeries series = only(name);

    assertThat(volume(series).toArray()).isEqualTo(straight());
    assertThat(series.geometry().sameAs(only("s00_ok").geometry(), 0.01)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "s02_missing_one, MISSING_SLICES, 1 behind slice 4 of 7",
    "s06_jitter_0.05mm, IRREGULAR_SPACING, 0.05000 mm",
    "s07_jitter_0.5mm, IRREGULAR_SPACING, 0.5000 mm",
    "s08_progressive_spacing, IRREGULAR_SPACING, 1.800 mm",
    "s09_gantry_tilt_15, SHEARED, 15.00 degrees"
  })
  void a_grid_that_would_be_wrong_is_refused_with_numbers(String name, String code, String number)
      throws IOException {
    DicomSeries series = only(name);

    assertThat(code(series)).isEqualTo(code);
    assertThat(series.problem().orElseThrow()).hasMessageContaining(number);
    assertThatThrownBy(() -> series.read(ANY)).isSameAs(series.problem().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "s04_duplicate_position_same_pixels, DUPLICATE_LEFT_OUT",
    "s10_shear_0.5deg_untagged, SHEARED_GRID",
    "s11_localizer_inside, LOCALIZER_LEFT_OUT",
    "s20_single_slice, SINGLE_SLICE"
  })
  void what_is_doubtful_comes_with_a_notice(String name, String code) throws IOException {
    assertThat(codes(only(name).notices())).containsExactly(code);
  }

  @Test
  void slices_lost_at_the_end_leave_nothing_to_see_without_a_count() throws IOException {
    assertThat(only("s03_missing_three_end").geometry().extents().k()).isEqualTo(5);
  }

  @Test
  void an_instance_number_that_is_not_there_is_told(@TempDir Path folder) throws IOException {
    for (int n : new int[] {0, 1, 3, 5, 7}) {
      Path from = series("s01_shuffled_instance_numbers").resolve("00" + n + ".dcm");
      Files.copy(from, folder.resolve(n + ".dcm"));
    }

    assertThat(codes(Dicom.scan(folder).series().get(0).notices())).contains("POSSIBLY_INCOMPLETE");
  }

  @Test
  void a_wider_tolerance_accepts_a_jitter() throws IOException {
    List<DicomSeries> all =
        Dicom.scan(
                List.of(series("s06_jitter_0.05mm")),
                DicomOptions.defaults().withGapTolerance(0.03))
            .series();

    assertThat(volume(all.get(0)).toArray()).isEqualTo(straight());
  }

  @Test
  void a_tilt_is_corrected_on_request_and_each_voxel_stays_in_its_place() throws IOException {
    DicomSeries tilted =
        Dicom.scan(
                List.of(series("s09_gantry_tilt_15")), DicomOptions.defaults().withTiltCorrected())
            .series()
            .get(0);
    Volume corrected = volume(tilted);
    Volume stored = volume(only("s00_ok"));
    GridGeometry grid = tilted.geometry();

    assertThat(codes(tilted.notices())).containsExactly("TILT_CORRECTED");
    assertThat(grid.affine().column(2).dot(grid.affine().column(1))).isEqualTo(0, within(1e-9));
    // slice k was moved by tan(15 degrees) * 2 k mm along the columns: look where its pixels went
    double shift = Math.tan(Math.toRadians(15)) * 2 * 3 / 0.234375;
    int whole = (int) Math.floor(shift);
    double part = shift - whole;
    for (int j = whole + 1; j < 60; j++) {
      double expected =
          stored.get(30, j - whole - 1, 3) * part + stored.get(30, j - whole, 3) * (1 - part);
      assertThat(corrected.get(30, j, 3)).isEqualTo((float) expected, within(0.5f));
    }
  }

  @Test
  void a_small_shear_is_kept_in_the_grid() throws IOException {
    GridGeometry grid = only("s10_shear_0.5deg_untagged").geometry();
    Vector3 step = grid.affine().column(2);

    double tilt =
        Math.toDegrees(
            Math.asin(step.dot(grid.affine().column(1)) / step.norm() / grid.spacingMm().y()));

    assertThat(Math.abs(tilt)).isEqualTo(0.5, within(0.01));
  }

  @Test
  void the_parts_of_a_dixon_acquisition_are_told_apart() throws IOException {
    List<DicomSeries> all = scan("s13_dixon4_in_one_series");

    assertThat(all)
        .extracting(s -> s.role().orElseThrow())
        .containsExactly(
            SeriesRole.IN_PHASE,
            SeriesRole.OPPOSED_PHASE,
            SeriesRole.DIXON_WATER,
            SeriesRole.DIXON_FAT);
    for (DicomSeries part : all) {
      assertThat(part.pictures()).isEqualTo(8);
      assertThat(part.read().series().role()).isEqualTo(part.role().orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({"s14_two_echoes, echo", "s15_two_timepoints, time"})
  void echoes_and_times_are_volumes_of_their_own(String name, String part) throws IOException {
    assertThat(scan(name)).extracting(DicomSeries::part).containsExactly(part + " 1", part + " 2");
    assertThat(scan(name)).extracting(DicomSeries::pictures).containsExactly(8, 8);
    assertThat(scan(name).get(1).read(ANY).series().name()).hasValue(part + " 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s16_two_frames_of_reference", "s17_mixed_dims", "s22_pixelspacing_varies"})
  void what_does_not_fit_is_split_off_and_leaves_a_gap(String name) throws IOException {
    List<DicomSeries> all = scan(name);

    assertThat(all).extracting(DicomSeries::pictures).containsExactly(7, 1);
    assertThat(all).extracting(DicomTest::code).containsExactly("MISSING_SLICES", "");
    assertThat(all).allSatisfy(s -> assertThat(codes(s.notices())).contains("SERIES_SPLIT"));
  }

  @Test
  void two_patients_are_never_mixed() throws IOException {
    DicomScan scan = Dicom.scan(series("s19_two_patients_mixed"));

    assertThat(scan.series()).extracting(DicomSeries::pictures).containsExactly(4, 4);
    assertThat(codes(scan.notices())).containsExactly("SEVERAL_PATIENTS");
  }

  @Test
  void each_slice_has_its_own_slope() throws IOException {
    float[] scaled = volume(only("s18_slope_varies")).toArray();
    float[] stored = straight();

    int plane = 64 * 64;
    for (int n = 0; n < stored.length; n += 97) {
      assertThat(scaled[n]).isEqualTo((float) ((1 + 0.1 * (n / plane)) * stored[n]), within(2e-3f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abdomen_dicom_uids", "abdomen_dicom"})
  void a_real_ct_is_what_pydicom_and_numpy_make_of_it(String folder) throws Exception {
    DicomSeries.Image image =
        Dicom.scan(RealData.path("ct/" + folder)).byRole(SeriesRole.CT).get(0).read();
    Volume ct = image.series().volume();
    ByteBuffer bytes = ByteBuffer.allocate(4 * 512 * 512 * 20).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(ct.toArray());

    // tools/oracles/dicom_volume.py
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array())))
        .isEqualTo("44352f6ea210f6924bc4a4e1bdd315093aa20dfc9abcc840ffed009fb57b6ac4");
    assertThat(ct.geometry().toWorldMm(new Vector3(0, 0, 0)))
        .isEqualTo(new Vector3(-249.51171875, -437.51171875, -804.5));
    assertThat(ct.geometry().spacingMm().z()).isEqualTo(2);
    assertThat(image.series().source()).isPresent();
    assertThat(codes(image.notices()))
        .isEqualTo(folder.endsWith("uids") ? List.of() : List.of("EMPTY_UIDS"));
  }

  @Test
  void an_enhanced_ct_is_placed_by_its_functional_groups() throws IOException {
    DicomSeries ct =
        Dicom.scan(RealData.path("dicom/samples/eCT_Supplemental.dcm")).series().get(0);

    assertThat(ct.geometry().extents().toString()).isEqualTo("512 x 512 x 2");
    assertThat(ct.geometry().spacingMm().z()).isEqualTo(10, within(1e-6));
    assertThat(ct.role()).hasValue(SeriesRole.CT);
  }

  @Test
  void an_enhanced_mr_without_functional_groups_has_no_place() throws IOException {
    DicomSeries mr = Dicom.scan(RealData.path("dicom/samples/emri_small.dcm")).series().get(0);

    assertThat(code(mr)).isEqualTo("GEOMETRY_MISSING");
    assertThat(mr.pictures()).isEqualTo(10);
  }

  @Test
  void ultrasound_is_cut_to_its_tissue_and_has_its_scale() throws IOException {
    DicomSeries image =
        Dicom.scan(RealData.path("dicom/samples/examples_palette.dcm")).series().get(0);

    assertThat(image.kind()).isEqualTo(DicomSeries.Kind.PICTURE);
    assertThat(image.role()).hasValue(SeriesRole.ULTRASOUND);
    assertThat(image.geometry().spacingMm().x()).isEqualTo(0.2622878766196998, within(1e-12));
    // the region ends at column 800 of 800 and row 518 of 350
    assertThat(image.geometry().extents().toString()).isEqualTo("680 x 290 x 1");
    assertThat(image.read().series().volume().toArray()).contains(255f);
  }

  @Test
  void two_tissue_regions_are_two_pictures() throws IOException {
    assertThat(Dicom.scan(RealData.path("dicom/samples/gdcm-US-ALOKA-16.dcm")).series())
        .extracting(DicomSeries::part)
        .containsExactly("region 1", "region 2");
  }

  @Test
  void several_frames_of_ultrasound_are_a_clip_and_never_a_volume() throws IOException {
    DicomSeries clip =
        Dicom.scan(RealData.path("dicom/samples/examples_ybr_color.dcm")).series().get(0);

    assertThat(clip.kind()).isEqualTo(DicomSeries.Kind.CLIP);
    assertThat(clip.pictures()).isEqualTo(30);
    assertThat(clip.geometry().calibrated()).isTrue();
    assertThat(clip.readPicture(SeriesRole.ULTRASOUND, 29).series().volume().toArray())
        .hasSize(236 * 209);
    assertThatThrownBy(clip::read).hasMessageContaining("clip of 30 pictures");
  }

  @Test
  void ultrasound_without_a_region_has_no_scale() throws IOException {
    DicomSeries image = Dicom.scan(RealData.path("dicom/samples/US1_UNCR.dcm")).series().get(0);

    assertThat(image.geometry().calibrated()).isFalse();
    assertThat(codes(image.notices())).containsExactly("UNCALIBRATED");
  }

  @Test
  void padding_of_a_ct_becomes_air() throws IOException {
    DicomSeries.Image image =
        Dicom.scan(RealData.path("dicom/samples/CT_small.dcm")).series().get(0).read();

    assertThat(image.series().volume().get(64, 64, 0)).isGreaterThan(-1024);
    assertThat(codes(image.notices())).doesNotContain("RESCALE_MISSING");
  }

  @Test
  void a_zip_is_read_as_its_folder_is(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("study.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        Stream<Path> files = Files.list(series("s00_ok"))) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry("../../" + file.getFileName()));
        out.write(Files.readAllBytes(file));
      }
    }

    assertThat(volume(Dicom.scan(zip).series().get(0)).toArray()).isEqualTo(straight());
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(zip));
  }

  @Test
  void the_same_file_twice_counts_once_and_strangers_are_counted(@TempDir Path folder)
      throws IOException {
    try (Stream<Path> files = Files.list(series("s00_ok"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve("a" + file.getFileName()));
        Files.copy(file, folder.resolve("b" + file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("readme.dcm"), "<!DOCTYPE html>" + " ".repeat(500));

    DicomScan scan = Dicom.scan(folder);

    assertThat(volume(scan.series().get(0)).toArray()).isEqualTo(straight());
    assertThat(codes(scan.notices())).containsExactly("FILES_NOT_DICOM");
  }

  private static Stream<Path> faults() throws IOException {
    Path folder = RealData.path("dicom/faults");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("f"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_malformed_file_gives_a_typed_error_or_a_correct_image(Path file) {
    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          try {
            for (DicomSeries series : Dicom.scan(file).series()) {
              Volume volume = volume(series);
              double sum = 0;
              for (float value : volume.toArray()) {
                sum += value;
              }
              assertThat(sum).as("the pixels of MR_small.dcm").isEqualTo(2125338.0);
            }
          } catch (InvalidStudyException e) {
            assertThat(e.code()).matches("[A-Z_]+");
            assertThat(e.getMessage()).contains(file.getFileName().toString());
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "f25_spacing_zero, BAD_SPACING",
    "f27_iop_not_unit, BAD_ORIENTATION",
    "f28_iop_missing, GEOMETRY_MISSING",
    "f30_ipp_inf, BAD_ORIENTATION",
    "f31_slope_zero, BAD_RESCALE"
  })
  void numbers_that_make_no_sense_are_refused(String name, String code) {
    assertThatThrownBy(
            () ->
                Dicom.scan(RealData.path("dicom/faults/" + name + ".dcm"))
                    .series()
                    .get(0)
                    .read(ANY))
        .asInstanceOf(type(InvalidStudyException.class))
        .extracting(InvalidStudyException::code)
        .isEqualTo(code);
  }

  @Test
  void a_folder_of_broken_files_and_good_ones_gives_the_good_ones() throws IOException {
    DicomScan scan = Dicom.scan(RealData.path("dicom/faults"));

    assertThat(scan.problems()).hasSizeGreaterThan(15);
    assertThat(codes(scan.notices())).contains("FILES_UNUSABLE", "FILES_NOT_DICOM");
    assertThat(scan.series()).extracting(DicomTest::code).contains("", "BAD_SPACING");
  }

  @Test
  void a_path_that_is_not_there_is_an_io_error() {
    assertThatThrownBy(() -> Dicom.scan(Path.of("no-such-folder"))).isInstanceOf(IOException.class);
  }

  @Test
  void links_in_a_folder_are_not_followed_and_a_link_to_a_folder_is(@TempDir Path folder)
      throws IOException {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Files.copy(series("s20_single_slice").resolve("000.dcm"), inside.resolve("a.dcm"));
    Files.createSymbolicLink(inside.resolve("again"), folder);
    Path link = Files.createSymbolicLink(folder.resolve("link"), inside);

    assertThat(Dicom.scan(link).series()).hasSize(1);
  }

  @Test
  void segmentations_and_reports_are_no_images() {
    assertThatThrownBy(() -> Dicom.scan(RealData.path("dicom/reference")))
        .asInstanceOf(type(InvalidStudyException.class))
        .extracting(InvalidStudyException::code)
        .isEqualTo("NO_PIXELS");
  }
}
