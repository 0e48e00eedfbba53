package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.HalfFloat;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.spi.ModelSource;
import dev.lss.testkit.FixedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    return NnUnetModel.read(NnUnetFolderTest.folder(name, configuration));
  }

  private ModelPackage imported(Model model, Dtype dtype) throws IOException {
    NnUnetImport.write(model, DETAILS, dtype, dir.resolve("package"));
    return ModelPackage.open(dir.resolve("package"));
  }

  private static ModelSource.Described fold(Model model) throws IOException {
    return (ModelSource.Described) model.sources(model.description().lastStage()).get(0);
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

    ModelPackage opened = imported(folder, Dtype.F32);

    assertThat(opened.description().stages()).isEqualTo(folder.description().stages());
    Weights weights = fold(opened).weights();
    assertThat(weights.names()).noneMatch(n -> n.startsWith("decoder.seg_layers.0."));
    for (String tensor : weights.names()) {
      assertThat(weights.values(tensor)).isEqualTo(fold(folder).weights().values(tensor));
    }
  }

  @Test
  void half_precision_rounds_to_the_nearest_and_takes_half_the_space() throws IOException {
    NnUnetModel folder = read("plain_2d", "2d");
    NnUnetImport.write(folder, DETAILS, Dtype.F32, dir.resolve("wide"));

    Weights half = fold(imported(folder, Dtype.F16)).weights();

    String tensor = "encoder.stages.0.0.convs.0.conv.weight";
    float[] exact = fold(folder).weights().values(tensor);
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
    ModelPackage opened = imported(read("plain_3d", "3d_fullres"), Dtype.F32);

    assertThat(opened.description().id()).isEqualTo("tiny");
    assertThat(opened.description().task()).isEqualTo(Tasks.SEGMENT);
    assertThat(opened.description().license()).isEqualTo("CC-BY-4.0");
    assertThat(opened.license()).isEqualTo("Name us.\n");
    assertThat(opened.card().orElseThrow())
        .contains("nnU-Net v2's Dataset901_Tiny/3d_fullres nnUNetTrainer", "L1, L2");
  }

  /** A model of two folds of one layer; every weight has this value. */
  private record Flat(float value) implements Model {

    private static final List<Integer> ONE = List.of(1, 1, 1);
    private static final Network NETWORK =
        new Network(
            3,
            1,
            List.of(
                new Layer.Convolution(
                    "out", Network.INPUT, ONE, ONE, List.of(0, 0, 0), 3, "w", Optional.empty())),
            "out");

    @Override
    public ModelDescription description() {
      Stage stage =
          Stage.builder(
                  Stage.Role.SEGMENTER,
                  "flat",
                  new StageNetwork.Layers(NETWORK, List.of("a.safetensors", "b.safetensors")))
              .inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.None())))
              .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
              .window(
                  new StageWindow.Tiles(
                      ONE,
                      new TileRule.Monai(0.25, TileRule.Monai.Weights.GAUSSIAN),
                      StageWindow.Outside.REPLICATE,
                      List.of()))
              .output(new StageOutput.HeatMaps(List.of("x", "y", "z")))
              .build();
      return ModelDescription.builder("flat", "1", "ct-vertebrae", "MIT")
          .stages(List.of(stage))
          .build();
    }

    @Override
    public String sha256() {
      return "";
    }

    @Override
    public List<ModelSource> sources(Stage stage) {
      Weights weights = new FixedWeights(1).with("w", List.of(3, 1, 1, 1, 1), value, value, value);
      return List.of(
          new ModelSource.Described("flat/a", NETWORK, weights),
          new ModelSource.Described("flat/b", NETWORK, weights));
    }
  }

  @Test
  void a_model_of_another_kind_keeps_its_task_its_stages_and_its_folds() throws IOException {
    Model model = new Flat(0.5f);

    ModelPackage opened = imported(model, Dtype.F32);

    assertThat(opened.description().task()).isEqualTo("ct-vertebrae");
    assertThat(opened.description().stages()).isEqualTo(model.description().stages());
    assertThat(opened.sources(opened.description().lastStage())).hasSize(2);
    assertThat(opened.card().orElseThrow()).contains("Imported from flat 1;", "x, y, z");
  }

  @ParameterizedTest
  @CsvSource({"70000, F16", "NaN, F32", "Infinity, F32"})
  void weights_that_cannot_be_kept_are_refused_and_nothing_is_left(float value, Dtype dtype)
      throws IOException {
    assertThatThrownBy(() -> imported(new Flat(value), dtype))
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
