package dev.lss.core.task;

import dev.lss.api.ModelException;
import dev.lss.core.service.Services;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tasks on the class path or module path. A broken provider is reported and does not hide the
 * others; two of one id are an error as soon as that id is asked for. Immutable; thread-safe.
 */
public final class TaskCatalog {

  private final List<Task> tasks;
  private final List<String> broken;

  private TaskCatalog(List<Task> tasks, List<String> broken) {
    this.tasks = tasks.stream().sorted(Comparator.comparing(Task::id)).toList();
    this.broken = List.copyOf(broken);
  }

  /**
   * Returns the tasks that {@code ServiceLoader} finds through a class loader, and those that this
   * library brings.
   */
  public static TaskCatalog discover(ClassLoader loader) {
    Services<Task> found = Services.load(Task.class, loader);
    List<Task> tasks = new ArrayList<>(found.providers());
    List<String> broken = new ArrayList<>(found.broken());
    ClassLoader own = TaskCatalog.class.getClassLoader();
    if (own != loader) {
      for (Task task : Services.load(Task.class, own).providers()) {
        if (tasks.stream().noneMatch(known -> known.getClass() == task.getClass())) {
          tasks.add(task);
        }
      }
    }
    return new TaskCatalog(tasks, broken);
  }

  /** Returns all tasks, by id. */
  public List<Task> all() {
    return tasks;
  }

  /** Returns one sentence for each provider that could not be made. */
  public List<String> broken() {
    return broken;
  }

  /**
   * Returns the task of this id.
   *
   * @throws ModelException {@code UNKNOWN_TASK} when there is none, {@code DUPLICATE_TASK} when two
   *     providers have it
   */
  public Task byId(String id) {
    List<Task> named = tasks.stream().filter(task -> task.id().equals(id)).toList();
    if (named.isEmpty()) {
      String why = broken.isEmpty() ? "" : "; broken: " + String.join("; ", broken);
      throw new ModelException(
          "UNKNOWN_TASK",
          "there is no task \"%s\"; known: %s%s"
              .formatted(id, String.join(", ", tasks.stream().map(Task::id).toList()), why));
    }
    if (named.size() > 1) {
      throw new ModelException(
          "DUPLICATE_TASK",
          "two tasks are named \"%s\": %s and %s; leave one on the class path"
              .formatted(id, named.get(0).getClass().getName(), named.get(1).getClass().getName()));
    }
    return named.get(0);
  }
}
