package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.StageOutput;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import dev.lss.testkit.ReferenceInterpreter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On folders that lss_training/peers/nnunet_fixtures.py wrote with nnU-Net 2.6.2 and PyTorch 2.9.1.
 */
class NnUnetFolderTest {

  private static final String CHECKPOINT = "checkpoint_final.pth";

  @TempDir Path dir;

  static Path folder(String name, String configuration) {
    String resource = "/nnunet/%s/nnUNetTrainer__nnUNetPlans__%s".formatted(name, configuration);
    URL url = Objects.requireNonNull(NnUnetFolderTest.class.getResource(resource), resource);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NnUnetFolder open(Path folder) throws IOException {
    return NnUnetFolder.open(folder, ResamplingRule.LABEL_ARGMAX);
  }

  private static FloatTensor floats(Path file, Shape shape) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(4 * shape.size());
    FloatTensor tensor = FloatTensor.allocate(shape);
    for (int i = 0; i < shape.size(); i++) {
      tensor.data().put(i, bytes.getFloat(4 * i));
    }
    return tensor;
  }

  private static Shape shape(int rank, int channels) {
    return rank == 2 ? Shape.of(2, channels, 8, 8) : Shape.of(2, channels, 4, 8, 8);
  }

  @ParameterizedTest
  @CsvSource({
    "plain_3d, 3d_fullres, 3, 3",
    "plain_2d, 2d, 2, 4",
    "residual_3d, 3d_fullres, 3, 2",
    "old_plans, 3d_fullres, 3, 3"
  })
  void the_network_gives_what_pytorch_gives(String name, String configuration, int rank, int heads)
      throws IOException {
    Path path = folder(name, configuration);

    NnUnetFolder.Fold fold = open(path).fold("fold_0", CHECKPOINT);

    FloatTensor expected = floats(path.resolve("output.f32"), shape(rank, heads));
    FloatTensor actual =
        ReferenceInterpreter.run(
            fold.network(),
            fold.checkpoint().weights(),
            floats(path.resolve("input.f32"), shape(rank, 1)));
    assertThat(actual.shape()).isEqualTo(expected.shape());
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      worst = Math.max(worst, Math.abs(actual.data().get(i) - expected.data().get(i)));
      largest = Math.max(largest, Math.abs(expected.data().get(i)));
    }
    assertThat(largest).isGreaterThan(0.5);
    assertThat(worst).isLessThan(1e-4 * largest);
  }

  @Test
  void the_checkpoint_says_how_it_was_trained() throws IOException {
    Checkpoint plain =
        open(folder("plain_3d", "3d_fullres")).fold("fold_0", CHECKPOINT).checkpoint();
    Checkpoint residual =
        open(folder("residual_3d", "3d_fullres")).fold("fold_0", CHECKPOINT).checkpoint();

    assertThat(plain.trainer()).contains("nnUNetTrainer");
    assertThat(plain.configuration()).contains("3d_fullres");
    assertThat(plain.mirrorAxes()).containsExactly(0, 1, 2);
    assertThat(residual.mirrorAxes()).isEmpty();
    assertThat(plain.initArguments()).containsEntry("fold", 0L).containsEntry("device", "cuda");
  }

  @Test
  void names_of_a_compiled_network_are_those_of_the_network() throws IOException {
    Checkpoint checkpoint =
        CheckpointReader.read(folder("plain_2d", "2d").resolve("fold_0").resolve(CHECKPOINT));

    assertThat(checkpoint.weights().names())
        .contains("encoder.stages.0.0.convs.0.conv.weight", "decoder.seg_layers.1.bias")
        .noneMatch(n -> n.contains("_orig_mod") || n.contains("all_modules"))
        .noneMatch(n -> n.startsWith("decoder.encoder"));
  }

  @Test
  void a_configuration_has_what_it_inherits() throws IOException {
    NnUnetConfiguration configuration =
        open(folder("plain_3d", "3d_fullres")).plans().configuration("3d_fullres");

    assertThat(configuration.patchSize()).containsExactly(4, 8, 8);
    assertThat(configuration.grid().spacingMm()).containsExactly(3.0, 1.0, 1.0);
    assertThat(configuration.normalizations())
        .containsExactly(new Normalization.CtClip(-200, 800, 120.5, 75.25));
  }

  @Test
  void regions_have_a_head_each_in_file_order() throws IOException {
    NnUnetDataset dataset = open(folder("residual_3d", "3d_fullres")).dataset();

    assertThat(dataset.output())
        .isEqualTo(
            new StageOutput.SigmoidRegions(
                List.of(
                    new StageOutput.Region("bone", List.of(1, 2), 1),
                    new StageOutput.Region("canal", List.of(2), 2))));
    assertThat(dataset.output().channels()).isEqualTo(2);
    assertThat(dataset.output().values()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'0': 'T1', '1': 'T2' | T1,T2",
        "'0': 'zscore', '1': 'zscore', '2': 'zscore' | zscore,zscore 2,zscore 3",
        "'0': 'MR', '1': 'MR', '2': 'MR 2' | MR,MR 3,MR 2"
      })
  void channels_of_one_name_are_told_apart_by_a_number(String names, String roles)
      throws IOException {
    NnUnetDataset dataset =
        edited("dataset.json", "\"0\": \"CT\"", names.replace('\'', '"')).dataset();

    assertThat(String.join(",", dataset.channels().stream().map(SeriesRole::key).toList()))
        .isEqualTo(roles);
  }

  private NnUnetFolder edited(String file, String from, String to) throws IOException {
    Path source = folder("plain_3d", "3d_fullres");
    Files.createDirectories(dir.resolve("fold_0"));
    for (String name : List.of("plans.json", "dataset.json", "fold_0/" + CHECKPOINT)) {
      byte[] bytes = Files.readAllBytes(source.resolve(name));
      if (name.equals(file)) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        bytes = text.replace(from, to).getBytes(StandardCharsets.UTF_8);
      }
      Files.write(dir.resolve(name), bytes);
    }
    return open(dir);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unet.PlainConvUNet | primus.Primus | network_class_name; known: ",
        "\"CTNormalization\" | \"MyNormalization\" | normalization_schemes/0; known: CTNorm",
        "\"DefaultPreprocessor\" | \"Mine\" | preprocessor_name; known: DefaultPreprocessor",
        "\"resample_data_or_seg_to_shape\" | \"mine\" | resampling_fn_data; known: resample_data",
        "torch.nn.LeakyReLU | torch.nn.GELU | arch_kwargs/nonlin; known: torch.nn.LeakyReLU",
        "\"conv_bias\" | \"squeeze_excitation\" | squeeze_excitation; known: false",
        "\"n_stages\": 3, | \"block\": \"x.BottleneckD\", \"n_stages\": 3, | block; known: dynamic",
        "\"n_stages\": 3, | \"zeal\": 1, \"n_stages\": 3, | arch_kwargs/zeal; known: block",
        "\"affine\": true | \"affine\": false | affine false"
      })
  void an_unknown_name_is_refused_with_its_place(String from, String to, String message)
      throws IOException {
    NnUnetFolder folder = edited("plans.json", from, to);

    assertThatThrownBy(() -> folder.fold("fold_0", CHECKPOINT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("plans.json:/configurations/")
        .hasMessageContaining(message)
        .extracting(e -> ((ModelException) e).code())
        .isEqualTo("NNUNET_UNSUPPORTED");
  }

  @Test
  void weights_that_do_not_fit_the_plans_are_refused() throws IOException {
    NnUnetFolder more =
        edited(
            "plans.json",
            "\"n_conv_per_stage_decoder\": [\n      1,",
            "\"n_conv_per_stage_decoder\": [\n      2,");
    assertThatThrownBy(() -> more.fold("fold_0", CHECKPOINT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("decoder.stages.0.convs.1.conv");

    NnUnetFolder heads = edited("dataset.json", "\"L2\": 2", "\"L2\": 2, \"L3\": 3");
    assertThatThrownBy(() -> heads.fold("fold_0", CHECKPOINT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("decoder.seg_layers.1");
  }

  @Test
  void configurations_that_inherit_in_a_circle_are_refused() throws IOException {
    NnUnetFolder folder =
        edited("plans.json", "\"data_identifier\"", "\"inherits_from\": \"3d_fullres\", \"d\"");

    assertThatThrownBy(() -> folder.plans().configuration("3d_fullres"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("inherit in a circle");
  }

  @Test
  void labels_with_a_gap_are_refused() {
    assertThatThrownBy(() -> edited("dataset.json", "\"L2\": 2", "\"L2\": 3"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("without gaps, were [0, 1, 3]");
  }

  @Test
  void a_fold_that_is_not_there_is_refused_with_those_that_are() throws IOException {
    NnUnetFolder folder = open(folder("plain_3d", "3d_fullres"));

    assertThatThrownBy(() -> folder.fold("fold_7", CHECKPOINT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("folds that have one: fold_0");
  }

  @Test
  void a_folder_without_plans_is_refused() {
    assertThatThrownBy(() -> open(dir))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it has no plans.json");
  }
}
