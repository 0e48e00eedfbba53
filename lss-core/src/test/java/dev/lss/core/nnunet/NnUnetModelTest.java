package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.Resampling.SeparateZ;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageOutput.Label;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.Sha256;
import dev.lss.core.nnunet.NnUnetModel.Choice;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NnUnetModelTest {

  private static final String TRAINING = "nnUNetTrainer__nnUNetPlans__";
  private static final String CHECKPOINT = "fold_0/checkpoint_final.pth";

  @TempDir Path dir;

  private static Stage stage(Path folder) throws IOException {
    return NnUnetModel.read(folder).description().lastStage();
  }

  private static Path fixture() {
    return NnUnetFolderTest.folder("plain_3d", "3d_fullres");
  }

  /** Copies the 3-D fixture. */
  private Path copy(String configuration) throws IOException {
    Path folder = dir.resolve(TRAINING + configuration);
    Files.createDirectories(folder.resolve("fold_0"));
    for (String file : List.of("plans.json", "dataset.json", CHECKPOINT)) {
      Files.copy(fixture().resolve(file), folder.resolve(file));
    }
    return folder;
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  /** Sets fields of the configuration 3d_fullres, over what it inherits. */
  private Path with(String fields) throws IOException {
    Path folder = copy("3d_fullres");
    edit(
        folder.resolve("plans.json"),
        "\"inherits_from\": \"base\"",
        "\"inherits_from\": \"base\", " + fields.replace('\'', '"'));
    return folder;
  }

  @Test
  void a_results_folder_is_described_as_far_as_it_says() throws IOException {
    ModelDescription model = NnUnetModel.read(fixture()).description();

    assertThat(model.id()).isEqualTo("Dataset901_Tiny/3d_fullres");
    assertThat(model.version()).isEqualTo("nnUNetTrainer");
    assertThat(model.title()).isEqualTo("Dataset901_Tiny, 3d_fullres, 1 fold(s)");
    assertThat(model.license()).isEqualTo("NOASSERTION");
    assertThat(model.task()).isEqualTo("segment");
    assertThat(model.trainingData()).isEqualTo("not known; the results folder does not say");
    assertThat(model.stages()).hasSize(1);
    assertThat(VolumeFiles.nonFiniteRule(model)).isEqualTo(NonFiniteRule.STORED_ZERO);
  }

  @Test
  void a_configuration_is_a_stage() throws IOException {
    Stage stage = stage(fixture());

    assertThat(stage.role()).isEqualTo(Stage.Role.SEGMENTER);
    assertThat(stage.name()).isEqualTo("3d_fullres");
    assertThat(stage.network().files()).containsExactly("3d_fullres/fold_0.safetensors");
    assertThat(stage.inputs())
        .containsExactly(
            new InputChannel(SeriesRole.CT, new Normalization.CtClip(-200, 800, 120.5, 75.25)));
    assertThat(stage.orientation()).isEmpty();
    assertThat(stage.transpose()).containsExactly(0, 1, 2);
    assertThat(stage.cropsToNonZero()).isTrue();
    assertThat(stage.grid())
        .isEqualTo(
            new StageGrid.Spacing(
                List.of(3.0, 1.0, 1.0),
                new Resampling(ResamplingRule.CUBIC, SeparateZ.AUTO),
                new Resampling(ResamplingRule.LINEAR, SeparateZ.AUTO),
                Optional.empty()));
    assertThat(stage.window())
        .isEqualTo(
            new StageWindow.Tiles(
                List.of(4, 8, 8),
                TileRule.NnUnet.DEFAULT,
                StageWindow.Outside.ZERO,
                List.of(0, 1, 2)));
    assertThat(stage.output())
        .isEqualTo(new StageOutput.Softmax(List.of(new Label(1, "L1"), new Label(2, "L2"))));
    assertThat(stage.previousStage()).isEmpty();
    assertThat(stage.trainer()).contains("nnUNetTrainer");
  }

  @Test
  void a_2d_configuration_has_two_spacings() throws IOException {
    Stage stage = stage(NnUnetFolderTest.folder("plain_2d", "2d"));

    assertThat(((StageGrid.Spacing) stage.grid()).spacingMm()).hasSize(2);
    assertThat(stage.window().patchSize()).hasSize(2);
  }

  @Test
  void a_training_without_mirroring_has_no_mirror_axes() throws IOException {
    Stage stage = stage(NnUnetFolderTest.folder("residual_3d", "3d_fullres"));

    assertThat(((StageWindow.Tiles) stage.window()).mirrorAxes()).isEmpty();
    assertThat(stage.output()).isInstanceOf(StageOutput.SigmoidRegions.class);
  }

  @Test
  void mirror_axes_that_the_patch_does_not_have_are_refused() throws IOException {
    Path folder = dir.resolve(TRAINING + "2d");
    Files.createDirectories(folder.resolve("fold_0"));
    Path flat = NnUnetFolderTest.folder("plain_2d", "2d");
    for (String file : List.of("plans.json", "dataset.json")) {
      Files.copy(flat.resolve(file), folder.resolve(file));
    }
    Checkpoint like = CheckpointReader.read(flat.resolve(CHECKPOINT));
    TinyCheckpoint.write(folder.resolve(CHECKPOINT), like, 1, "2d", 0, 2);

    assertThatThrownBy(() -> NnUnetModel.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            TRAINING + "2d: mirror axes must be different numbers from 0 to 1, were [0, 2]");
  }

  @Test
  void readers_with_reorient_bring_images_to_ras_and_axes_are_transposed_as_the_plans_say()
      throws IOException {
    Path folder = copy("3d_fullres");
    edit(folder.resolve("plans.json"), "\"SimpleITKIO\"", "\"NibabelIOWithReorient\"");
    String plans = Files.readString(folder.resolve("plans.json"));
    Files.writeString(
        folder.resolve("plans.json"),
        plans
            .replaceFirst(
                "\"transpose_forward\": \\[[^\\]]*\\]", "\"transpose_forward\": [2, 0, 1]")
            .replaceFirst(
                "\"transpose_backward\": \\[[^\\]]*\\]", "\"transpose_backward\": [1, 2, 0]"));

    assertThat(stage(folder).orientation()).contains(AnatomicalCode.parse("RAS"));
    assertThat(stage(folder).transpose()).containsExactly(2, 0, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'is_seg': false} | CUBIC | AUTO",
        "{'order': 3, 'force_separate_z': true} | CUBIC | ALWAYS",
        "{'order': 1, 'force_separate_z': false} | LINEAR | NEVER",
        "{'order': 0, 'order_z': 0, 'force_separate_z': null} | NEAREST | AUTO"
      })
  void orders_of_splines_are_rules(String arguments, ResamplingRule rule, SeparateZ separateZ)
      throws IOException {
    Stage stage = stage(with("'resampling_fn_data_kwargs': " + arguments));

    assertThat(stage.grid().images()).isEqualTo(new Resampling(rule, separateZ));
  }

  @Test
  void the_function_in_torch_is_a_rule_of_its_own() throws IOException {
    String arguments =
        "{'is_seg': false, 'force_separate_z': false, 'memefficient_seg_resampling': false}";
    StageGrid.Spacing grid =
        (StageGrid.Spacing)
            stage(
                    with(
                        ("'resampling_fn_data': 'resample_torch_fornnunet',"
                                + " 'resampling_fn_data_kwargs': %1$s,"
                                + " 'resampling_fn_probabilities': 'resample_torch_fornnunet',"
                                + " 'resampling_fn_probabilities_kwargs': %1$s")
                            .formatted(arguments)))
                .grid();

    assertThat(grid.images()).isEqualTo(Resampling.of(ResamplingRule.TORCH_LINEAR));
    assertThat(grid.logits()).isEqualTo(Resampling.of(ResamplingRule.TORCH_LINEAR));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'resampling_fn_data_kwargs': {'order': 2} | \"order 2, order_z 0\" at plans.json:/configur"
            + "ations/3d_fullres/resampling_fn_data_kwargs; known: order 0, order_z 0, order 1,",
        "'resampling_fn_data_kwargs': {'order_z': 1} | \"order 3, order_z 1\"",
        "'resampling_fn_data_kwargs': {'is_seg': true} | \"is_seg true\"",
        "'resampling_fn_data_kwargs': {'zoom': 1} | resampling_fn_data_kwargs/zoom; known: force",
        "'resampling_fn_probabilities_kwargs': {} | \"order 3, order_z 0\" at"
            + " plans.json:/configurations/3d_fullres/resampling_fn_probabilities_kwargs; known:"
            + " order 1, order_z 0",
        "'resampling_fn_probabilities_kwargs': {'order': 0} | \"order 0, order_z 0\"",
        "'resampling_fn_data': 'resample_torch_fornnunet', 'resampling_fn_data_kwargs':"
            + " {'mode': 'bicubic'} | \"bicubic\" at"
      })
  void resampling_that_lss_cannot_do_is_refused_with_its_place(String fields, String message)
      throws IOException {
    Path folder = with(fields);

    assertThatThrownBy(() -> NnUnetModel.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((ModelException) e).code())
        .isEqualTo("NNUNET_UNSUPPORTED");
  }

  @Test
  void a_function_that_no_stage_uses_does_not_stand_in_the_way() throws IOException {
    assertThat(stage(with("'resampling_fn_seg': 'mine'")).name()).isEqualTo("3d_fullres");
  }

  @Test
  void a_fold_is_a_source_with_the_weights_of_its_checkpoint() throws IOException {
    NnUnetModel model = NnUnetModel.read(fixture());

    List<ModelSource> sources = model.sources(model.description().lastStage());

    assertThat(sources).hasSize(1);
    assertThat(sources.get(0).name()).isEqualTo("Dataset901_Tiny/3d_fullres/fold_0");
    assertThat(
            ((ModelSource.Described) sources.get(0)).weights().values("decoder.seg_layers.1.bias"))
        .hasSize(3);
  }

  @Test
  void all_numbered_folds_are_taken_and_fold_all_only_where_it_is_named() throws IOException {
    Path folder = copy("3d_fullres");
    for (String other : List.of("fold_3", "fold_all")) {
      Files.createDirectories(folder.resolve(other));
      Files.copy(folder.resolve(CHECKPOINT), folder.resolve(other).resolve("checkpoint_final.pth"));
    }

    assertThat(stage(folder).network().files())
        .containsExactly("3d_fullres/fold_0.safetensors", "3d_fullres/fold_3.safetensors");
    Choice all = Choice.DEFAULT.withFolds(List.of("all", "0", "fold_0"));
    assertThat(NnUnetModel.read(folder, all).description().lastStage().network().files())
        .containsExactly("3d_fullres/fold_all.safetensors", "3d_fullres/fold_0.safetensors");
  }

  private static String line(Path folder, String file, String name) throws IOException {
    return "%s %s%n".formatted(Sha256.of(Files.readAllBytes(folder.resolve(file))), name);
  }

  @Test
  void the_hash_is_that_of_the_hashes_of_all_files_that_were_read() throws IOException {
    String lines =
        line(fixture(), "plans.json", "plans.json")
            + line(fixture(), "dataset.json", "dataset.json")
            + line(fixture(), CHECKPOINT, CHECKPOINT);

    assertThat(NnUnetModel.read(fixture()).sha256())
        .isEqualTo(Sha256.of(lines.getBytes(StandardCharsets.UTF_8)));
  }

  /** A first stage 3d_lowres and a second stage 3d_cascade that takes its two labels. */
  private Path cascade() throws IOException {
    Path first = copy("3d_lowres");
    edit(first.resolve("plans.json"), "\"3d_fullres\": {", "\"3d_lowres\": {");
    Checkpoint like = CheckpointReader.read(fixture().resolve(CHECKPOINT));
    TinyCheckpoint.write(first.resolve(CHECKPOINT), like, 1, "3d_lowres");
    Path second = copy("3d_cascade");
    edit(
        second.resolve("plans.json"),
        "\"3d_fullres\": {",
        "\"3d_cascade\": { \"previous_stage\": \"3d_lowres\",");
    TinyCheckpoint.write(second.resolve(CHECKPOINT), like, 3, "3d_cascade");
    return second;
  }

  @Test
  void a_cascade_brings_the_stage_beside_it_first() throws IOException {
    Path folder = cascade();

    NnUnetModel model = NnUnetModel.read(folder);

    List<Stage> stages = model.description().stages();
    assertThat(stages.stream().map(Stage::name)).containsExactly("3d_lowres", "3d_cascade");
    assertThat(stages.get(1).previousStage()).contains("3d_lowres");
    assertThat(((StageGrid.Spacing) stages.get(1).grid()).previousLabels())
        .contains(new Resampling(ResamplingRule.LABEL_ARGMAX, SeparateZ.AUTO));
    assertThat(stages.get(1).signature().inputChannels()).isEqualTo(3);
    assertThat(model.description().id()).isEqualTo("Dataset901_Tiny/3d_cascade");
    assertThat(model.sources(stages.get(0)).get(0).signature().inputChannels()).isEqualTo(1);
  }

  @Test
  void the_older_rule_for_labels_is_taken_where_it_is_named() throws IOException {
    Choice older = Choice.DEFAULT.withLabelRule(ResamplingRule.LABEL_HALF);

    Stage last = NnUnetModel.read(cascade(), older).description().lastStage();

    assertThat(((StageGrid.Spacing) last.grid()).previousLabels())
        .contains(new Resampling(ResamplingRule.LABEL_HALF, SeparateZ.AUTO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> older.withLabelRule(ResamplingRule.LINEAR))
        .withMessage("the rule for labels is LABEL_ARGMAX or LABEL_HALF, was LINEAR");
  }

  @Test
  void the_hash_of_a_cascade_covers_its_first_stage() throws IOException {
    Path folder = cascade();
    String before = NnUnetModel.read(folder).sha256();

    edit(
        folder.resolveSibling(TRAINING + "3d_lowres").resolve("dataset.json"),
        "\"numTraining\": 1",
        "\"numTraining\": 2");

    assertThat(NnUnetModel.read(folder).sha256()).isNotEqualTo(before);
  }

  @Test
  void a_cascade_without_its_first_stage_says_what_is_missing() throws IOException {
    Path folder = cascade();
    Path first = folder.resolveSibling(TRAINING + "3d_lowres");
    Path elsewhere = Files.move(first, dir.resolve("elsewhere"));

    assertThatThrownBy(() -> NnUnetModel.read(folder))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("PREVIOUS_STAGE_MISSING"))
        .hasMessageContaining("needs the folder of 3d_lowres beside it");
    Choice named = Choice.DEFAULT.withPreviousStage(elsewhere);
    assertThat(NnUnetModel.read(folder, named).description().stages()).hasSize(2);
  }

  @Test
  void a_first_stage_of_another_configuration_is_refused() throws IOException {
    Path folder = cascade();
    Choice other = Choice.DEFAULT.withPreviousStage(fixture());

    assertThatThrownBy(() -> NnUnetModel.read(folder, other))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "3d_cascade follows the configuration 3d_lowres, nnUNetTrainer__nnUNetPlans__3d_fullres"
                + " is of 3d_fullres");
  }

  @Test
  void a_stage_that_follows_itself_is_refused() throws IOException {
    Path folder = cascade();
    edit(
        folder.resolve("plans.json"),
        "\"previous_stage\": \"3d_lowres\"",
        "\"previous_stage\": \"3d_cascade\"");

    assertThatThrownBy(() -> NnUnetModel.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("follow each other in a circle");
  }

  @Test
  void labels_of_an_earlier_stage_are_resampled_by_one_function_only() throws IOException {
    Path folder = cascade();
    edit(
        folder.resolve("plans.json"),
        "\"previous_stage\"",
        "\"resampling_fn_seg\": \"resample_torch_fornnunet\", \"previous_stage\"");

    assertThatThrownBy(() -> NnUnetModel.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("resampling_fn_seg; known: resample_data_or_seg_to_shape");
  }
}
