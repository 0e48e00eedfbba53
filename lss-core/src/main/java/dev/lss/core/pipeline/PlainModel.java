package dev.lss.core.pipeline;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.LabelRule;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model whose only stage runs over the whole image: the largest logit of a softmax network is the
 * label, channel 0 is background; channel c of a sigmoid network writes c + 1 where it is more
 * likely than not, later ones over earlier ones. Immutable.
 *
 * @param stage the stage
 * @param labels what the label values stand for
 * @param rule how logits become labels
 */
record PlainModel(Stage stage, LabelTable labels, LabelRule rule) {

  /**
   * Returns the model that a description describes.
   *
   * @throws ModelException {@code UNFIT_MODEL} when it has several stages, or one that needs more
   *     than an image, or labels that are not its channels
   */
  static PlainModel of(ModelDescription model) {
    Stage stage = model.stages().get(0);
    if (model.stages().size() != 1
        || stage.centrePriorSigmaMm().isPresent()
        || stage.longerSidePixels().isPresent()
        || stage.nnunet().isPresent()) {
      throw unfit(model, "it is not one network that takes images alone, on a grid in mm");
    }
    int channels = stage.signature().outputChannels();
    int first = stage.output() == OutputKind.SIGMOID ? 0 : 1;
    List<Integer> wanted = IntStream.range(first, channels).boxed().toList();
    List<Integer> values = stage.labels().stream().map(Stage.StageLabel::value).toList();
    if (!values.equals(wanted)) {
      throw unfit(model, "its labels are to have the values %s, have %s".formatted(wanted, values));
    }
    Map<Integer, String> names = new TreeMap<>();
    for (Stage.StageLabel label : stage.labels()) {
      names.put(label.value() + 1 - first, label.key());
    }
    List<Integer> regions = first == 0 ? List.copyOf(names.keySet()) : List.of();
    return new PlainModel(
        stage,
        ModelLabels.table(names),
        new LabelRule(OptionalInt.empty(), Arithmetic.FP32, regions));
  }

  /** Returns the series that the network takes, in the order of its channels. */
  List<SeriesRole> channels() {
    return stage.inputs().stream().map(InputChannel::role).toList();
  }

  private static ModelException unfit(ModelDescription model, String why) {
    return new ModelException(
        "UNFIT_MODEL", "model %s cannot do segment: %s".formatted(model.id(), why));
  }
}
