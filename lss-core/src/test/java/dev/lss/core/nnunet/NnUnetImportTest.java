package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.HalfFloat;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.spi.ModelSource;
import dev.lss.testkit.FixedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NnUnetImportTest {

  private static final NnUnetImport.Details DETAILS =
      new NnUnetImport.Details(
          "tiny", "1", "A tiny model", "CC-BY-4.0", "Name us.", "tests", "nothing");

  @TempDir Path dir;

  private static NnUnetModel read(String name, String configuration) throws IOException {
    return NnUnetModel.read(
        NnUnetFolderTest.folder(name, configuration),
        new NnUnetModel.Choice(List.of(), "checkpoint_final.pth", Optional.empty()));
  }

  private NnUnetModel imported(NnUnetModel model, Dtype dtype) throws IOException {
    NnUnetImport.write(model, DETAILS, dtype, dir.resolve("package"));
    return NnUnetStages.model(ModelPackage.open(dir.resolve("package")));
  }

  @ParameterizedTest
  @CsvSource({
    "plain_3d, 3d_fullres",
    "plain_2d, 2d",
    "residual_3d, 3d_fullres",
    "old_plans, 3d_fullres"
  })
  void a_package_holds_what_the_folder_says_to_the_bit(String name, String configuration)
      throws IOException {
    NnUnetModel folder = read(name, configuration);

    NnUnetModel opened = imported(folder, Dtype.F32);

    assertThat(opened.configuration()).isEqualTo(folder.configuration());
    assertThat(opened.dataset()).isEqualTo(folder.dataset());
    assertThat(opened.transposeForward()).isEqualTo(folder.transposeForward());
    assertThat(opened.mirrorAxes()).isEqualTo(folder.mirrorAxes());
    assertThat(opened.tiling()).isEqualTo(TileRule.NnUnet.DEFAULT);
    assertThat(opened.trainer()).contains("nnUNetTrainer");
    assertThat(opened.folds()).hasSize(1);
    Network network = folder.describedFolds().get(0).network();
    assertThat(opened.describedFolds().get(0).network()).isEqualTo(network);
    Weights weights = opened.describedFolds().get(0).weights();
    assertThat(weights.names()).noneMatch(n -> n.startsWith("decoder.seg_layers.0."));
    for (String tensor : weights.names()) {
      assertThat(weights.values(tensor))
          .isEqualTo(folder.describedFolds().get(0).weights().values(tensor));
    }
  }

  @Test
  void half_precision_rounds_to_the_nearest_and_takes_half_the_space() throws IOException {
    NnUnetModel folder = read("plain_2d", "2d");
    NnUnetImport.write(folder, DETAILS, Dtype.F32, dir.resolve("wide"));

    Weights half = imported(folder, Dtype.F16).describedFolds().get(0).weights();

    String tensor = "encoder.stages.0.0.convs.0.conv.weight";
    float[] exact = folder.describedFolds().get(0).weights().values(tensor);
    for (int i = 0; i < exact.length; i++) {
      assertThat(half.values(tensor)[i])
          .isEqualTo(HalfFloat.toFloat(HalfFloat.fromFloat(exact[i])));
    }
    String file = "2d/fold_0.safetensors";
    assertThat(Files.size(dir.resolve("package").resolve(file)))
        .isLessThan(Files.size(dir.resolve("wide").resolve(file)) * 3 / 4);
  }

  @Test
  void the_package_says_whose_it_is() throws IOException {
    imported(read("plain_3d", "3d_fullres"), Dtype.F32);

    ModelPackage opened = ModelPackage.open(dir.resolve("package"));
    assertThat(opened.description().task()).isEqualTo(NnUnetImport.TASK);
    assertThat(opened.description().license()).isEqualTo("CC-BY-4.0");
    assertThat(opened.license()).isEqualTo("Name us.\n");
    assertThat(opened.card().orElseThrow()).contains("nnU-Net v2", "L1, L2");
  }

  /** One layer on the given channels; every weight has this value. */
  private static NnUnetModel with(NnUnetModel like, int inputs, float value, String previous) {
    List<Integer> one = List.of(1, 1, 1);
    Network network =
        new Network(
            3,
            inputs,
            List.of(
                new Layer.Convolution(
                    "out", Network.INPUT, one, one, List.of(0, 0, 0), 3, "w", Optional.empty())),
            "out");
    float[] values = new float[3 * inputs];
    Arrays.fill(values, value);
    NnUnetConfiguration c = like.configuration();
    Optional<String> stage = previous.isEmpty() ? Optional.empty() : Optional.of(previous);
    return new NnUnetModel(
        new NnUnetConfiguration(
            stage.isPresent() ? "3d_cascade_fullres" : c.name(),
            c.spacingMm(),
            c.patchSize(),
            c.normalizations(),
            c.imageResampling(),
            c.labelResampling(),
            c.logitResampling(),
            stage),
        like.dataset(),
        List.of(2, 0, 1),
        true,
        Optional.empty(),
        new TileRule.Monai(0.25, TileRule.Monai.Weights.GAUSSIAN, TileRule.Monai.Padding.REPLICATE),
        List.of(),
        List.of(
            new ModelSource.Described(
                "x/fold_0",
                network,
                new FixedWeights(1).with("w", List.of(3, inputs, 1, 1, 1), values)),
            new ModelSource.Described(
                "x/fold_1",
                network,
                new FixedWeights(1).with("w", List.of(3, inputs, 1, 1, 1), values))),
        stage.isPresent() ? Optional.of(like) : Optional.empty());
  }

  @Test
  void a_cascade_keeps_its_first_stage_and_its_folds() throws IOException {
    NnUnetModel first = read("plain_3d", "3d_fullres");
    NnUnetModel cascade = with(first, 3, 0.5f, "3d_fullres");

    NnUnetModel opened = imported(cascade, Dtype.F32);

    assertThat(opened.configuration()).isEqualTo(cascade.configuration());
    assertThat(opened.transposeForward()).containsExactly(2, 0, 1);
    assertThat(opened.reorientsToRas()).isTrue();
    assertThat(opened.tiling()).isEqualTo(cascade.tiling());
    assertThat(opened.folds()).hasSize(2);
    assertThat(opened.previousStage().orElseThrow().configuration())
        .isEqualTo(first.configuration());
  }

  @Test
  void a_cascade_without_its_first_stage_is_refused() throws IOException {
    NnUnetModel cascade = with(read("plain_3d", "3d_fullres"), 3, 0.5f, "3d_fullres");

    assertThatThrownBy(
            () ->
                new NnUnetModel(
                    cascade.configuration(),
                    cascade.dataset(),
                    cascade.transposeForward(),
                    false,
                    Optional.empty(),
                    cascade.tiling(),
                    List.of(),
                    cascade.folds(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3d_cascade_fullres follows Optional[3d_fullres]");
  }

  @ParameterizedTest
  @CsvSource({"70000, F16", "NaN, F32", "Infinity, F32"})
  void weights_that_cannot_be_kept_are_refused_and_nothing_is_left(float value, Dtype dtype)
      throws IOException {
    NnUnetModel model = with(read("plain_3d", "3d_fullres"), 1, value, "");

    assertThatThrownBy(() -> imported(model, dtype))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("tensor w holds " + value);
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_folder_that_is_there_is_not_written_over() throws IOException {
    Files.createDirectory(dir.resolve("package"));

    assertThatThrownBy(() -> imported(read("plain_2d", "2d"), Dtype.F32))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is there already");
  }
}
