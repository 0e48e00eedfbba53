package dev.lss.api.model;

import java.util.List;
import java.util.Optional;

/**
 * A model package as its manifest describes it. Immutable.
 *
 * @param id stable id, such as {@code ct-vertebrae}
 * @param version version of the weights
 * @param title one line for people
 * @param license SPDX expression of the weights' licence
 * @param intendedUse what it is for and what it is not
 * @param trainingData what it was trained on
 * @param task the task it serves, such as {@code ct-vertebrae}
 * @param stages the networks in the order in which they run, at least one
 */
public record ModelDescription(
    String id,
    String version,
    String title,
    String license,
    String intendedUse,
    String trainingData,
    String task,
    List<Stage> stages) {

  /** Refuses blank identity and licence, and a model without stages. */
  public ModelDescription {
    stages = List.copyOf(stages);
    if (id.isBlank() || version.isBlank() || license.isBlank() || task.isBlank()) {
      throw new IllegalArgumentException("a model has an id, a version, a licence and a task");
    }
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one stage");
    }
  }

  /** Returns the first stage with this role, or empty. */
  public Optional<Stage> stage(Stage.Role role) {
    return stages.stream().filter(s -> s.role() == role).findFirst();
  }
}
