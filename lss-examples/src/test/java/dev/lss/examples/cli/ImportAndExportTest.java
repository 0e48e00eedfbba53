package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.core.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the tiny results folders among the test resources of lss-core. */
class ImportAndExportTest {

  @TempDir Path dir;

  private static Path results(String name, String configuration) {
    Path folder =
        Path.of("..", "lss-core", "src", "test", "resources", "nnunet", name)
            .resolve("nnUNetTrainer__nnUNetPlans__" + configuration);
    assertThat(folder).isDirectory();
    return folder;
  }

  private Cli imported(String... more) {
    String[] first = {
      "import-nnunet",
      results("residual_3d", "3d_fullres").toString(),
      "--out",
      dir.resolve("tiny").toString()
    };
    return Cli.run(Stream.concat(Stream.of(first), Stream.of(more)).toArray());
  }

  @Test
  void a_results_folder_becomes_a_package() throws IOException {
    Cli run = imported("--license", "CC-BY-4.0", "--folds", "0", "--dtype", "fp16");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("tiny: 3d_fullres, 1 fold(s), 2 labels; written to");
    ModelPackage opened = ModelPackage.open(dir.resolve("tiny"));
    assertThat(opened.description().id()).isEqualTo("tiny");
    assertThat(opened.license()).isEqualTo("SPDX-License-Identifier: CC-BY-4.0\n");
  }

  @Test
  void the_licence_must_be_named() {
    Cli run = imported();

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--license");
    assertThat(dir.resolve("tiny")).doesNotExist();
  }

  @Test
  void a_fold_that_is_not_there_is_named() {
    Cli run = imported("--license", "CC-BY-4.0", "--folds", "3");

    assertThat(run.exitCode()).isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(run.err()).contains("\"fold_3\"", "folds that have one: fold_0", "[NNUNET_FOLDER]");
  }

  @Test
  void an_export_says_what_must_be_done_around_the_network() throws IOException {
    Path file = dir.resolve("tiny.onnx");
    imported("--license", "CC-BY-4.0");

    Cli run = Cli.run("export", "--model", dir.resolve("tiny"), "--format", "onnx", "--out", file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(dir.resolve("tiny.onnx.json").toFile());
    assertThat(json.at("/schema").asText()).isEqualTo("lss-export/2");
    assertThat(json.at("/sha256").asText()).hasSize(64);
    assertThat(json.at("/model/license").asText()).isEqualTo("CC-BY-4.0");
    assertThat(json.at("/input/name").asText()).isEqualTo("input");
    assertThat(json.at("/output/channels").asInt()).isEqualTo(2);
    assertThat(json.at("/stage/grid/spacingMm/0").asDouble()).isEqualTo(3);
    assertThat(json.at("/stage/inputs/0/normalization/kind").asText()).isEqualTo("ctClip");
    assertThat(json.at("/stage/output/regions/0/key").asText()).isEqualTo("bone");
    assertThat(json.at("/stage/output/regions/0/values")).hasSize(2);
    assertThat(json.at("/stage/trainer").asText()).isEqualTo("nnUNetTrainer");
  }

  @Test
  void an_export_to_torchscript_is_a_zip_of_aligned_tensors_with_the_same_surroundings()
      throws IOException {
    Path file = dir.resolve("tiny.pt");
    imported("--license", "CC-BY-4.0");

    Cli run =
        Cli.run("export", "--model", dir.resolve("tiny"), "--format", "torchscript", "--out", file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .contains("network/data.pkl", "network/code/__torch__.py", "network/data/0");
    }
    JsonNode json = new ObjectMapper().readTree(dir.resolve("tiny.pt.json").toFile());
    assertThat(json.at("/format").asText()).isEqualTo("torchscript");
    assertThat(json.at("/stage/trainer").asText()).isEqualTo("nnUNetTrainer");
  }

  @Test
  void an_export_to_savedmodel_is_a_zip_of_the_folder_with_the_same_surroundings()
      throws IOException {
    Path file = dir.resolve("tiny.zip");
    imported("--license", "CC-BY-4.0");

    Cli run =
        Cli.run("export", "--model", dir.resolve("tiny"), "--format", "savedmodel", "--out", file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("saved_model.pb");
    }
    JsonNode json = new ObjectMapper().readTree(dir.resolve("tiny.zip.json").toFile());
    assertThat(json.at("/format").asText()).isEqualTo("savedmodel");
    assertThat(json.at("/input/axes").asText()).isEqualTo("NCDHW");
    assertThat(json.at("/stage/trainer").asText()).isEqualTo("nnUNetTrainer");
  }

  @Test
  void a_results_folder_and_its_package_export_the_same_bytes() throws IOException {
    imported("--license", "CC-BY-4.0");
    Path direct = dir.resolve("direct.onnx");
    Path packed = dir.resolve("packed.onnx");

    Cli first =
        Cli.run(
            "export",
            "--model",
            results("residual_3d", "3d_fullres"),
            "--format",
            "onnx",
            "--out",
            direct);
    Cli.run("export", "--model", dir.resolve("tiny"), "--format", "onnx", "--out", packed);

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(packed).hasSameBinaryContentAs(direct);
  }

  @Test
  void a_model_of_two_networks_asks_which() throws IOException {
    Path file = dir.resolve("coarse.onnx");

    Cli both = Cli.run("export", "--model", "ct-vertebrae", "--format", "onnx", "--out", file);
    Cli one =
        Cli.run(
            "export",
            "--model",
            "ct-vertebrae",
            "--stage",
            "localizer",
            "--format",
            "onnx",
            "--out",
            file);

    assertThat(both.exitCode()).isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(both.err()).contains("--stage localizer --fold localizer", "[WHICH_NETWORK]");
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(Files.size(file)).isGreaterThan(100_000);
  }

  @Test
  void an_unknown_format_is_refused() {
    Cli run =
        Cli.run(
            "export", "--model", "ct-vertebrae", "--format", "tflite", "--out", dir.resolve("x"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains("--format must be one of [onnx, savedmodel, torchscript], was tflite");
  }
}
