package dev.lss.core.task;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.report.Presentation;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import java.util.List;
import java.util.Map;

/**
 * What can be asked of the library: one class for each task, one readable method. Found by {@code
 * ServiceLoader} through {@code META-INF/services/dev.lss.core.task.Task}, or handed to {@code
 * Segmenters} by an application. Stateless and thread-safe, with a public no-argument constructor.
 */
public interface Task {

  /** Returns the stable id, lower case with hyphens, such as {@code ct-vertebrae}. */
  String id();

  /** Returns one line for people, such as {@code L1 to L5 on CT}. */
  String title();

  /**
   * Returns the series that the task looks at with this model, in a fixed order.
   *
   * @param model a model that {@link #check} takes
   */
  List<SeriesNeed> needs(ModelDescription model);

  /**
   * Refuses a model that this task cannot run, before anything native loads.
   *
   * @throws dev.lss.api.ModelException {@code UNFIT_MODEL} with what is missing
   */
  void check(ModelDescription model);

  /**
   * Returns the error of {@link #check}, {@code UNFIT_MODEL}.
   *
   * @param model the model
   * @param why what it lacks, as the rest of a sentence
   */
  default ModelException unfit(ModelDescription model, String why) {
    return new ModelException(
        "UNFIT_MODEL", "model %s cannot do %s: %s".formatted(model.id(), id(), why));
  }

  /**
   * Returns what a case needs at its peak, before a voxel was read.
   *
   * @param model the model
   * @param grids the grid of each series
   * @param options how the networks run
   */
  MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options);

  /**
   * Does the task for one case.
   *
   * @param input the series
   * @param networks the model's networks, opened
   * @param run clock, listener and off-switch
   * @throws dev.lss.api.LssException when the case cannot be used, memory is short, the runtime
   *     fails or the work was cancelled
   */
  Findings run(Case input, Networks networks, Run run);

  /**
   * Returns the share of the whole work that each stage usually takes, in the order of the flow; by
   * them the overall progress is told. They sum to less than 1, which is told when the result is
   * there.
   */
  default Map<String, Double> stageShares() {
    return Map.of("network", 0.95);
  }

  /**
   * Measures labels that exist already; no network runs.
   *
   * @param input the series
   * @param labels labels on the grid of the first of them
   * @param run clock, listener and off-switch
   * @throws InvalidStudyException {@code MEASURE_UNSUPPORTED} when the task measures nothing
   */
  default Findings measure(Case input, LabelVolume labels, Run run) {
    throw new InvalidStudyException(
        "MEASURE_UNSUPPORTED", "the task %s measures nothing".formatted(id()));
  }

  /** Returns the series that {@link #measure} looks at; empty when the task measures nothing. */
  default List<SeriesNeed> measureNeeds() {
    return List.of();
  }

  /**
   * Returns whether the task names levels and so takes one that is known, {@link Case#knownLevel}.
   */
  default boolean takesKnownLevel() {
    return false;
  }

  /** Returns whether the task measures at vertebrae and discs, {@link Case#spine}. */
  default boolean takesSpine() {
    return false;
  }

  /** Returns the numberings of other programs' labels that {@link #measure} can be given. */
  default List<Numbering> numberings() {
    return List.of();
  }

  /** Returns how results of this task are shown: tables, JSON, picture. */
  default Presentation presentation() {
    return Presentation.LABELS_ONLY;
  }
}
