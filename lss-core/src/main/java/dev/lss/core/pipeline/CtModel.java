package dev.lss.core.pipeline;

import dev.lss.api.ModelException;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.Tiling;
import java.util.List;
import java.util.Optional;

/** What the task {@code ct-vertebrae} asks of a model, checked before anything native loads. */
public final class CtModel {

  private CtModel() {}

  /**
   * Refuses a model that this task cannot run.
   *
   * @throws ModelException {@code UNFIT_MODEL} with what is missing
   */
  public static void check(ModelDescription model) {
    Stage localizer = stage(model, Stage.Role.LOCALIZER);
    Stage segmenter = stage(model, Stage.Role.SEGMENTER);
    List<String> keys = localizer.labels().stream().map(Stage.StageLabel::key).toList();
    if (!keys.equals(HeatMaps.CHANNELS)
        || localizer.signature().outputChannels() != HeatMaps.CHANNELS.size()) {
      throw unfit(model, "its localizer gives " + keys + " instead of " + HeatMaps.CHANNELS);
    }
    if (segmenter.centrePriorSigmaMm().isEmpty() || segmenter.signature().outputChannels() != 1) {
      throw unfit(model, "its segmenter is no network with a centre prior and one output channel");
    }
  }

  /** Returns the stage of this role, upright and three-dimensional. */
  static Stage stage(ModelDescription model, Stage.Role role) {
    Stage stage = model.stage(role).orElseThrow(() -> unfit(model, "it has no " + role + " stage"));
    if (!stage.orientation().equals(Optional.of(AnatomicalCode.LPS))
        || stage.signature().spatialRank() != 3
        || stage.inputs().size() != 1
        || stage.network().files().size() != 1) {
      throw unfit(
          model, "its stage " + stage.name() + " is not 3-D, in LPS, with one input and one fold");
    }
    return stage;
  }

  /** Returns how a stage's network is moved over an image of these extents on its grid. */
  static Tiling tiling(Stage stage, Extents network) {
    return stage.role() == Stage.Role.LOCALIZER
        ? Tiling.of(stage).shrunkTo(network, stage.signature().sizeMultiples())
        : Tiling.of(stage);
  }

  /** Returns the spacing of the stage's grid along i, j, k. */
  static Vector3 spacingMm(Stage stage) {
    return new Vector3(
        stage.spacingMm().get(2), stage.spacingMm().get(1), stage.spacingMm().get(0));
  }

  private static ModelException unfit(ModelDescription model, String why) {
    return new ModelException(
        "UNFIT_MODEL", "model " + model.id() + " cannot do " + CtVertebrae.TASK + ": " + why);
  }

  /** Refuses an image that would need more memory than there is, before any work. */
  static void requireMemory(CtVertebrae.Equipment equipment, Volume ct) {
    MemoryPlan coarse = plan(stage(equipment.model(), Stage.Role.LOCALIZER), ct.geometry());
    MemoryPlan fine = plan(stage(equipment.model(), Stage.Role.SEGMENTER), ct.geometry());
    coarse.then(fine).requireFits();
  }

  /**
   * The heat maps are kept whole beside the sums they come from; the fine grid is laid over a box
   * that is the whole image at worst.
   */
  private static MemoryPlan plan(Stage stage, GridGeometry image) {
    Extents network = Resample.extentsFor(image, spacingMm(stage));
    int maps = stage.role() == Stage.Role.LOCALIZER ? stage.signature().outputChannels() : 0;
    MemoryPlan plan =
        MemoryPlan.of(
            new MemoryPlan.Work(
                image.extents(),
                network,
                tiling(stage, network).patch(),
                stage.signature().inputChannels(),
                Math.max(1, maps),
                1));
    return new MemoryPlan(plan.heapBytes() + 4L * maps * network.voxels(), plan.directBytes());
  }
}
