package dev.lss.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.StageOutput.Label;
import dev.lss.api.model.StageOutput.Region;
import dev.lss.api.model.StageWindow.AroundPoint;
import dev.lss.api.model.StageWindow.Outside;
import dev.lss.api.model.StageWindow.Tiles;
import dev.lss.api.model.StageWindow.Whole;
import dev.lss.api.model.network.Signature;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stage refuses, and its grid, window and output. */
class StageTest {

  private static final Resampling LINEAR = Resampling.of(ResamplingRule.LINEAR);
  private static final Resampling ARGMAX = Resampling.of(ResamplingRule.LABEL_ARGMAX);
  private static final StageGrid MM =
      StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.CUBIC);
  private static final StageOutput TWO = softmax(1, 2);

  private static StageOutput.Softmax softmax(int... values) {
    return new StageOutput.Softmax(
        Arrays.stream(values).mapToObj(v -> new Label(v, "part " + v)).toList());
  }

  private static StageNetwork network(int rank, int inputs, int outputs, int multiple) {
    return new StageNetwork.Opaque(
        ModelFormat.ONNX,
        List.of("net.onnx"),
        new Signature(rank, inputs, outputs, Collections.nCopies(rank, multiple)));
  }

  private static Tiles tiles(Integer... patch) {
    return new Tiles(List.of(patch), TileRule.NnUnet.DEFAULT, Outside.ZERO, List.of());
  }

  private static Stage.Builder stage(StageNetwork network) {
    return Stage.builder(Stage.Role.SEGMENTER, "fine", network)
        .inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.None())))
        .grid(MM)
        .window(tiles(16, 16, 16))
        .output(TWO);
  }

  private static Stage.Builder stage() {
    return stage(network(3, 1, 3, 8));
  }

  private static void assertRefused(Stage.Builder stage, String why) {
    assertThatIllegalArgumentException().isThrownBy(stage::build).withMessage("stage fine: " + why);
  }

  @Test
  void a_copy_is_equal_and_another_name_of_a_trainer_is_not() {
    Stage stage = stage().orientation(AnatomicalCode.LPS).trainer("nnUNetTrainer").build();

    assertThat(stage.toBuilder().build()).isEqualTo(stage).hasSameHashCodeAs(stage);
    assertThat(stage.toBuilder().trainer("other").build()).isNotEqualTo(stage);
    assertThat(stage.roles()).containsExactly(SeriesRole.CT);
  }

  @Test
  void grid_window_and_output_are_missed_by_name() {
    Stage.Builder bare = Stage.builder(Stage.Role.SEGMENTER, "fine", network(3, 1, 3, 8));

    assertThatNullPointerException().isThrownBy(bare::build).withMessage("grid");
    assertThatNullPointerException().isThrownBy(bare.grid(MM)::build).withMessage("window");
    assertThatNullPointerException()
        .isThrownBy(bare.window(tiles(16, 16, 16))::build)
        .withMessage("output");
  }

  @Test
  void a_patch_has_the_rank_of_the_network_and_sizes_that_it_can_take() {
    assertRefused(
        stage().window(tiles(16, 16)), "patchSize must be 3 positive numbers, was [16, 16]");
    assertRefused(
        stage().window(tiles(16, 16, 12)),
        "patch sizes must be multiples of [8, 8, 8], were [16, 16, 12]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,1", "0,1,1", "0,1,3", "0,1,2,2"})
  void axes_are_transposed_in_some_order_and_none_is_lost(String axes) {
    List<Integer> order = List.of(axes.split(",")).stream().map(Integer::valueOf).toList();

    assertRefused(
        stage().transpose(order), "transpose must be 0, 1 and 2 in some order, was " + order);
  }

  @Test
  void a_3d_network_needs_three_spacings_and_a_2d_network_two() {
    StageGrid two = StageGrid.Spacing.of(List.of(1.0, 1.0), ResamplingRule.CUBIC);

    assertRefused(stage().grid(two), "a 3-D network needs 3 spacings, has [1.0, 1.0]");
    assertThat(stage(network(2, 1, 3, 8)).grid(two).window(tiles(16, 16)).build().grid())
        .isEqualTo(two);
  }

  @Test
  void a_longer_side_and_a_whole_window_belong_together_in_2d() {
    String why = "a grid by the longer side and a whole window belong together, and are 2-D";
    StageGrid longer = new StageGrid.LongerSide(16, LINEAR);
    StageNetwork flat = network(2, 1, 3, 8);

    assertRefused(stage(flat).grid(longer).window(tiles(16, 16)), why);
    assertRefused(stage(flat).window(new Whole(List.of(16, 16))), why);
    assertRefused(stage().grid(longer), why);
    assertThat(stage(flat).grid(longer).window(new Whole(List.of(16, 16))).build().window())
        .isEqualTo(new Whole(List.of(16, 16)));
  }

  @Test
  void a_pointed_object_and_a_window_around_a_point_belong_together() {
    String why = "a pointed object and a window around a point belong together";
    StageWindow around = new AroundPoint(List.of(16, 16, 16), 5);
    StageOutput object = new StageOutput.PointedObject("vertebra");

    assertRefused(stage(network(3, 1, 1, 8)).output(object), why);
    assertRefused(stage(network(3, 2, 3, 8)).window(around), why);
    assertThat(stage(network(3, 2, 1, 8)).window(around).output(object).build().output())
        .isEqualTo(object);
  }

  @Test
  void the_prior_of_a_pointed_object_is_a_channel_of_the_network() {
    assertRefused(
        stage(network(3, 1, 1, 8))
            .window(new AroundPoint(List.of(16, 16, 16), 5))
            .output(new StageOutput.PointedObject("vertebra")),
        "the network takes 1 channels, the stage makes 2");
  }

  @Test
  void a_cascade_needs_an_earlier_stage_and_a_rule_for_its_labels() {
    String why = "the labels of an earlier stage need that stage and a rule to resample them";
    StageGrid cascade =
        new StageGrid.Spacing(List.of(1.0, 1.0, 1.0), LINEAR, LINEAR, Optional.of(ARGMAX));

    assertRefused(stage().previousStage("coarse"), why);
    assertRefused(stage().grid(cascade), why);
    // one image and one channel for each of two labels
    assertThat(
            stage(network(3, 3, 3, 8))
                .grid(cascade)
                .previousStage("coarse")
                .build()
                .previousStage())
        .contains("coarse");
    assertRefused(
        stage().grid(cascade).previousStage("coarse"),
        "the network takes 1 channels, the stage makes 3");
  }

  @Test
  void inputs_are_at_least_one_and_of_different_roles() {
    InputChannel ct = new InputChannel(SeriesRole.CT, new Normalization.None());

    assertRefused(stage().inputs(List.of()), "a stage needs at least one input");
    assertRefused(stage().inputs(List.of(ct, ct)), "two inputs have the role CT");
  }

  @Test
  void the_network_gives_as_many_channels_as_the_output_has() {
    assertRefused(stage().output(softmax(1)), "the network gives 3 channels, the output has 2");
  }

  @Test
  void values_of_an_output_ascend_without_background_and_repeats() {
    assertThat(softmax(7, 3).values()).containsExactly(3, 7);
    assertThat(
            new StageOutput.SigmoidRegions(
                    List.of(new Region("all", List.of(0, 2, 1), 1), Region.of("core", 2)))
                .values())
        .containsExactly(1, 2);
    assertThat(new StageOutput.HeatMaps(List.of("heatmap/a")).values()).isEmpty();
  }

  @Test
  void outputs_without_labels_or_with_repeats_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> softmax());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> softmax(1, 1))
        .withMessageStartingWith("labels have values of their own, were ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageOutput.SigmoidRegions(List.of()))
        .withMessage("a network has at least one region");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageOutput.HeatMaps(List.of("a", "a")))
        .withMessage("heat maps have keys of their own, were [a, a]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageOutput.PointedObject(" "))
        .withMessage("an object has a key");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void a_label_value_outside_1_to_65535_is_refused(int value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Label(value, "x"))
        .withMessage("a label value lies in 1 to 65535, was " + value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Region("x", List.of(1), value))
        .withMessage("a region writes 1 to 65535, was " + value);
  }

  @Test
  void a_region_without_values_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Region("x", List.of(), 1))
        .withMessage("a region has values from 0 to 65535, was []");
  }

  @Test
  void mirror_axes_are_axes_of_the_patch_and_named_once() {
    for (List<Integer> axes : List.of(List.of(3), List.of(-1), List.of(1, 1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new Tiles(List.of(8, 8, 8), TileRule.NnUnet.DEFAULT, Outside.ZERO, axes))
          .withMessage("mirror axes must be different numbers from 0 to 2, were " + axes);
    }
  }

  @Test
  void windows_have_positive_sizes_of_their_rank() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tiles(8, 0, 8))
        .withMessage("patchSize must be 2 or 3 positive numbers, was [8, 0, 8]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Whole(List.of(8, 8, 8)))
        .withMessage("a whole plane has 2 sizes, had [8, 8, 8]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AroundPoint(List.of(8, 8), 5))
        .withMessage("a patch around a point has 3 sizes, had [8, 8]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AroundPoint(List.of(8, 8, 8), 0))
        .withMessage("priorSigmaMm must be positive, was 0.0");
  }

  @Test
  void a_grid_has_positive_spacings_and_rules_that_logits_and_labels_can_follow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StageGrid.Spacing.of(List.of(1.0, 0.0, 1.0), ResamplingRule.CUBIC))
        .withMessage("spacingMm must be 2 or 3 positive numbers, was [1.0, 0.0, 1.0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StageGrid.Spacing.of(List.of(1.0), ResamplingRule.CUBIC));
    Resampling cubic = Resampling.of(ResamplingRule.CUBIC);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new StageGrid.Spacing(List.of(1.0, 1.0, 1.0), cubic, cubic, Optional.empty()))
        .withMessage("logits are resampled by LINEAR or TORCH_LINEAR, not by CUBIC");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new StageGrid.Spacing(List.of(1.0, 1.0, 1.0), cubic, LINEAR, Optional.of(cubic)))
        .withMessage("labels are resampled by LABEL_ARGMAX, LABEL_HALF or NEAREST, not by CUBIC");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageGrid.LongerSide(0, LINEAR))
        .withMessage("the longer side has at least 1 pixel, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageGrid.LongerSide(9, Resampling.of(ResamplingRule.LABEL_ARGMAX)))
        .withMessage("images are not resampled by LABEL_ARGMAX");
  }

  @Test
  void a_network_needs_a_file() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new StageNetwork.Opaque(
                    ModelFormat.ONNX, List.of(), new Signature(2, 1, 2, List.of(1, 1))))
        .withMessage("a network needs at least one file");
  }

  @Test
  void a_model_has_stages_of_different_names_of_which_earlier_ones_come_earlier() {
    Stage stage = stage().build();
    Stage cascade =
        stage(network(3, 3, 3, 8))
            .grid(
                new StageGrid.Spacing(List.of(1.0, 1.0, 1.0), LINEAR, LINEAR, Optional.of(ARGMAX)))
            .previousStage("coarse")
            .build();
    ModelDescription.Builder model = ModelDescription.builder("m", "1", "segment", "CC0-1.0");

    assertThatIllegalArgumentException()
        .isThrownBy(model::build)
        .withMessage("a model has at least one stage");
    assertThatIllegalArgumentException()
        .isThrownBy(model.stages(List.of(stage, stage))::build)
        .withMessage("two stages are named fine");
    assertThatIllegalArgumentException()
        .isThrownBy(model.stages(List.of(cascade))::build)
        .withMessage("stage fine needs the stage \"coarse\" before it");
    assertThatIllegalArgumentException()
        .isThrownBy(
            ModelDescription.builder("m", "1", "segment", " ").stages(List.of(stage))::build)
        .withMessage("a model has an id, a version, a licence and a task");
    assertThat(model.stages(List.of(stage)).build().formats()).containsExactly(ModelFormat.ONNX);
  }
}
