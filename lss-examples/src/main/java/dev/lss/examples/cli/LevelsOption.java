package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.core.task.Task;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Labels of vertebrae and discs at which a task measures, {@code --levels FILE}. */
final class LevelsOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--levels",
      paramLabel = "LABELS",
      description =
          "mr-muscle: labels of vertebrae and discs in the same space, as mr-spine or ct-vertebrae"
              + " write them, to measure at.")
  private @Nullable Path file;

  /** Refuses the option for a task that measures at no levels. */
  void check(Task task) {
    if (file != null && !task.takesSpine()) {
      throw new ParameterException(
          spec.commandLine(),
          "--levels is for tasks that measure at vertebrae, %s does not".formatted(task.id()));
    }
  }

  /** Returns the file; empty without the option. */
  Optional<Path> path() {
    return Optional.ofNullable(file);
  }

  /** Returns the study with the labels. */
  LumbarStudy addTo(LumbarStudy study) {
    return file == null ? study : study.withSpine(InputFile.readLabels(file).labels());
  }
}
