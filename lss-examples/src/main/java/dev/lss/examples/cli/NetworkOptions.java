package dev.lss.examples.cli;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.ModelException;
import dev.lss.api.ProgressListener;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.StageWindow;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.model.Model;
import dev.lss.core.task.Task;
import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How networks run; the same for every model and for every command that runs one. */
final class NetworkOptions {

  private static final String AUTO = "auto";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "ID",
      description = "Backend that runs the networks; see \"lss backends\". Default: the best here.")
  private @Nullable String backend;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda:N",
      converter = DeviceConverter.class,
      description =
          "Device: auto takes the best that the backend has; one that is named works or is an"
              + " error. Default: auto.")
  private Optional<Device> device = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      converter = PrecisionConverter.class,
      description = "Arithmetic of the convolutions. Default: fp32.")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads, 1 or more. Default: all processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Refuse images that would need more memory, such as 4g or 800m.")
  private @Nullable Long maxMemory;

  @Option(
      names = "--step-size",
      paramLabel = "SHARE",
      description = "Step between tiles as a share of the tile. Default: the model's.")
  private @Nullable Double stepSize;

  @Option(
      names = "--no-mirroring",
      description =
          "Do not mirror the image and average, where the model asks for it; up to 8 times faster.")
  private boolean noMirroring;

  @Option(
      names = "--exact",
      description = "Round sums of logits to half precision as nnU-Net does; slower.")
  private boolean exact;

  @Option(
      names = "--trust-code",
      description =
          "Run a model that is a program, such as a TorchScript file; only for models whose origin"
              + " you trust.")
  private boolean trustCode;

  /** Reads {@code --precision}. */
  static final class PrecisionConverter implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String text) {
      for (Precision known : Precision.values()) {
        if (known.toString().equals(text)) {
          return known;
        }
      }
      throw new TypeConversionException("must be fp32 or bf16, was \"%s\"".formatted(text));
    }
  }

  /** Reads {@code --device}: {@code auto} is none, which picocli turns into an empty one. */
  static final class DeviceConverter implements ITypeConverter<Device> {
    @Override
    public @Nullable Device convert(String text) {
      try {
        return text.equals(AUTO) ? null : Device.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "must be auto, cpu or cuda:N, was \"%s\"".formatted(text));
      }
    }
  }

  /**
   * Returns what was chosen.
   *
   * @throws ParameterException when no machine could satisfy it
   */
  RuntimeOptions options() {
    RuntimeOptions.Builder options =
        RuntimeOptions.builder()
            .precision(precision)
            .mirroring(!noMirroring)
            .arithmetic(exact ? Arithmetic.EXACT : Arithmetic.FP32);
    if (threads != null) {
      if (threads < 1) {
        throw refused("--threads must be at least 1, was " + threads);
      }
      options.threads(threads);
    }
    if (stepSize != null) {
      if (!(stepSize > 0 && stepSize <= 1)) {
        throw refused("--step-size must be above 0 and at most 1, was " + stepSize);
      }
      options.tileStep(stepSize);
    }
    if (maxMemory != null) {
      options.maxMemoryBytes(maxMemory);
    }
    if (backend != null) {
      options.backend(backend);
    }
    device.ifPresent(options::device);
    if (trustCode) {
      options.trustCode();
    }
    return options.build();
  }

  /**
   * Refuses options of tiles for a model that has none, where they would do nothing.
   *
   * @throws ParameterException with the option
   */
  void requireTiles(ModelDescription model) {
    String option = stepSize != null ? "--step-size" : noMirroring ? "--no-mirroring" : "--exact";
    boolean given = stepSize != null || noMirroring || exact;
    if (given
        && model.stages().stream()
            .noneMatch(stage -> stage.window() instanceof StageWindow.Tiles)) {
      throw refused(
          "%s is for networks that see an image in tiles, those of %s do not; leave it out"
              .formatted(option, model.id()));
    }
  }

  private ParameterException refused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /**
   * Opens a segmenter, does work with it while progress is shown, and closes it.
   *
   * @param watch times the stage {@code open}; the stage that follows the work begins with it
   */
  <T> T run(
      Task task,
      Model model,
      Stopwatch watch,
      BiFunction<LumbarSegmenter, ProgressListener, T> work) {
    try (LumbarSegmenter segmenter = Segmenters.forTask(task, model).options(options()).build()) {
      watch.end("open");
      try {
        return work(segmenter, work);
      } finally {
        watch.begin(); // what closing takes belongs to what follows
      }
    } catch (IOException e) {
      throw new ModelException(
          "MODEL_UNREADABLE", "the model cannot be read: " + e.getMessage(), e);
    }
  }

  private static <T> T work(
      LumbarSegmenter segmenter, BiFunction<LumbarSegmenter, ProgressListener, T> work) {
    if (!TerminalProgress.isTerminal()) {
      return work.apply(segmenter, ProgressListener.NONE);
    }
    try (TerminalProgress progress = new TerminalProgress()) {
      return work.apply(segmenter, progress);
    }
  }
}
