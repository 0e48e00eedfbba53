package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentCommandTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n01_empty.nii",
        "n03_trunc_data.nii",
        "n04_sizeof_bad.nii",
        "n06_dim_negative.nii",
        "n07_dim_overflow.nii",
        "n09_dim0_0.nii",
        "n10_datatype_unknown.nii",
        "n13_bitpix_mismatch.nii",
        "n16_slope2_inter_inf.nii",
        "n18_no_xform.nii",
        "n21_sform_singular.nii",
        "n22_sform_shear.nii",
        "n30_vox_offset_huge.nii",
        "n34_gz_bomb_1GiB.nii.gz",
        "n36_gz_badcrc.nii.gz"
      })
  void a_damaged_image_is_bad_input_and_nothing_is_written(String fault) {
    Path out = folder.resolve("out");

    Cli run = segment(RealData.path("dicom/faults/" + fault), out);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.err().lines()).hasSizeBetween(1, 2);
    assertThat(run.err().lines().findFirst().orElseThrow()).matches("lss: .*\\[[A-Z_]+]");
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n00_ok.nii",
        "n28_bigendian.nii",
        "n31_2d.nii",
        "n37_gz_ext_but_plain.nii.gz",
        "n39_gz_two_members.nii.gz",
        "n40_left_handed_LAS.nii"
      })
  void a_legal_image_without_a_spine_gives_an_empty_result_with_a_notice(String name)
      throws IOException {
    Cli run = segment(RealData.path("dicom/faults/" + name), folder);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(folder.resolve("labels.nii.gz")).exists();
    assertThat(folder.resolve("overlay.png")).exists();
    JsonNode result = new ObjectMapper().readTree(folder.resolve("result.json").toFile());
    assertThat(result.path("schema").asText()).isEqualTo("lss-result/1");
    assertThat(result.path("labels")).isEmpty();
    assertThat(result.path("notices").findValuesAsText("code")).contains("NOTHING_FOUND");
    assertThat(result.at("/timingsMs/total").asDouble()).isPositive();
    assertThat(result.at("/provenance/inputs/0/sha256").asText()).hasSize(64);
  }

  @Test
  void a_file_that_does_not_exist_is_bad_input() {
    Cli run = segment(folder.resolve("nothing.nii.gz"), folder.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("nothing.nii.gz").contains("[NO_SUCH_FILE]");
  }

  @Test
  void a_folder_as_image_is_bad_input() {
    Cli run = segment(folder, folder.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[NOT_A_FILE]");
  }

  @Test
  void the_result_of_an_earlier_run_does_not_survive_a_failure() throws IOException {
    Path earlier = Files.writeString(folder.resolve("result.json"), "{}");
    WrittenFiles.of(folder).begin(List.of("result.json"));

    Cli run = segment(folder.resolve("nothing.nii.gz"), folder);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(earlier).doesNotExist();
  }

  @Test
  void an_output_that_is_a_file_is_refused_before_any_work() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious");

    Cli run = segment(folder.resolve("nothing.nii.gz"), file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--out must be a folder");
    assertThat(file).hasContent("precious");
  }

  @Test
  void an_output_inside_a_file_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "precious");

    Cli run = segment(folder.resolve("nothing.nii.gz"), file.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--out must be a folder");
  }

  @Test
  void an_unknown_task_is_usage_and_names_the_known_ones() {
    Cli run = Cli.run("segment", "--task", "mr-knee", "--input", "a.nii", "--out", folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mr-knee", "ct-vertebrae");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void a_missing_option_is_named() {
    Cli run = Cli.run("segment", "--task", "ct-vertebrae", "--out", folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--input");
  }

  @Test
  void another_role_is_refused_with_the_one_that_the_task_takes() {
    Cli run = Cli.run("segment", "--task", "ct-vertebrae", "--input", "T1=a.nii", "--out", folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("CT", "T1");
  }

  @Test
  void two_images_are_refused() {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "ct-vertebrae",
            "--input",
            "a.nii",
            "--input",
            "b.nii",
            "--out",
            folder);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("takes one image, CT, was given 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "two"})
  void a_number_of_threads_below_1_or_no_number_is_refused(String threads) {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "ct-vertebrae",
            "--input",
            "a.nii",
            "--out",
            folder,
            "--threads",
            threads);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--threads", threads);
  }

  @Test
  void an_unknown_backend_is_refused_with_the_known_ones() {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "ct-vertebrae",
            "--input",
            RealData.path("dicom/faults/n00_ok.nii"),
            "--out",
            folder.resolve("out"),
            "--backend",
            "abacus");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("abacus", "onnx", "[NO_BACKEND]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "--device, gpu, '\"gpu\"'",
    "--device, cuda:, 'auto, cpu or cuda:N'",
    "--precision, fp16, 'fp32 or bf16'",
    "--level, L9, 'L5@x,y,z'",
    "--level, 'L5@1,2', 'L5@x,y,z'"
  })
  void devices_precisions_and_levels_that_do_not_exist_are_usage_errors(
      String option, String value, String named) {
    Cli run = withOption(option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(option, named);
  }

  @Test
  void a_level_for_a_task_that_names_none_is_a_usage_error() {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "us-fascia",
            "--input",
            "a.png",
            "--out",
            folder,
            "--level",
            "L5@-3,40,-812.5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--level is for tasks that name levels, us-fascia does not");
  }

  @Test
  void a_device_that_no_backend_has_is_an_error_that_lists_what_each_has() {
    Cli run = withOption("--device", "cuda:7");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("onnx: it has no cuda:7 here", "[cpu]", "[NO_BACKEND]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void a_backend_that_is_named_refuses_a_device_or_precision_that_it_has_not() {
    Cli device = withOption("--backend", "onnx", "--device", "cuda:0");
    Cli precision = withOption("--backend", "onnx", "--precision", "bf16");

    assertThat(device.exitCode()).isEqualTo(5);
    assertThat(device.err()).contains("cuda:0", "[DEVICE_UNAVAILABLE]");
    assertThat(precision.exitCode()).isEqualTo(5);
    assertThat(precision.err()).contains("bf16", "[PRECISION_UNSUPPORTED]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private Cli withOption(String... options) {
    List<Object> words = new ArrayList<>(List.of("segment", "--task", "ct-vertebrae", "--input"));
    words.add(RealData.path("dicom/faults/n00_ok.nii"));
    words.add("--out");
    words.add(folder.resolve("out"));
    words.addAll(List.of(options));
    return Cli.run(words.toArray());
  }

  @Test
  void a_model_that_does_not_exist_is_refused() {
    Cli run =
        Cli.run(
            "segment",
            "--task",
            "ct-vertebrae",
            "--input",
            RealData.path("dicom/faults/n00_ok.nii"),
            "--out",
            folder.resolve("out"),
            "--model",
            folder.resolve("no-model"));

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("no-model", "[MODEL_NOT_FOUND]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private static Cli segment(Path input, Path out) {
    return Cli.run("segment", "--task", "ct-vertebrae", "--input", input, "--out", out);
  }
}
