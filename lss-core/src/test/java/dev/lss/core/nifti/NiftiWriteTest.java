package dev.lss.core.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NiftiWriteTest {

  private static final HeaderField[] TRANSFORMS = {
    HeaderField.DIM,
    HeaderField.PIXDIM,
    HeaderField.XYZT_UNITS,
    HeaderField.QFORM_CODE,
    HeaderField.SFORM_CODE,
    HeaderField.QUATERN,
    HeaderField.QOFFSET,
    HeaderField.SROW
  };

  @TempDir Path folder;

  static List<AnatomicalCode> codes() {
    return AnatomicalCode.all();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void an_image_comes_back_in_every_orientation(AnatomicalCode code) throws Exception {
    GridGeometry grid = oblique(new Extents(3, 4, 2), code);
    Volume volume = Volume.wrap(grid, ramp(24));
    Path file = folder.resolve("image" + (code.hashCode() % 2 == 0 ? ".nii" : ".nii.gz"));

    Nifti.write(file, volume);

    NiftiImage back = Nifti.read(file);
    assertThat(VoxelArrays.samples(back.volume())).isEqualTo(VoxelArrays.samples(volume));
    assertThat(back.notices()).isEmpty(); // qform and sform agree, pixdim agrees
    assertThat(back.volume().geometry().orientation()).isEqualTo(code);
    for (int n = 0; n < 24; n++) {
      Vector3 index = new Vector3(n % 3, n / 3 % 4, n / 12);
      Vector3 miss = back.volume().geometry().toWorldMm(index).minus(grid.toWorldMm(index));
      assertThat(miss.norm()).isLessThan(1e-4); // float32 at 700 mm
    }
  }

  @ParameterizedTest
  @MethodSource("codes")
  void labels_come_back_in_every_orientation(AnatomicalCode code) throws Exception {
    GridGeometry grid = oblique(new Extents(3, 4, 2), code);
    LabelVolume labels = labels(grid, 40000);

    Nifti.writeLabels(folder.resolve("labels.nii.gz"), labels);

    LabelVolume back = Nifti.readLabels(folder.resolve("labels.nii.gz")).labels();
    assertThat(VoxelArrays.labels(back)).isEqualTo(VoxelArrays.labels(labels));
    assertThat(back.geometry().orientation()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(NiftiVersion.class)
  void labels_on_a_sources_grid_keep_its_transforms_bit_for_bit(NiftiVersion version)
      throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      for (String name : new String[] {"labels.nii", "labels.nii.gz"}) {
        Path file =
            NiftiBytes.of(version, order)
                .affine(0.1, 0, 0.9949874371, 7.3, -0.9949874371, 0, 0.1, 8.1, 0, 1, 0, 9.7)
                .with(HeaderField.SFORM_CODE, 0, 4)
                .with(HeaderField.QFORM_CODE, 0, 2)
                .with(HeaderField.QUATERN, 1, 0.123456789)
                .with(HeaderField.QOFFSET, 2, -3.3)
                .with(HeaderField.PIXDIM, 0, -1)
                .write(folder);
        NiftiImage source = Nifti.read(file);
        LabelVolume labels = labels(source.volume().geometry(), 24);

        Nifti.writeLabels(folder.resolve(name), labels, source.header());

        NiftiLabels back = Nifti.readLabels(folder.resolve(name));
        assertThat(VoxelArrays.labels(back.labels())).isEqualTo(VoxelArrays.labels(labels));
        assertThat(back.header().version()).isEqualTo(version);
        assertThat(back.header().bytes().order()).isEqualTo(order);
        assertThat(back.header().sformCode()).isEqualTo(4);
        assertThat(back.header().qformCode()).isEqualTo(2);
        for (HeaderField field : TRANSFORMS) {
          assertThat(raw(back.header(), field))
              .as("%s", field)
              .isEqualTo(raw(source.header(), field));
        }
      }
    }
  }

  @Test
  void the_label_header_says_labels_unscaled_and_who_wrote_it() throws Exception {
    NiftiImage source =
        Nifti.read(
            NiftiBytes.valid()
                .with(HeaderField.SCL_SLOPE, 0, 2)
                .with(HeaderField.SCL_INTER, 0, -1024)
                .text(148, "CANARY^JOHN")
                .text(14, "CANARY^DB")
                .text(228, "CANARY.AUX")
                .text(328, "CANARY.INTENT")
                .write(folder));
    Path file = folder.resolve("labels.nii");

    Nifti.writeLabels(file, labels(source.volume().geometry(), 24), source.header());

    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getShort(68)).isEqualTo((short) 1002);
    assertThat(header.getShort(70)).isEqualTo((short) 2);
    assertThat(header.getShort(72)).isEqualTo((short) 8);
    assertThat(header.getFloat(108)).isEqualTo(352);
    assertThat(header.getFloat(112)).isEqualTo(1);
    assertThat(header.getFloat(116)).isEqualTo(0);
    assertThat(header.getLong(124)).isEqualTo(0); // cal_max and cal_min
    assertThat(bytes).hasSize(352 + 120);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text.substring(148)).startsWith("LSS ");
    assertThat(text).doesNotContain("CANARY").doesNotContain("${");
  }

  @Test
  void label_256_needs_16_bits() throws Exception {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(2, 1, 1), new Vector3(1, 1, 1));

    Nifti.writeLabels(folder.resolve("a.nii"), LabelVolume.wrap(grid, new short[] {0, 255}));
    Nifti.writeLabels(folder.resolve("b.nii"), LabelVolume.wrap(grid, new short[] {0, 256}));

    assertThat(Files.size(folder.resolve("a.nii"))).isEqualTo(352 + 2);
    assertThat(Files.size(folder.resolve("b.nii"))).isEqualTo(352 + 4);
  }

  @Test
  void a_slice_stays_a_slice_in_two_dimensions() throws Exception {
    NiftiImage source =
        Nifti.read(
            NiftiBytes.valid()
                .with(HeaderField.DIM, 0, 2)
                .with(HeaderField.DIM, 3, 1)
                .write(folder));
    Path file = folder.resolve("labels.nii");

    Nifti.writeLabels(file, labels(source.volume().geometry(), 3), source.header());

    NiftiLabels back = Nifti.readLabels(file);
    assertThat(HeaderField.DIM.get(back.header().bytes(), NiftiVersion.NIFTI_1, 0)).isEqualTo(2);
  }

  @Test
  void a_long_axis_needs_version_2() throws Exception {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40000, 1, 1), new Vector3(1, 1, 1));

    Nifti.writeLabels(folder.resolve("long.nii.gz"), LabelVolume.empty(grid));

    NiftiLabels back = Nifti.readLabels(folder.resolve("long.nii.gz"));
    assertThat(back.header().version()).isEqualTo(NiftiVersion.NIFTI_2);
    assertThat(back.labels().extents().i()).isEqualTo(40000);
  }

  @Test
  void a_sheared_grid_is_written_with_the_sform_alone() throws Exception {
    GridGeometry grid =
        GridGeometry.of(
            new Extents(4, 4, 4),
            new Affine(
                new Vector3(1, 0, 0),
                new Vector3(0.05, 1, 0),
                new Vector3(0, 0, 1),
                new Vector3(0, 0, 0)));

    Nifti.writeLabels(folder.resolve("sheared.nii"), LabelVolume.empty(grid));

    NiftiLabels back = Nifti.readLabels(folder.resolve("sheared.nii"));
    assertThat(back.header().qformCode()).isZero();
    assertThat(back.labels().geometry().affine().columnJ().x()).isEqualTo((double) 0.05f);
  }

  @Test
  void labels_on_another_grid_are_refused() throws Exception {
    NiftiImage source = Nifti.read(NiftiBytes.valid().write(folder));
    GridGeometry other = GridGeometry.ofSpacing(new Extents(4, 5, 6), new Vector3(1, 1, 1));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Nifti.writeLabels(
                    folder.resolve("x.nii"), LabelVolume.empty(other), source.header()))
        .withMessageContaining("do not lie on the source's grid");
    assertThat(folder.resolve("x.nii")).doesNotExist();
  }

  @Test
  void another_file_name_is_refused() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(2, 1, 1), new Vector3(1, 1, 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Nifti.writeLabels(folder.resolve("x.img"), LabelVolume.empty(grid)))
        .withMessage("a NIfTI file's name ends in .nii or .nii.gz, was x.img");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"de-DE", "tr-TR", "ar-EG-u-nu-arab"})
  void the_bytes_do_not_depend_on_the_locale(String tag) throws Exception {
    GridGeometry grid = oblique(new Extents(3, 4, 2), AnatomicalCode.LPS);
    Nifti.write(folder.resolve("a.nii.gz"), Volume.wrap(grid, ramp(24)));
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(tag));
    try {
      Nifti.write(folder.resolve("b.NII.GZ"), Volume.wrap(grid, ramp(24)));
    } finally {
      Locale.setDefault(before);
    }

    assertThat(folder.resolve("b.NII.GZ")).hasSameBinaryContentAs(folder.resolve("a.nii.gz"));
  }

  private static GridGeometry oblique(Extents extents, AnatomicalCode code) {
    double c = Math.cos(0.3);
    double s = Math.sin(0.3);
    Vector3[] turned = {new Vector3(c, s, 0), new Vector3(-s, c, 0), new Vector3(0, 0, 1)};
    Vector3[] step = new Vector3[3];
    Vector3 spacing = new Vector3(0.7, 1.1, 3);
    for (int axis = 0; axis < 3; axis++) {
      var direction = code.get(axis);
      step[axis] = turned[direction.axis()].times(direction.sign() * spacing.get(axis));
    }
    return GridGeometry.of(
        extents, new Affine(step[0], step[1], step[2], new Vector3(-20, 30.5, 700)), spacing);
  }

  private static float[] ramp(int count) {
    float[] samples = new float[count];
    for (int n = 0; n < count; n++) {
      samples[n] = n * 1.25f - 7;
    }
    return samples;
  }

  private static LabelVolume labels(GridGeometry grid, int last) {
    short[] labels = new short[grid.extents().voxels()];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) (n % 5);
    }
    labels[labels.length - 1] = (short) last;
    return LabelVolume.wrap(grid, labels);
  }

  private static byte[] raw(NiftiHeader header, HeaderField field) {
    ByteBuffer copy = ByteBuffer.allocate(600);
    field.copy(header.bytes(), copy, header.version());
    return copy.array();
  }
}
