package dev.lss.core.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NiftiReadTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(NiftiVersion.class)
  void both_versions_are_read_in_both_byte_orders(NiftiVersion version) throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      Path file = NiftiBytes.of(version, order).voxels(4, 2, -1024, 0, 3071).write(folder);

      NiftiImage image = Nifti.read(file);

      assertThat(VoxelArrays.samples(image.volume())).containsExactly(-1024, 0, 3071);
      assertThat(image.header().version()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 200, 200",
    "256, 1, 200, -56",
    "4, 2, 40000, -25536",
    "512, 2, 40000, 40000",
    "8, 4, 4294967295, -1",
    "768, 4, 4294967295, 4294967295",
    "1024, 8, -5, -5",
    "1280, 8, -1, 1.8446744073709552E19"
  })
  void every_integer_type_is_read(int datatype, int bytes, long bits, float expected)
      throws Exception {
    Path file = NiftiBytes.valid().voxels(datatype, bytes, bits).write(folder);

    Volume volume = Nifti.read(file).volume();

    assertThat(volume.get(0, 0, 0)).isEqualTo(expected);
    assertThat(VoxelArrays.numbers(volume).isPresent())
        .as("kept as it is stored")
        .isEqualTo(bytes <= 2);
  }

  @Test
  void the_size_of_an_image_is_known_from_its_header_alone() throws Exception {
    Path whole = NiftiBytes.valid().write(folder);
    VolumeSize size = Nifti.size(whole);
    Volume volume = Nifti.read(whole).volume();

    assertThat(size.grid()).isEqualTo(volume.geometry());
    assertThat(size.heapBytes())
        .isEqualTo(volume.extents().voxels() * (VoxelArrays.numbers(volume).isPresent() ? 2L : 4L));
  }

  @Test
  void both_floating_point_types_are_read() throws Exception {
    Path single = NiftiBytes.valid().voxels(16, 4, Float.floatToIntBits(-0.25f)).write(folder);
    assertThat(Nifti.read(single).volume().get(0, 0, 0)).isEqualTo(-0.25f);

    Path twice = NiftiBytes.valid().voxels(64, 8, Double.doubleToLongBits(0.1)).write(folder);
    assertThat(Nifti.read(twice).volume().get(0, 0, 0)).isEqualTo(0.1f);
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 5", "0, 5, 1", "NaN, NaN, 1", "Infinity, 3, 1", "-0.5, 0, -0.5"})
  void slope_and_inter_scale_unless_the_slope_is_0_or_not_finite(
      double slope, double inter, float expected) throws Exception {
    Path file =
        NiftiBytes.valid()
            .with(HeaderField.SCL_SLOPE, 0, slope)
            .with(HeaderField.SCL_INTER, 0, inter)
            .write(folder);

    assertThat(VoxelArrays.samples(Nifti.read(file).volume())).containsOnly(expected);
  }

  @Test
  void a_header_alone_is_truncated() {
    assertRefused(Arrays.copyOf(NiftiBytes.valid().toArray(), 348), "TRUNCATED");
  }

  @Test
  void half_a_header_is_truncated() {
    assertRefused(Arrays.copyOf(NiftiBytes.valid().toArray(), 100), "TRUNCATED");
  }

  @Test
  void bad_magic_is_not_nifti() {
    assertRefused(NiftiBytes.valid().text(344, "abcd"), "NOT_NIFTI");
  }

  @Test
  void text_is_not_nifti() {
    assertRefused("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8), "NOT_NIFTI");
  }

  @Test
  void a_folder_is_not_nifti() {
    assertThatThrownBy(() -> Nifti.read(folder)).isInstanceOf(InvalidStudyException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {9, 8, 0, -1})
  void a_count_of_dimensions_outside_1_to_7_is_refused(double count) {
    assertRefused(NiftiBytes.valid().with(HeaderField.DIM, 0, count), "BAD_DIMENSION");
  }

  @Test
  void a_product_of_dimensions_beyond_64_bits_is_refused() {
    NiftiBytes bytes = NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN);
    for (int n = 1; n <= 3; n++) {
      bytes.with(HeaderField.DIM, n, 4e9);
    }
    assertRefused(bytes, "BAD_DIMENSION");
  }

  @Test
  void a_vector_in_the_fifth_dimension_is_refused() {
    assertRefused(
        NiftiBytes.valid().with(HeaderField.DIM, 0, 5).with(HeaderField.DIM, 5, 3),
        "BAD_DIMENSION");
  }

  @ParameterizedTest
  @CsvSource({"32, 64", "1792, 128", "2048, 256", "1536, 128", "1, 1", "2304, 32", "0, 0"})
  void types_that_are_not_one_real_number_are_refused(int datatype, int bits) {
    assertRefused(
        NiftiBytes.valid()
            .with(HeaderField.DATATYPE, 0, datatype)
            .with(HeaderField.BITPIX, 0, bits),
        "UNSUPPORTED_TYPE");
  }

  @ParameterizedTest
  @ValueSource(doubles = {10, 0, -1, 351, 352.5, Double.NaN, Double.POSITIVE_INFINITY, 1e30})
  void an_offset_into_the_header_or_behind_the_end_is_refused(double offset) {
    assertRefused(NiftiBytes.valid().with(HeaderField.VOX_OFFSET, 0, offset), "BAD_OFFSET");
  }

  @Test
  void qfac_0_means_plus_one() throws Exception {
    Path file = NiftiBytes.valid().qform(0, 0, 0, 0).write(folder);

    assertThat(Nifti.read(file).volume().geometry().affine().columnK())
        .isEqualTo(new Vector3(0, 0, 1));
  }

  @Test
  void a_quarter_turn_about_z_sends_i_to_anterior() throws Exception {
    double h = Math.sqrt(0.5);
    Path file =
        NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN)
            .qform(1, 0, 0, h)
            .with(HeaderField.PIXDIM, 1, 2)
            .write(folder);

    Affine affine = Nifti.read(file).volume().geometry().affine();

    assertThat(affine.columnI().minus(new Vector3(0, -2, 0)).norm()).isLessThan(1e-12);
    assertThat(affine.columnJ().minus(new Vector3(1, 0, 0)).norm()).isLessThan(1e-12);
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.9, 0", "NaN, 0, 0"})
  void a_quaternion_that_is_no_rotation_is_refused(double b, double c, double d) {
    assertRefused(NiftiBytes.valid().qform(1, b, c, d), "BAD_AFFINE");
  }

  @Test
  void a_pixdim_of_0_under_a_qform_is_refused() {
    assertRefused(
        NiftiBytes.valid().qform(1, 0, 0, 0).with(HeaderField.PIXDIM, 2, 0), "BAD_AFFINE");
  }

  @Test
  void an_sform_with_nan_is_refused_when_it_is_alone() {
    assertRefused(NiftiBytes.valid().with(HeaderField.SROW, 0, Double.NaN), "BAD_AFFINE");
  }

  @Test
  void an_sform_with_nan_gives_way_to_a_qform_and_is_told() throws Exception {
    Path file =
        NiftiBytes.valid()
            .qform(1, 0, 0, 0)
            .with(HeaderField.SFORM_CODE, 0, 1)
            .with(HeaderField.SROW, 0, Double.NaN)
            .write(folder);

    assertThat(Nifti.read(file).notices())
        .extracting(Notice::code)
        .containsExactly("SFORM_UNUSABLE");
  }

  @Test
  void micrometres_become_millimetres() throws Exception {
    NiftiBytes bytes = NiftiBytes.valid().with(HeaderField.XYZT_UNITS, 0, 3);
    for (int axis = 0; axis < 3; axis++) {
      bytes.with(HeaderField.SROW, 5 * axis, 800).with(HeaderField.PIXDIM, axis + 1, 800);
    }

    assertThat(Nifti.read(bytes.write(folder)).volume().geometry().spacingMm())
        .isEqualTo(new Vector3(0.8, 0.8, 0.8));
  }

  @Test
  void without_a_unit_millimetres_are_taken_and_told() throws Exception {
    NiftiImage image =
        Nifti.read(NiftiBytes.valid().with(HeaderField.XYZT_UNITS, 0, 0).write(folder));

    assertThat(image.volume().geometry().spacingMm()).isEqualTo(new Vector3(1, 1, 1));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("UNITS_UNKNOWN");
  }

  @Test
  void the_stored_spacing_is_pixdim_widened_and_not_the_columns_length() throws Exception {
    float pixdim = 0.7890620231628418f;
    NiftiBytes bytes = NiftiBytes.valid().with(HeaderField.PIXDIM, 1, pixdim);
    bytes.with(HeaderField.SROW, 0, 0.78906f);

    assertThat(Nifti.read(bytes.write(folder)).volume().geometry().spacingMm().x())
        .isEqualTo((double) pixdim);
  }

  @Test
  void a_pixdim_that_contradicts_the_sform_is_not_used_and_told() throws Exception {
    NiftiImage image = Nifti.read(NiftiBytes.valid().with(HeaderField.PIXDIM, 1, 7).write(folder));

    assertThat(image.volume().geometry().spacingMm()).isEqualTo(new Vector3(1, 1, 1));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("PIXDIM_CONFLICT");
  }

  @Test
  void an_oblique_sform_is_read_in_lps() throws Exception {
    Path file =
        NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN)
            .affine(0.1, 0, 0.995, 7, -0.995, 0, 0.1, 8, 0, 1, 0, 9)
            .write(folder);

    Affine affine = Nifti.read(file).volume().geometry().affine();

    assertThat(affine.columnI()).isEqualTo(new Vector3(-0.1, 0.995, 0));
    assertThat(affine.columnJ()).isEqualTo(new Vector3(0, 0, 1));
    assertThat(affine.columnK()).isEqualTo(new Vector3(-0.995, -0.1, 0));
    assertThat(affine.origin()).isEqualTo(new Vector3(-7, -8, 9));
  }

  @Test
  void a_shear_below_5_degrees_is_read_and_5_are_refused() throws Exception {
    Path file = sheared(4.99).write(folder);
    assertThat(Nifti.read(file).volume().geometry().affine().shearDegrees())
        .isCloseTo(4.99, within(1e-6));

    assertRefused(sheared(5.001), "SHEARED_GRID");
  }

  @Test
  void of_several_volumes_the_caller_must_choose() throws Exception {
    NiftiBytes bytes =
        NiftiBytes.valid()
            .voxels(4, 2, 1, 2, 3, 4)
            .with(HeaderField.DIM, 0, 4)
            .with(HeaderField.DIM, 1, 2)
            .with(HeaderField.DIM, 4, 2);

    assertRefused(bytes, "SEVERAL_VOLUMES");
    assertThat(VoxelArrays.samples(Nifti.read(folder.resolve("case.nii"), 1).volume()))
        .containsExactly(3, 4);
    assertThatThrownBy(() -> Nifti.read(folder.resolve("case.nii"), 2))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("volume 2 was asked for, the file holds 2");
  }

  @Test
  void a_fourth_dimension_of_one_is_an_ordinary_image() throws Exception {
    Path file = NiftiBytes.valid().with(HeaderField.DIM, 0, 4).write(folder);

    assertThat(VoxelArrays.samples(Nifti.read(file).volume())).hasSize(120);
  }

  @Test
  void gzip_is_recognised_under_any_name() throws Exception {
    Path file =
        NiftiBytes.write(folder.resolve("case.nii"), NiftiBytes.gzip(NiftiBytes.valid().toArray()));

    assertThat(VoxelArrays.samples(Nifti.read(file).volume())).containsOnly(1);
  }

  @Test
  void truncated_gzip_is_refused_wherever_it_ends() {
    byte[] gzip = NiftiBytes.gzip(NiftiBytes.valid().toArray());
    for (int length : new int[] {2, 9, 15, gzip.length / 2, gzip.length - 8, gzip.length - 1}) {
      assertRefused(Arrays.copyOf(gzip, length), "TRUNCATED");
    }
  }

  @Test
  void a_stream_that_goes_on_behind_the_voxels_is_refused() {
    byte[] longer = Arrays.copyOf(NiftiBytes.valid().toArray(), 1 << 20);

    assertRefused(NiftiBytes.gzip(longer), "INFLATE_LIMIT");
  }

  @Test
  void extensions_are_passed_over() throws Exception {
    byte[] plain = NiftiBytes.valid().with(HeaderField.VOX_OFFSET, 0, 400).toArray();
    byte[] extended = new byte[plain.length + 48];
    System.arraycopy(plain, 0, extended, 0, 352);
    System.arraycopy(plain, 352, extended, 400, 240);

    Path file = NiftiBytes.write(folder.resolve("case.nii"), extended);

    assertThat(VoxelArrays.samples(Nifti.read(file).volume())).containsOnly(1);
  }

  @Test
  void voxels_that_are_not_finite_become_the_smallest_value_and_are_counted() throws Exception {
    Path file =
        NiftiBytes.valid()
            .voxels(
                16,
                4,
                Float.floatToIntBits(40),
                Float.floatToIntBits(Float.NaN),
                Float.floatToIntBits(-1000),
                Float.floatToIntBits(Float.POSITIVE_INFINITY))
            .write(folder);

    NiftiImage image = Nifti.read(file);

    assertThat(VoxelArrays.samples(image.volume())).containsExactly(40, -1000, -1000, -1000);
    assertThat(image.notices())
        .containsExactly(
            new Notice("NON_FINITE_VOXELS", "2 voxels were NaN or infinite and became -1000.0"));
  }

  /** As SimpleITK 2.4.1 reads it: 0 is put in before slope and intercept are applied. */
  @ParameterizedTest
  @CsvSource({"1, 0, 0, 40", "2, -3, -3, 77"})
  void voxels_that_are_not_finite_become_what_nnunets_reader_makes_of_them(
      float slope, float inter, float zero, float forty) throws Exception {
    Path file =
        NiftiBytes.valid()
            .with(HeaderField.SCL_SLOPE, 0, slope)
            .with(HeaderField.SCL_INTER, 0, inter)
            .voxels(
                16,
                4,
                Float.floatToIntBits(40),
                Float.floatToIntBits(Float.NaN),
                Float.floatToIntBits(40),
                Float.floatToIntBits(Float.NEGATIVE_INFINITY))
            .write(folder);

    NiftiImage image = Nifti.read(file, NonFiniteRule.STORED_ZERO);

    assertThat(VoxelArrays.samples(image.volume())).containsExactly(forty, zero, forty, zero);
    assertThat(image.notices())
        .containsExactly(
            new Notice("NON_FINITE_VOXELS", "2 voxels were NaN or infinite and became " + zero));
  }

  @Test
  void notices_do_not_name_the_file() throws Exception {
    Path file =
        NiftiBytes.write(
            folder.resolve("CANARY.nii"),
            NiftiBytes.valid()
                .qform(1, 0, 0, 0)
                .with(HeaderField.SFORM_CODE, 0, 1)
                .with(HeaderField.XYZT_UNITS, 0, 0)
                .with(HeaderField.PIXDIM, 2, -3)
                .toArray());

    List<Notice> notices = Nifti.read(file).notices();

    assertThat(notices)
        .extracting(Notice::code)
        .containsExactlyInAnyOrder(
            "UNITS_UNKNOWN", "NEGATIVE_PIXDIM", "QFORM_SFORM_CONFLICT", "PIXDIM_CONFLICT");
    assertThat(notices).noneMatch(notice -> notice.message().contains("CANARY"));
  }

  @Test
  void a_real_ct_and_its_labels_lie_on_one_grid() throws Exception {
    NiftiImage ct = Nifti.read(RealData.path("ct/abdomen_3mm/ct.nii.gz"));
    LabelVolume labels =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/vertebral_bodies_verse_ids.nii.gz"))
            .labels();

    assertThat(ct.volume().geometry().describe())
        .isEqualTo("122 x 101 x 112 voxels of 3.000 x 3.000 x 3.000 mm, RAS");
    assertThat(labels.geometry().affine()).isEqualTo(ct.volume().geometry().affine());
    assertThat(labels.count(20)).isEqualTo(1319); // L1
    assertThat(labels.count(24)).isEqualTo(1260); // L5
  }

  @Test
  void an_image_of_nothing_but_nan_is_refused() {
    assertRefused(NiftiBytes.valid().voxels(16, 4, Float.floatToIntBits(Float.NaN)), "NUMERIC");
  }

  @Test
  void the_source_is_the_hash_of_the_bytes_on_the_disk() throws Exception {
    byte[] gzip = NiftiBytes.gzip(NiftiBytes.valid().toArray());
    Path file = NiftiBytes.write(folder.resolve("case.nii.gz"), gzip);

    byte[] digest = MessageDigest.getInstance("SHA-256").digest(gzip);

    assertThat(Nifti.read(file).source().sha256()).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(Nifti.readLabels(file).source().sha256())
        .isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void a_missing_file_is_an_io_exception_without_its_folder() throws Exception {
    Path patient = Files.createDirectory(folder.resolve("CANARY_JOHN"));

    assertThatThrownBy(() -> Nifti.read(patient.resolve("ct.nii")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("ct.nii");
  }

  @ParameterizedTest
  @CsvSource({"0.5", "-1", "65536", "NaN"})
  void a_label_that_is_no_integer_from_0_to_65535_is_refused(double value) {
    Path file = NiftiBytes.valid().voxels(64, 8, 0, Double.doubleToLongBits(value)).write(folder);

    assertThatThrownBy(() -> Nifti.readLabels(file))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("voxel (1, 0, 0) is " + value);
  }

  @Test
  void scaled_labels_are_scaled_before_they_must_be_integers() throws Exception {
    Path file =
        NiftiBytes.valid()
            .voxels(2, 1, 0, 51, 255)
            .with(HeaderField.SCL_SLOPE, 0, 1 / 51.0)
            .write(folder);

    assertThat(VoxelArrays.labels(Nifti.readLabels(file).labels()))
        .containsExactly((short) 0, (short) 1, (short) 5);
  }

  private static NiftiBytes sheared(double degrees) {
    double t = Math.toRadians(degrees);
    return NiftiBytes.of(NiftiVersion.NIFTI_2, ByteOrder.LITTLE_ENDIAN)
        .affine(1, Math.sin(t), 0, 0, 0, Math.cos(t), 0, 0, 0, 0, 1, 0);
  }

  private void assertRefused(NiftiBytes bytes, String code) {
    assertRefused(bytes.toArray(), code);
  }

  private void assertRefused(byte[] bytes, String code) {
    Path file = NiftiBytes.write(folder.resolve("case.nii"), bytes);
    assertThatThrownBy(() -> Nifti.read(file))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageStartingWith("case.nii: ")
        .extracting(e -> ((InvalidStudyException) e).code())
        .isEqualTo(code);
  }
}
