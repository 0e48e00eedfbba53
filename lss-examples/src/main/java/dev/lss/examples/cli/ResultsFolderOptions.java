package dev.lss.examples.cli;

import dev.lss.api.model.ResamplingRule;
import dev.lss.core.nnunet.NnUnetModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What to take from a results folder of nnU-Net. */
final class ResultsFolderOptions {

  private static final Map<String, ResamplingRule> LABEL_RULES =
      Map.of("argmax", ResamplingRule.LABEL_ARGMAX, "half", ResamplingRule.LABEL_HALF);

  @Option(
      names = "--folds",
      paramLabel = "N",
      split = ",",
      description =
          "Results folder: folds to average, such as 0,1 or all for fold_all. Default: all numbered"
              + " ones.")
  private List<String> folds = new ArrayList<>();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Results folder: file in each fold. Default: checkpoint_final.pth.")
  private @Nullable String checkpoint;

  @Option(
      names = "--previous-stage",
      paramLabel = "FOLDER",
      description = "Results folder: that of a cascade's first stage. Default: the one beside.")
  private @Nullable Path previousStage;

  @Option(
      names = "--previous-labels",
      paramLabel = "argmax|half",
      converter = LabelRuleConverter.class,
      description =
          "Results folder of a cascade: how labels of the first stage are resampled; half is what"
              + " nnU-Net did with batchgenerators up to 0.25.3. Default: argmax.")
  private @Nullable ResamplingRule labelRule;

  /** Reads {@code --previous-labels}. */
  static final class LabelRuleConverter implements ITypeConverter<ResamplingRule> {
    @Override
    public ResamplingRule convert(String text) {
      ResamplingRule rule = LABEL_RULES.get(text);
      if (rule == null) {
        throw new TypeConversionException("must be argmax or half, was \"%s\"".formatted(text));
      }
      return rule;
    }
  }

  /** Returns whether any of them was given. */
  boolean isGiven() {
    return !folds.isEmpty() || checkpoint != null || previousStage != null || labelRule != null;
  }

  /** Returns the folder of a cascade's first stage; empty when none was given. */
  Optional<Path> previousStage() {
    return Optional.ofNullable(previousStage);
  }

  /** Returns what was chosen. */
  NnUnetModel.Choice choice() {
    return new NnUnetModel.Choice(
        folds,
        checkpoint == null ? NnUnetModel.Choice.FINAL_CHECKPOINT : checkpoint,
        Optional.ofNullable(previousStage),
        labelRule == null ? NnUnetModel.Choice.DEFAULT.labelRule() : labelRule);
  }
}
