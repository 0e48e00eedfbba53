package dev.lss.core.segment;

import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageMemory;
import dev.lss.core.stage.StageRunner;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The task {@code segment}: the labels of any model's last stage, on the grid of the image. Stages
 * before it are those of a cascade, whose labels the next one takes. An nnU-Net model gives the
 * labels that nnU-Net itself would give. Nothing is measured.
 */
public final class SegmentTask implements Task {

  /** Made by {@code ServiceLoader} and by applications. */
  public SegmentTask() {}

  @Override
  public String id() {
    return Tasks.SEGMENT;
  }

  @Override
  public String title() {
    return "the labels of any model";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    SeriesNeed.Kind kind =
        model.lastStage().orientation().isPresent() ? SeriesNeed.Kind.VOLUME : SeriesNeed.Kind.ANY;
    return model.lastStage().roles().stream().map(role -> SeriesNeed.of(role, kind)).toList();
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    Map<String, LabelVolume> found = new HashMap<>();
    ModelDescription model = networks.model();
    for (Stage stage : model.stages()) {
      StageRunner runner = networks.stage(stage.name());
      List<Volume> channels = input.onOneGrid(stage.roles());
      Optional<LabelVolume> previous = stage.previousStage().map(found::get);
      found.put(stage.name(), runner.labels(channels, previous, run));
    }
    LabelVolume labels = Objects.requireNonNull(found.get(model.lastStage().name()));
    Findings.Builder findings =
        Findings.builder(ModelLabels.of(model.lastStage().output())).labels(labels);
    if (labels.isBackground()) {
      findings.notice(new Notice("NOTHING_FOUND", "the model marked no voxel; all is background"));
    }
    return findings.build();
  }

  /** A stage that crops its image plans by itself, once it knows how much is left. */
  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    MemoryPlan plan = new MemoryPlan(0, 0);
    for (Stage stage : model.stages()) {
      if (!stage.cropsToNonZero()) {
        GridGeometry grid = Objects.requireNonNull(grids.get(stage.roles().get(0)));
        plan = plan.then(StageMemory.of(stage, grid, options));
      }
    }
    return plan;
  }

  @Override
  public void check(ModelDescription model) {
    for (Stage stage : model.stages()) {
      boolean labels =
          stage.output() instanceof StageOutput.Softmax
              || stage.output() instanceof StageOutput.SigmoidRegions;
      if (!labels || stage.window() instanceof StageWindow.AroundPoint) {
        throw unfit(model, "its stage %s gives no labels of a whole image".formatted(stage.name()));
      }
      if (stage.window() instanceof StageWindow.Whole && stage.network().files().size() != 1) {
        throw unfit(model, "its stage %s takes whole images and has folds".formatted(stage.name()));
      }
      if (!model.lastStage().roles().containsAll(stage.roles())) {
        throw unfit(
            model,
            "its stage %s takes %s, the last one %s"
                .formatted(stage.name(), stage.roles(), model.lastStage().roles()));
      }
    }
    for (int n = 0; n + 1 < model.stages().size(); n++) {
      Optional<String> name = Optional.of(model.stages().get(n).name());
      if (model.stages().stream().noneMatch(later -> later.previousStage().equals(name))) {
        throw unfit(model, "nothing uses its stage %s".formatted(name.get()));
      }
    }
  }
}
