package dev.lss.examples.cli;

import dev.lss.api.ModelException;
import dev.lss.core.task.Task;
import dev.lss.core.task.TaskCatalog;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Finds the task that {@code --task} names, among those that the class path holds. */
final class TaskName {

  private TaskName() {}

  /** Returns the tasks on the class path. */
  static TaskCatalog catalog() {
    return TaskCatalog.discover(TaskName.class.getClassLoader());
  }

  /**
   * Returns the task of this id.
   *
   * @throws ParameterException when there is none, with the ids there are
   * @throws ModelException when two have this id
   */
  static Task find(String id, CommandLine line) {
    try {
      return catalog().byId(id);
    } catch (ModelException e) {
      if (!e.code().equals("UNKNOWN_TASK")) {
        throw e;
      }
      throw new ParameterException(line, "%s [%s]".formatted(e.getMessage(), e.code()), e);
    }
  }
}
