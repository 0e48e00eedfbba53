package dev.lss.core.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored fault files: each is refused with its code, or read with the stated values. */
class FaultFilesTest {

  @ParameterizedTest
  @CsvSource({
    "n01_empty.nii, TRUNCATED",
    "n03_trunc_data.nii, TRUNCATED",
    "n04_sizeof_bad.nii, NOT_NIFTI",
    "n06_dim_negative.nii, BAD_DIMENSION",
    "n07_dim_overflow.nii, BAD_DIMENSION",
    "n09_dim0_0.nii, BAD_DIMENSION",
    "n10_datatype_unknown.nii, UNSUPPORTED_TYPE",
    "n12_rgb24.nii, UNSUPPORTED_TYPE",
    "n13_bitpix_mismatch.nii, BAD_BITPIX",
    "n16_slope2_inter_inf.nii, BAD_RESCALE",
    "n18_no_xform.nii, NO_ORIENTATION",
    "n21_sform_singular.nii, BAD_AFFINE",
    "n22_sform_shear.nii, SHEARED_GRID",
    "n30_vox_offset_huge.nii, BAD_OFFSET",
    "n33_pair_magic.nii, UNSUPPORTED_PAIR",
    "n34_gz_bomb_1GiB.nii.gz, INFLATE_LIMIT",
    "n36_gz_badcrc.nii.gz, CORRUPT_GZIP"
  })
  void a_fault_is_refused_with_its_code_and_the_files_name(String file, String code) {
    Path path = fault(file);

    assertThatThrownBy(() -> Nifti.read(path))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageNotContaining(path.getParent().toString())
        .extracting(e -> ((InvalidStudyException) e).code())
        .isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n00_ok.nii",
        "n15_slope0.nii",
        "n28_bigendian.nii",
        "n37_gz_ext_but_plain.nii.gz",
        "n39_gz_two_members.nii.gz"
      })
  void a_legal_oddity_is_read_as_ones_on_the_identity(String file) throws Exception {
    NiftiImage image = Nifti.read(fault(file));

    assertThat(image.volume().extents()).isEqualTo(new Extents(4, 5, 6));
    assertThat(VoxelArrays.samples(image.volume())).containsOnly(1);
    assertThat(image.volume().geometry().affine()).isEqualTo(lps(-1, -1, 1, 0, 0, 0));
    assertThat(image.notices()).isEmpty();
  }

  @Test
  void qfac_minus_one_turns_the_third_axis_round() throws Exception {
    NiftiImage image = Nifti.read(fault("n19_qform_only_qfac-1.nii"));

    assertThat(image.volume().geometry().affine()).isEqualTo(lps(-2, -2, -3, -10, -20, 30));
    assertThat(image.volume().geometry().spacingMm()).isEqualTo(new Vector3(2, 2, 3));
  }

  @Test
  void of_two_transforms_that_disagree_the_sform_is_used_and_told() throws Exception {
    NiftiImage image = Nifti.read(fault("n24_q_s_conflict.nii"));

    assertThat(image.volume().geometry().affine()).isEqualTo(lps(1, 1, 1, -9, -9, 0));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("QFORM_SFORM_CONFLICT");
  }

  @Test
  void metres_become_millimetres() throws Exception {
    NiftiImage image = Nifti.read(fault("n25_units_meter.nii"));

    assertThat(image.volume().geometry().spacingMm()).isEqualTo(new Vector3(1000, 1000, 1000));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("UNITS_CONVERTED");
  }

  @Test
  void a_negative_pixdim_counts_as_positive_and_is_told() throws Exception {
    NiftiImage image = Nifti.read(fault("n27_pixdim_neg.nii"));

    assertThat(image.volume().geometry().affine()).isEqualTo(lps(-2, -2, 2, 0, 0, 0));
    assertThat(image.notices()).extracting(Notice::code).containsExactly("NEGATIVE_PIXDIM");
  }

  @Test
  void two_dimensions_are_one_slice() throws Exception {
    assertThat(Nifti.read(fault("n31_2d.nii")).volume().extents()).isEqualTo(new Extents(4, 5, 1));
  }

  @Test
  void a_left_handed_grid_keeps_its_hand() throws Exception {
    NiftiImage image = Nifti.read(fault("n40_left_handed_LAS.nii"));

    assertThat(image.volume().geometry().affine()).isEqualTo(lps(1, -1, 1, -3, 0, 0));
    assertThat(image.volume().geometry().orientation()).hasToString("LAS");
  }

  @Test
  void every_fault_ends_in_a_heap_of_64_mb() throws Exception {
    List<String> files;
    try (Stream<Path> all = Files.list(fault("n00_ok.nii").getParent())) {
      files =
          all.filter(p -> p.getFileName().toString().startsWith("n"))
              .map(Path::toString)
              .sorted()
              .toList();
    }
    List<String> command =
        Stream.concat(
                Stream.of(
                    System.getProperty("java.home")
                        + File.separator
                        + "bin"
                        + File.separator
                        + "java",
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ReadEach.class.getName()),
                files.stream())
            .toList();

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines())
        .hasSize(files.size())
        .allMatch(line -> line.matches("n\\S+ (read|[A-Z_]+)"))
        .contains("n00_ok.nii read", "n34_gz_bomb_1GiB.nii.gz INFLATE_LIMIT");
  }

  /** Reads files one after the other and prints what became of each. */
  static final class ReadEach {

    public static void main(String[] files) throws Exception {
      for (String file : files) {
        String outcome;
        try {
          Nifti.read(Path.of(file));
          outcome = "read";
        } catch (InvalidStudyException e) {
          outcome = e.code();
        }
        System.out.println(Path.of(file).getFileName() + " " + outcome);
      }
    }
  }

  private static Path fault(String file) {
    return RealData.path("dicom/faults/" + file);
  }

  private static Affine lps(double i, double j, double k, double x, double y, double z) {
    return new Affine(
        new Vector3(i, 0, 0), new Vector3(0, j, 0), new Vector3(0, 0, k), new Vector3(x, y, z));
  }
}
