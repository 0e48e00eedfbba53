package dev.lss.core.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.core.FormulaModel;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Stages with networks that are formulas. */
class StageRunnerTest {

  private static final Extents N = new Extents(6, 4, 4);
  private static final Volume IMAGE =
      Volume.wrap(GridGeometry.ofSpacing(N, new Vector3(1, 1, 1)), new float[N.voxels()]);

  /** Every voxel's column in its tile. */
  private static void column(FloatTensor in, FloatTensor out) {
    int columns = in.shape().get(4);
    for (int v = 0; v < out.shape().size(); v++) {
      out.data().put(v, v % columns);
    }
  }

  private static Stage stage(StageOutput output, List<Integer> mirrorAxes) {
    return Stage.builder(
            Stage.Role.LOCALIZER, "coarse", FormulaModel.network(3, 1, output.channels(), 1))
        .inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.None())))
        .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
        .window(
            new StageWindow.Tiles(
                List.of(8, 8, 8), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, mirrorAxes))
        .output(output)
        .build();
  }

  private static Networks open(
      Stage stage, BiConsumer<FloatTensor, FloatTensor> formula, RuntimeOptions options)
      throws IOException {
    FormulaModel model =
        FormulaModel.of(
            ModelDescription.builder("m", "1", "test", "CC0-1.0").stages(List.of(stage)).build(),
            formula);
    return Networks.open(
        model,
        source -> GuardedSession.open(model.backend(), source, SessionConfig.cpu(1)),
        options);
  }

  private static float[] row(List<Integer> mirrorAxes, boolean mirroring) throws IOException {
    Stage stage = stage(new StageOutput.HeatMaps(List.of("heatmap/any")), mirrorAxes);
    RuntimeOptions options = RuntimeOptions.builder().threads(1).mirroring(mirroring).build();
    try (Networks networks = open(stage, StageRunnerTest::column, options)) {
      Volume map =
          networks.stage("coarse").heatMaps(List.of(IMAGE), "localize", Run.unattended()).get(0);
      float[] row = new float[6];
      for (int i = 0; i < 6; i++) {
        row[i] = map.get(i, 0, 0);
      }
      return row;
    }
  }

  @Test
  void heat_maps_are_mirrored_over_the_axes_that_the_stage_names() throws IOException {
    // The tile is the image's 6 columns: c and 5 - c make 2.5.
    assertThat(row(List.of(), true)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(row(List.of(2), true)).containsExactly(2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 2.5f);
    assertThat(row(List.of(0, 1), true)).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void mirroring_can_be_switched_off() throws IOException {
    assertThat(row(List.of(2), false)).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void a_stage_is_asked_only_for_what_it_gives() throws IOException {
    StageOutput labels = new StageOutput.SigmoidRegions(List.of(StageOutput.Region.of("one", 1)));
    try (Networks networks =
        open(stage(labels, List.of()), StageRunnerTest::column, RuntimeOptions.DEFAULT)) {
      StageRunner runner = networks.stage("coarse");

      assertThatIllegalArgumentException()
          .isThrownBy(() -> runner.heatMaps(List.of(IMAGE), "localize", Run.unattended()))
          .withMessage("coarse gives no heat maps");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> runner.around(IMAGE, List.of(new Vector3(0, 0, 0)), Run.unattended()))
          .withMessage("coarse does not look around points");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> networks.stage("fine"))
          .withMessage("the model m has the stages [coarse], not fine");
    }
  }

  @Test
  void heat_maps_are_no_labels() throws IOException {
    Stage maps = stage(new StageOutput.HeatMaps(List.of("heatmap/any")), List.of());
    try (Networks networks = open(maps, StageRunnerTest::column, RuntimeOptions.DEFAULT)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  networks
                      .stage("coarse")
                      .labels(List.of(IMAGE), Optional.empty(), Run.unattended()))
          .withMessage("coarse gives no labels");
    }
  }
}
