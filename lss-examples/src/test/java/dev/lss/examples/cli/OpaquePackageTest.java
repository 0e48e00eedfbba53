package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packages that bring an ONNX, TorchScript or SavedModel file instead of layers and weights, on
 * networks that lss exports.
 */
class OpaquePackageTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path dir;
  private Path image;
  private Path layers;

  @BeforeEach
  void make() throws IOException {
    layers = imported("residual_3d");
    image = dir.resolve("image.nii.gz");
    Extents extents = new Extents(14, 12, 7);
    float[] samples = new float[extents.voxels()];
    Random random = new Random(1);
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) (300 * random.nextGaussian());
    }
    Nifti.write(
        image, Volume.wrap(GridGeometry.ofSpacing(extents, new Vector3(1.2, 1.1, 2.5)), samples));
  }

  private Path imported(String name) {
    Path results =
        Path.of("..", "lss-core", "src", "test", "resources", "nnunet", name)
            .resolve("nnUNetTrainer__nnUNetPlans__3d_fullres");
    Path out = dir.resolve(name);
    assertDone(
        Cli.run("import-nnunet", results, "--out", out, "--license", "CC-BY-4.0", "--folds", "0"));
    return out;
  }

  private Path exported(Path model) {
    return exported(model, "onnx");
  }

  private Path exported(Path model, String format) {
    Path file = dir.resolve(model.getFileName() + "." + format);
    assertDone(Cli.run("export", "--model", model, "--format", format, "--out", file));
    return file;
  }

  private static void assertDone(Cli run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static ObjectNode manifest(Path folder) throws IOException {
    return (ObjectNode) MAPPER.readTree(folder.resolve("lss-model.json").toFile());
  }

  /** Writes a package that says what {@link #layers} says, with this file as its network. */
  private Path opaque(byte[] onnx) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("opaque"));
    Files.copy(layers.resolve("LICENSE"), folder.resolve("LICENSE"));
    Files.write(folder.resolve("net.onnx"), onnx);
    ObjectNode manifest = manifest(layers);
    ObjectNode stage = (ObjectNode) manifest.at("/stages/0");
    stage.remove("weights");
    stage.set(
        "network",
        MAPPER.readTree(
            """
            {"format":"onnx","files":["net.onnx"],"spatialRank":3,"inputChannels":1,
             "outputChannels":2,"sizeMultiples":[2,4,4]}
            """));
    manifest.remove("files");
    for (String file : new String[] {"LICENSE", "net.onnx"}) {
      manifest
          .withArray("files")
          .addObject()
          .put("path", file)
          .put("sha256", sha256(folder.resolve(file)));
    }
    MAPPER.writeValue(folder.resolve("lss-model.json").toFile(), manifest);
    return folder;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Cli segment(Path model, Path out) {
    return Cli.run("segment", "--model", model, "--input", image, "--out", out, "--threads", 1);
  }

  private LabelVolume labels(Path model, String out, Object... options) throws IOException {
    List<Object> all = new ArrayList<>(List.of("segment", "--model", model, "--input", image));
    all.addAll(List.of("--out", dir.resolve(out), "--threads", 1));
    all.addAll(List.of(options));
    assertDone(Cli.run(all.toArray()));
    return Nifti.readLabels(dir.resolve(out).resolve("labels.nii.gz")).labels();
  }

  private void assertRefused(Path model, String code, String... parts) {
    Cli run = segment(model, dir.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains("[" + code + "]").contains(parts);
    assertThat(dir.resolve("out").resolve("labels.nii.gz")).doesNotExist();
  }

  @Test
  void the_file_gives_the_labels_that_its_layers_give() throws IOException {
    Path opaque = opaque(Files.readAllBytes(exported(layers)));

    LabelVolume described = labels(layers, "described");
    LabelVolume brought = labels(opaque, "brought");

    assertThat(VoxelArrays.labels(brought)).isEqualTo(VoxelArrays.labels(described));
    assertThat(VoxelArrays.labels(brought)).contains((short) 1, (short) 2);
    JsonNode result = MAPPER.readTree(dir.resolve("brought/result.json").toFile());
    assertThat(result.at("/provenance/models/0/sha256").asText())
        .isEqualTo(sha256(opaque.resolve("lss-model.json")));
  }

  private Path opaque(String format) throws IOException {
    Path opaque = opaque(Files.readAllBytes(exported(layers, format)));
    ObjectNode manifest = manifest(opaque);
    ((ObjectNode) manifest.at("/stages/0/network")).put("format", format);
    MAPPER.writeValue(opaque.resolve("lss-model.json").toFile(), manifest);
    return opaque;
  }

  /** Runs the layers and their export; returns the result of the export. */
  private JsonNode resultOfSameLabels(String format, Object... options) throws IOException {
    Path opaque = opaque(format);

    LabelVolume described = labels(layers, "described");
    LabelVolume brought = labels(opaque, "brought", options);

    int different = 0;
    for (int n = 0; n < VoxelArrays.labels(described).length; n++) {
      different += VoxelArrays.labels(described)[n] == VoxelArrays.labels(brought)[n] ? 0 : 1;
    }
    assertThat(different).as("voxels that another runtime rounds over the edge").isLessThan(3);
    assertThat(VoxelArrays.labels(brought)).contains((short) 1, (short) 2);
    return MAPPER.readTree(dir.resolve("brought/result.json").toFile());
  }

  @Test
  void a_torchscript_file_that_is_trusted_runs_on_pytorch_and_the_result_says_that_it_is_code()
      throws IOException {
    JsonNode result = resultOfSameLabels("torchscript", "--trust-code");

    assertThat(result.at("/provenance/backend/id").asText()).isEqualTo("djl");
    assertThat(result.at("/notices/0/code").asText()).isEqualTo("MODEL_IS_CODE");
    assertThat(MAPPER.readTree(dir.resolve("described/result.json").toFile()).at("/notices"))
        .isEmpty();
  }

  @Test
  void a_torchscript_file_without_the_word_is_refused_with_what_to_do() throws IOException {
    assertRefused(
        opaque("torchscript"),
        "CODE_NOT_TRUSTED",
        "brings a program (torchscript, net.onnx)",
        "--trust-code",
        "safetensors");
  }

  @Test
  void a_savedmodel_runs_on_tensorflow_unasked() throws IOException {
    JsonNode result = resultOfSameLabels("savedmodel");

    assertThat(result.at("/provenance/backend/id").asText()).isEqualTo("tf");
    assertThat(result.at("/notices")).isEmpty();
  }

  @Test
  void the_stage_s_own_tiling_is_used_and_a_step_replaces_its_overlap() throws IOException {
    Path opaque = opaque(Files.readAllBytes(exported(layers)));
    ObjectNode manifest = manifest(opaque);
    LabelVolume nnUnet = labels(opaque, "nnunet");
    ((ObjectNode) manifest.at("/stages/0/window")).put("outside", "replicate");
    ((ObjectNode) manifest.at("/stages/0/window/rule"))
        .removeAll()
        .put("kind", "monai")
        .put("overlap", 0.25)
        .put("weights", "constant");
    MAPPER.writeValue(opaque.resolve("lss-model.json").toFile(), manifest);

    LabelVolume monai = labels(opaque, "monai");
    Path dense = dir.resolve("dense");
    assertDone(
        Cli.run(
            "segment", "--model", opaque, "--input", image, "--out", dense, "--step-size", 0.5));

    assertThat(VoxelArrays.labels(monai)).isNotEqualTo(VoxelArrays.labels(nnUnet));
    assertThat(VoxelArrays.labels(Nifti.readLabels(dense.resolve("labels.nii.gz")).labels()))
        .isNotEqualTo(VoxelArrays.labels(monai));
  }

  /** Takes away what nnU-Net does and others do not: an upright image, resampled linearly. */
  private Path plain(Path from) throws IOException {
    ObjectNode manifest = manifest(from);
    ObjectNode stage = (ObjectNode) manifest.at("/stages/0");
    stage.put("orientation", "RAS").put("cropsToNonZero", false);
    ((ObjectNode) stage.at("/grid/images")).put("rule", "LINEAR").put("separateZ", "never");
    ((ObjectNode) stage.at("/grid/logits")).put("separateZ", "never");
    MAPPER.writeValue(from.resolve("lss-model.json").toFile(), manifest);
    return from;
  }

  @Test
  void a_plain_model_gives_the_same_labels_either_way_too() throws IOException {
    Path opaque = plain(opaque(Files.readAllBytes(exported(layers))));
    LabelVolume nnUnet = labels(layers, "nnunet");

    LabelVolume brought = labels(opaque, "brought");
    LabelVolume described = labels(plain(layers), "described");

    assertThat(VoxelArrays.labels(brought)).isEqualTo(VoxelArrays.labels(described));
    assertThat(VoxelArrays.labels(brought)).contains((short) 1, (short) 2);
    assertThat(VoxelArrays.labels(brought)).isNotEqualTo(VoxelArrays.labels(nnUnet));
  }

  @Test
  void options_of_results_folders_are_refused_for_a_package() throws IOException {
    Path out = dir.resolve("out");

    Cli run =
        Cli.run(
            "segment", "--model", plain(layers), "--input", image, "--out", out, "--folds", "0");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--folds", "are for results folders of nnU-Net");
  }

  @Test
  void a_file_with_other_channels_is_refused() throws IOException {
    Path three = exported(imported("plain_3d"));

    assertRefused(
        opaque(Files.readAllBytes(three)),
        "MODEL_REFUSED",
        "net.onnx: the output",
        "has sizes [-1, 3, -1, -1, -1] (-1: any), the manifest says [1, 2, 2, 4, 4]");
  }

  @Test
  void a_damaged_file_is_refused_though_its_hash_is_right() throws IOException {
    byte[] whole = Files.readAllBytes(exported(layers));

    assertRefused(
        opaque(Arrays.copyOf(whole, whole.length / 2)),
        "MODEL_REFUSED",
        "net.onnx is no ONNX file");
  }

  @Test
  void a_file_that_was_changed_is_refused() throws IOException {
    Path opaque = opaque(Files.readAllBytes(exported(layers)));
    Files.write(opaque.resolve("net.onnx"), new byte[] {1});

    assertRefused(opaque, "MODEL_CHECKSUM", "\"net.onnx\" has SHA-256");
  }

  @Test
  void the_file_is_not_exported_again() throws IOException {
    Path opaque = opaque(Files.readAllBytes(exported(layers)));
    Path file = dir.resolve("again.onnx");

    Cli run = Cli.run("export", "--model", opaque, "--format", "onnx", "--out", file);

    assertThat(run.exitCode()).isEqualTo(ExitCode.MODEL_OR_BACKEND);
    assertThat(run.err()).contains("net.onnx is a file of a runtime already", "[OPAQUE_NETWORK]");
    assertThat(file).doesNotExist();
  }
}
