package dev.lss.examples.cli;

import dev.lss.api.model.Stage;
import dev.lss.core.model.Safetensors.Dtype;
import dev.lss.core.nnunet.NnUnetImport;
import dev.lss.core.nnunet.NnUnetModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lss import-nnunet}: a results folder of nnU-Net becomes a model package. */
@Command(
    name = "import-nnunet",
    sortOptions = false,
    customSynopsis = {
      "lss import-nnunet FOLDER --out PACKAGE --license ID [--license-file FILE]",
      "           [--dtype fp32|fp16] [OPTIONS]"
    },
    header = "Makes a model package of an nnU-Net v2 results folder.",
    description = {
      "",
      "FOLDER is Trainer__Plans__configuration with plans.json, dataset.json and",
      "fold_0/checkpoint_final.pth and so on. The checkpoint is read without",
      "Python, and nothing in it is executed. A cascade's first stage is put into",
      "the package too. The package appears whole or not at all.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  lss import-nnunet nnUNetTrainer__nnUNetPlans__3d_fullres --out lumbar \\",
      "      --license CC-BY-4.0 --license-file LICENSE.txt --dtype fp16",
      "",
      "Exit codes: see \"lss --help\"."
    })
final class ImportNnunetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "The results folder.")
  private Path folder;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PACKAGE",
      description = "Folder of the package; must not exist.")
  private Path out;

  @Option(
      names = "--license",
      required = true,
      paramLabel = "ID",
      description = "SPDX expression of the weights' licence, such as CC-BY-4.0.")
  private String license;

  @Option(
      names = "--license-file",
      paramLabel = "FILE",
      description = "Text of the licence. Default: a line that names it.")
  private @Nullable Path licenseFile;

  @Mixin private ResultsFolderOptions resultsFolder;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description = "fp32 keeps every bit, fp16 takes half the space. Default: ${DEFAULT-VALUE}.")
  private String dtype;

  @Option(names = "--id", paramLabel = "ID", description = "Id. Default: name of PACKAGE.")
  private @Nullable String id;

  @Option(names = "--title", paramLabel = "TEXT", description = "One line for people.")
  private @Nullable String title;

  @Option(
      names = "--model-version",
      paramLabel = "TEXT",
      defaultValue = "1",
      description = "Version of the weights. Default: ${DEFAULT-VALUE}.")
  private String version;

  @Option(
      names = "--intended-use",
      paramLabel = "TEXT",
      defaultValue = "Research use. Not a medical device.",
      description = "What it is for. Default: ${DEFAULT-VALUE}")
  private String intendedUse;

  @Option(
      names = "--training-data",
      paramLabel = "TEXT",
      defaultValue = "Not stated by whoever imported the model.",
      description = "What it was trained on. Default: ${DEFAULT-VALUE}")
  private String trainingData;

  @Override
  public Integer call() throws IOException {
    Dtype weights = weights();
    NnUnetImport.Details details = details();
    NnUnetModel model = NnUnetModel.read(folder, resultsFolder.choice());
    NnUnetImport.write(model, details, weights, out);
    Stage last = model.description().lastStage();
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %s, %s fold(s), %s labels; written to %s%n",
            details.id(),
            last.name(),
            last.network().files().size(),
            last.output().values().size(),
            out);
    return ExitCode.DONE;
  }

  private Dtype weights() {
    return switch (dtype) {
      case "fp32" -> Dtype.F32;
      case "fp16" -> Dtype.F16;
      default ->
          throw new ParameterException(
              spec.commandLine(), "--dtype must be fp32 or fp16, was " + dtype);
    };
  }

  private NnUnetImport.Details details() throws IOException {
    if (license.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--license must not be blank");
    }
    String name = id != null ? id : String.valueOf(out.toAbsolutePath().normalize().getFileName());
    return new NnUnetImport.Details(
        name,
        version,
        title != null ? title : name + ", imported from nnU-Net",
        license,
        licenseText(),
        intendedUse,
        trainingData);
  }

  private String licenseText() throws IOException {
    if (licenseFile == null) {
      return "SPDX-License-Identifier: " + license;
    }
    if (!Files.isRegularFile(licenseFile)) {
      throw new ParameterException(
          spec.commandLine(), "--license-file: there is no file " + licenseFile);
    }
    return Files.readString(licenseFile, StandardCharsets.UTF_8);
  }
}
