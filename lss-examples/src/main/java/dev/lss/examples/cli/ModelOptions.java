package dev.lss.examples.cli;

import dev.lss.api.ModelException;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.core.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which model runs: the bundled one, a model package, or a results folder of nnU-Net. */
final class ModelOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Model package, a folder or zip, or a results folder of nnU-Net. Default: the bundled"
              + " model of the task.")
  private @Nullable Path path;

  @Mixin private ResultsFolderOptions resultsFolder;

  /** Returns the files and folders that the model is read from; none for a bundled one. */
  List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    if (path != null) {
      paths.add(path);
    }
    resultsFolder.previousStage().ifPresent(paths::add);
    return paths;
  }

  /**
   * Opens the model; no runtime is loaded.
   *
   * @param wanted the task that it must serve; empty for the one that it names
   * @throws ParameterException without task and model, and when a model that is no results folder
   *     is given options of one
   * @throws ModelException when it cannot be read or serves another task
   */
  Model open(Optional<Task> wanted) {
    if (path == null && wanted.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "name a --task, or a model with --model");
    }
    boolean results = path != null && NnUnetModel.isResultsFolder(path);
    if (!results && resultsFolder.isGiven()) {
      throw new ParameterException(
          spec.commandLine(),
          "--folds, --checkpoint, --previous-stage and --previous-labels are for results folders of"
              + " nnU-Net");
    }
    try {
      Model opened = path == null ? bundled(wanted.orElseThrow()) : read(path, results);
      wanted.ifPresent(task -> requireTask(opened, task));
      return opened;
    } catch (IOException e) {
      throw new ModelException(
          "MODEL_UNREADABLE", "the model cannot be read: " + e.getMessage(), e);
    }
  }

  private static Model bundled(Task task) throws IOException {
    return ModelPackage.bundled(task.id(), ModelOptions.class.getClassLoader());
  }

  private Model read(Path model, boolean results) throws IOException {
    return results ? NnUnetModel.read(model, resultsFolder.choice()) : ModelPackage.open(model);
  }

  private static void requireTask(Model opened, Task task) {
    String served = opened.description().task();
    if (!served.equals(task.id())) {
      throw new ModelException(
          "WRONG_TASK",
          "the model %s serves the task %s, asked for %s"
              .formatted(opened.description().id(), served, task.id()));
    }
  }
}
