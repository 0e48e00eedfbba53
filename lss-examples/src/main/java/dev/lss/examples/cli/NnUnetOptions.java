package dev.lss.examples.cli;

import dev.lss.core.NnUnetBuilder;
import dev.lss.core.inference.Arithmetic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How an nnU-Net model runs; each option means what it means in nnUNetv2_predict. */
final class NnUnetOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--folds",
      paramLabel = "N[,N...]",
      split = ",",
      description = "nnU-Net: folds to average, such as 0,1 or all. Default: all numbered ones.")
  private List<String> folds = new ArrayList<>();

  @Option(
      names = "--step-size",
      paramLabel = "SHARE",
      description = "nnU-Net: step between tiles as a share of the tile. Default: 0.5.")
  private @Nullable Double stepSize;

  @Option(
      names = "--no-mirroring",
      description = "nnU-Net: do not mirror and average; up to 8 times faster.")
  private boolean noMirroring;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "nnU-Net: checkpoint in the folds. Default: checkpoint_final.pth.")
  private @Nullable String checkpoint;

  @Option(
      names = "--previous-stage",
      paramLabel = "FOLDER",
      description = "nnU-Net: results folder of a cascade's first stage. Default: the one beside.")
  private @Nullable Path previousStage;

  @Option(
      names = "--exact",
      description = "nnU-Net: round sums of logits to half precision as nnU-Net does; slower.")
  private boolean exact;

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "nnU-Net: refuse what would need more, such as 4g or 800m.")
  private @Nullable Long maxMemory;

  /** Refuses values that no model could take. */
  void check() {
    if (stepSize != null && !(stepSize > 0 && stepSize <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--step-size must be above 0 and at most 1, was " + stepSize);
    }
  }

  /** Refuses all of them for a model of another kind. */
  void requireNone() {
    if (!folds.isEmpty()
        || stepSize != null
        || noMirroring
        || checkpoint != null
        || previousStage != null
        || exact
        || maxMemory != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--folds, --step-size, --no-mirroring, --checkpoint, --previous-stage, --exact and"
              + " --max-memory are for nnU-Net models");
    }
  }

  void applyTo(NnUnetBuilder builder) {
    builder.folds(folds).mirroring(!noMirroring);
    builder.arithmetic(exact ? Arithmetic.EXACT : Arithmetic.FP32);
    if (stepSize != null) {
      builder.tileStep(stepSize);
    }
    if (checkpoint != null) {
      builder.checkpoint(checkpoint);
    }
    if (previousStage != null) {
      builder.previousStage(previousStage);
    }
    if (maxMemory != null) {
      builder.maxMemoryBytes(maxMemory);
    }
  }

  /** Reads a size such as {@code 4g}, {@code 800m} or a number of bytes. */
  static final class SizeConverter implements ITypeConverter<Long> {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,12})([kmg]?)");

    @Override
    public Long convert(String text) {
      Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "\"%s\" is no size; write 4g, 800m or a number of bytes".formatted(text));
      }
      int shift = " kmg".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2)) * 10;
      return Long.parseLong(matcher.group(1)) << shift;
    }
  }
}
