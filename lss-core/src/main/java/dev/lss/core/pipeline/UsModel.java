package dev.lss.core.pipeline;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.Stage;
import dev.lss.api.model.TileRule;
import java.util.List;

/** What the task {@code us-fascia} asks of a model, checked before anything native loads. */
public final class UsModel {

  private UsModel() {}

  /**
   * Returns the only stage of a model that this task can run.
   *
   * @throws ModelException {@code UNFIT_MODEL} with what is missing
   */
  public static Stage check(ModelDescription model) {
    Stage stage = model.stages().get(0);
    if (model.stages().size() != 1
        || stage.longerSidePixels().isEmpty()
        || !stage.tiling().equals(new TileRule.Whole())
        || !stage.mirrorAxes().isEmpty()
        || stage.orientation().isPresent()
        || stage.network().files().size() != 1) {
      throw unfit(
          model,
          "it is not one 2-D network of one fold that takes whole images by their longer side, as"
              + " stored, without mirroring");
    }
    int longer = stage.longerSidePixels().getAsInt();
    if (!stage.patchSize().stream().allMatch(size -> size >= longer)) {
      throw unfit(
          model,
          "its patch of %s does not hold a side of %d pixels".formatted(stage.patchSize(), longer));
    }
    if (stage.inputs().size() != 1
        || !stage.inputs().get(0).role().equals(SeriesRole.ULTRASOUND)
        || stage.inputs().get(0).normalization() instanceof Normalization.ZScoreInMask) {
      throw unfit(
          model,
          "its input is not one %s image, but %s"
              .formatted(
                  SeriesRole.ULTRASOUND, stage.inputs().stream().map(InputChannel::role).toList()));
    }
    List<Stage.StageLabel> wanted = List.of(new Stage.StageLabel(1, Structure.Fascia.ALL.key()));
    if (stage.output() != OutputKind.SOFTMAX
        || stage.signature().outputChannels() != 2
        || !stage.labels().equals(wanted)) {
      throw unfit(model, "its output is not background and " + wanted);
    }
    return stage;
  }

  private static ModelException unfit(ModelDescription model, String why) {
    return new ModelException(
        "UNFIT_MODEL", "model " + model.id() + " cannot do " + UsFascia.TASK + ": " + why);
  }
}
