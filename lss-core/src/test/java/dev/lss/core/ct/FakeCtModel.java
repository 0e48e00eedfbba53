package dev.lss.core.ct;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.AnatomicalCode;
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
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.FloatTensor;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A model whose networks are formulas, so that the task can be tested without a runtime. Its images
 * are 0 where nothing is and 1 in the middle of a blob. The coarse network calls every blob a
 * vertebra and its place L3; the fine one marks what is above 0.5 near the middle of its patch.
 */
final class FakeCtModel {

  private FakeCtModel() {}

  static LumbarSegmenter segmenter(int stageThreads) {
    return segmenter(stageThreads, FakeCtModel::localize);
  }

  static LumbarSegmenter segmenter(
      int stageThreads, BiConsumer<FloatTensor, FloatTensor> localizer) {
    return model(description(localizer(), segmenter()), localizer)
        .segmenter(
            new CtVertebrae(),
            RuntimeOptions.builder().threads(1).stageThreads(stageThreads).build());
  }

  static FormulaModel model(
      ModelDescription description, BiConsumer<FloatTensor, FloatTensor> localizer) {
    return FormulaModel.of(description)
        .with("LOCALIZER", localizer)
        .with("SEGMENTER", FakeCtModel::mark);
  }

  static void localize(FloatTensor in, FloatTensor out) {
    int voxels = in.shape().size();
    for (int c = 0; c < 9; c++) {
      for (int n = 0; n < voxels; n++) {
        boolean speaks = c == HeatMaps.ANY || c == HeatMaps.L1 + 2;
        out.data().put(c * voxels + n, speaks ? 8 * in.data().get(n) - 4 : -8);
      }
    }
  }

  private static void mark(FloatTensor in, FloatTensor out) {
    int voxels = out.shape().size();
    for (int n = 0; n < voxels; n++) {
      float prior = in.data().get(voxels + n);
      out.data().put(n, Math.min(in.data().get(n) - 0.5f, 4 * (prior - 0.2f)));
    }
  }

  static ModelDescription description(Stage... stages) {
    return ModelDescription.builder("fake", "1", Tasks.CT_VERTEBRAE, "Apache-2.0")
        .stages(List.of(stages))
        .build();
  }

  static Stage localizer() {
    return stage(
            Stage.Role.LOCALIZER,
            1,
            4,
            new StageWindow.Tiles(
                List.of(24, 12, 12),
                TileRule.NnUnet.DEFAULT,
                StageWindow.Outside.NORMALIZED,
                List.of()),
            new StageOutput.HeatMaps(HeatMaps.CHANNELS))
        .build();
  }

  static Stage segmenter() {
    return segmenter(List.of(16, 16, 16), 2);
  }

  static Stage segmenter(List<Integer> patch, double spacingMm) {
    return stage(
            Stage.Role.SEGMENTER,
            2,
            spacingMm,
            new StageWindow.AroundPoint(patch, 10),
            new StageOutput.PointedObject("vertebra"))
        .build();
  }

  private static Stage.Builder stage(
      Stage.Role role, int inputs, double spacingMm, StageWindow window, StageOutput output) {
    return Stage.builder(role, role.name(), FormulaModel.network(3, inputs, output.channels(), 1))
        .inputs(List.of(new InputChannel(SeriesRole.CT, new Normalization.CtClip(0, 1, 0, 1))))
        .orientation(AnatomicalCode.LPS)
        .grid(
            StageGrid.Spacing.of(
                List.of(spacingMm, spacingMm, spacingMm), ResamplingRule.LINEAR_ANTIALIASED))
        .window(window)
        .output(output);
  }
}
