package dev.lss.examples.cli;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.core.inference.Backends;
import dev.lss.core.model.ModelExport;
import dev.lss.spi.InferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lss export}: a network as a file that other programs can run. */
@Command(
    name = "export",
    sortOptions = false,
    customSynopsis = {
      "lss export --model MODEL --format FORMAT --out FILE [--stage NAME] [--fold NAME]",
      "           [--verbose]"
    },
    header = "Writes a network of a model as a file of one runtime, with JSON beside it.",
    description = {
      "",
      "MODEL is a model package, the id of a bundled model, or a results folder of",
      "nnU-Net. FILE holds layers and weights; FILE.json says what must be done",
      "around the network: spacing, normalisation, patch, labels and so on, and",
      "names the SHA-256 of FILE. A model with several stages or folds needs",
      "--stage and --fold.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  lss export --model lumbar --format onnx --out lumbar.onnx",
      "  lss export --model ct-vertebrae --stage localizer --format torchscript --out coarse.pt",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class ExportCommand implements Callable<Integer> {

  /** The ids of our backends by the format that they write. */
  private static final Map<ModelFormat, String> WRITERS =
      Map.of(
          ModelFormat.ONNX, "onnx", ModelFormat.TORCHSCRIPT, "djl", ModelFormat.SAVEDMODEL, "tf");

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "Model package, id of a bundled model, or results folder.")
  private String model;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "Format of the file: onnx, torchscript, savedmodel (a zip).")
  private String format;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file.")
  private Path out;

  @Option(names = "--stage", paramLabel = "NAME", description = "Stage of the model.")
  private @Nullable String stage;

  @Option(
      names = "--fold",
      paramLabel = "NAME",
      description = "Weights of the stage, such as fold_0.")
  private @Nullable String fold;

  @Override
  public Integer call() throws IOException {
    ModelFormat wanted = format();
    Path parent = out.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent) || Files.isDirectory(out)) {
      throw new ParameterException(
          spec.commandLine(), "--out must be a file in a folder that exists, was " + out);
    }
    OutputFile.requireFreePair(
        out, ModelExport.sidecar(out), ModelExport.SCHEMA_NAME, spec.commandLine());
    ExportSource source = ExportSource.open(model);
    ExportSource.Choice choice =
        source.choose(Optional.ofNullable(stage), Optional.ofNullable(fold));
    Path sidecar =
        ModelExport.write(
            backend(wanted), wanted, source.description(), choice.stage(), choice.network(), out);
    spec.commandLine()
        .getOut()
        .printf("%s written to %s and %s%n", choice.network().name(), out, sidecar.getFileName());
    return ExitCode.DONE;
  }

  /** A format of one of ours, or of a backend on the class path. */
  private ModelFormat format() {
    Map<String, ModelFormat> known = new TreeMap<>();
    WRITERS.keySet().forEach(ours -> known.put(ours.key(), ours));
    for (InferenceBackend backend : backends()) {
      backend.formats().forEach(theirs -> known.put(theirs.key(), theirs));
    }
    ModelFormat wanted = known.get(format);
    if (wanted == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--format must be one of %s, was %s".formatted(known.keySet(), format));
    }
    return wanted;
  }

  private static List<InferenceBackend> backends() {
    return Backends.discover(ExportCommand.class.getClassLoader()).unprobed();
  }

  private static InferenceBackend backend(ModelFormat format) {
    return backends().stream()
        .filter(backend -> backend.formats().contains(format))
        .findFirst()
        .orElseThrow(
            () ->
                new BackendException(
                    "NO_BACKEND",
                    "no backend on the class path writes %s files: add dev.lss:lss-backend-%s"
                        .formatted(format, WRITERS.get(format))));
  }
}
