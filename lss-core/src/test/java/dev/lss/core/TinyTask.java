package dev.lss.core;

import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
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
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageMemory;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.spi.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The smallest task: labels 1 where a T2 image is above one half; prefers sagittal slices. */
public final class TinyTask implements Task {

  /** Made by {@code ServiceLoader}. */
  public TinyTask() {}

  /** Returns a model that marks what is above one half. */
  static FormulaModel model() {
    return model(1);
  }

  @SuppressWarnings("unchecked")
  static FormulaModel model(int folds) {
    BiConsumer<FloatTensor, FloatTensor>[] same =
        (BiConsumer<FloatTensor, FloatTensor>[]) new BiConsumer<?, ?>[folds];
    Arrays.fill(same, (BiConsumer<FloatTensor, FloatTensor>) TinyTask::above);
    return model(same);
  }

  /** Returns a model of these folds: one T2 channel, background and one label, tiles of 4. */
  @SafeVarargs
  static FormulaModel model(BiConsumer<FloatTensor, FloatTensor>... folds) {
    Stage stage =
        Stage.builder(Stage.Role.SEGMENTER, "all", FormulaModel.network(3, 1, 2, folds.length))
            .inputs(List.of(new InputChannel(SeriesRole.T2, new Normalization.None())))
            .grid(StageGrid.Spacing.of(List.of(1.0, 1.0, 1.0), ResamplingRule.LINEAR))
            .window(
                new StageWindow.Tiles(
                    List.of(4, 4, 4), TileRule.NnUnet.DEFAULT, StageWindow.Outside.ZERO, List.of()))
            .output(new StageOutput.Softmax(List.of(new StageOutput.Label(1, "bright"))))
            .build();
    return FormulaModel.of(
        ModelDescription.builder("tiny", "1", "tiny", "CC0-1.0").stages(List.of(stage)).build(),
        folds);
  }

  static void above(FloatTensor in, FloatTensor out) {
    int voxels = in.shape().size();
    for (int n = 0; n < voxels; n++) {
      out.data().put(n, 0.5f);
      out.data().put(voxels + n, in.data().get(n));
    }
  }

  /** Returns an image of 1 mm whose last slice along k is 1 and the others 0. */
  static Volume image(int slices) {
    Extents extents = new Extents(5, 4, slices);
    float[] samples = new float[extents.voxels()];
    Arrays.fill(samples, 20 * (slices - 1), 20 * slices, 1);
    return Volume.wrap(GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1)), samples);
  }

  @Override
  public String id() {
    return "tiny";
  }

  @Override
  public String title() {
    return "what is bright";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return List.of(
        new SeriesNeed(
            SeriesRole.T2, SeriesNeed.Kind.VOLUME, false, Optional.of(SlicePlane.SAGITTAL)),
        new SeriesNeed(SeriesRole.T1, SeriesNeed.Kind.VOLUME, true, Optional.empty()));
  }

  @Override
  public void check(ModelDescription model) {}

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    return StageMemory.of(model.lastStage(), grids.get(SeriesRole.T2), options);
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    LabelVolume labels =
        networks
            .stage(Stage.Role.SEGMENTER)
            .labels(input.onOneGrid(List.of(SeriesRole.T2)), Optional.empty(), run);
    return Findings.builder(
            new LabelTable(List.of(new LabelTable.Entry(1, Structure.parse("bright"), 0xFFFFFF))))
        .labels(labels)
        .build();
  }
}
