package dev.lss.examples.cli;

import dev.lss.api.CancellationToken;
import dev.lss.api.ClipResult;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.ProgressListener;
import dev.lss.api.SegmentationResult;
import dev.lss.core.NnUnetBuilder;
import dev.lss.core.Segmenters;
import dev.lss.core.model.ModelPackage;
import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How a network runs; the same for every command that runs one. */
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
      names = "--threads",
      paramLabel = "N",
      description = "Threads, 1 or more. Default: all processors.")
  private @Nullable Integer threads;

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
      names = "--model",
      paramLabel = "DIR",
      description = "Model package, a folder or zip. Default: the bundled one.")
  private @Nullable Path model;

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

  /** Refuses options that no machine could satisfy, before any file is read. */
  void check() {
    if (threads != null && threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, was " + threads);
    }
  }

  /** Opens model and backend of a task, segments, and closes them. */
  SegmentationResult segment(Task task, LumbarStudy study, CancellationToken cancellation) {
    return segment(() -> segmenter(task), study, cancellation);
  }

  /** Opens model and backend of a task, segments the frames of a clip, and closes them. */
  ClipResult segmentClip(Task task, List<LumbarStudy> frames, CancellationToken cancellation) {
    return run(() -> segmenter(task), (s, p) -> s.segmentClip(frames, p, cancellation));
  }

  /** Opens an nnU-Net model and a backend, segments, and closes them. */
  SegmentationResult segment(
      NnUnetBuilder builder, LumbarStudy study, CancellationToken cancellation) {
    device.ifPresent(builder::device);
    builder.precision(precision);
    if (threads != null) {
      builder.threads(threads);
    }
    if (backend != null) {
      builder.backend(backend);
    }
    return segment(builder::build, study, cancellation);
  }

  /** Opens a model and a backend, segments, and closes them. */
  SegmentationResult segment(
      ModelPackage opened, LumbarStudy study, CancellationToken cancellation) {
    return segment(() -> build(Segmenters.forModel(opened)), study, cancellation);
  }

  /** Returns the package that {@code --model} names; empty when it names a results folder. */
  Optional<ModelPackage> modelPackage() {
    if (model == null) {
      throw new ParameterException(spec.commandLine(), "name a --task, or a model with --model");
    }
    try {
      return Files.exists(model.resolve("lss-model.json")) || Files.isRegularFile(model)
          ? Optional.of(ModelPackage.open(model))
          : Optional.empty();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns the nnU-Net model in the results folder that {@code --model} names. */
  NnUnetBuilder resultsFolder() {
    try {
      return Segmenters.forNnUnet(Objects.requireNonNull(model));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private interface Opening {
    LumbarSegmenter open() throws IOException;
  }

  private interface Work<T> {
    T run(LumbarSegmenter segmenter, ProgressListener progress);
  }

  private static SegmentationResult segment(
      Opening opening, LumbarStudy study, CancellationToken cancellation) {
    return run(opening, (segmenter, progress) -> segmenter.segment(study, progress, cancellation));
  }

  private static <T> T run(Opening opening, Work<T> work) {
    try (LumbarSegmenter segmenter = open(opening)) {
      if (!TerminalProgress.isTerminal()) {
        return work.run(segmenter, ProgressListener.NONE);
      }
      try (TerminalProgress progress = new TerminalProgress()) {
        return work.run(segmenter, progress);
      }
    }
  }

  private static LumbarSegmenter open(Opening opening) {
    try {
      return opening.open();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static ModelException unreadable(IOException e) {
    return new ModelException("MODEL_UNREADABLE", "the model cannot be read: " + e.getMessage(), e);
  }

  private LumbarSegmenter segmenter(Task task) throws IOException {
    return build(
        model == null ? Segmenters.forTask(task.id()) : Segmenters.forModel(open(model, task)));
  }

  private LumbarSegmenter build(Segmenters.Builder builder) throws IOException {
    device.ifPresent(builder::device);
    builder.precision(precision);
    if (threads != null) {
      builder.threads(threads);
    }
    if (backend != null) {
      builder.backend(backend);
    }
    return builder.build();
  }

  private static ModelPackage open(Path path, Task task) throws IOException {
    ModelPackage opened = ModelPackage.open(path);
    if (!opened.description().task().equals(task.id())) {
      throw new ModelException(
          "WRONG_TASK",
          "the model %s serves the task %s, asked for %s"
              .formatted(opened.description().id(), opened.description().task(), task.id()));
    }
    return opened;
  }
}
