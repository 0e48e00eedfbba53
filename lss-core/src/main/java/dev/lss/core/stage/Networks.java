package dev.lss.core.stage;

import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.inference.StagePool;
import dev.lss.core.model.Model;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The networks of a model, all folds of all stages, opened once and closed once. Thread-safe.
 * Closing waits for running calls of the runtime, but not for one that was cancelled and did not
 * end, and may be done twice.
 */
public final class Networks implements AutoCloseable {

  private final ModelDescription model;
  private final Map<String, StageRunner> stages;
  private final RuntimeOptions options;
  private final StagePool pool;

  private Networks(
      ModelDescription model,
      Map<String, StageRunner> stages,
      RuntimeOptions options,
      StagePool pool) {
    this.model = model;
    this.stages = stages;
    this.options = options;
    this.pool = pool;
  }

  /**
   * Opens all networks of a model; native code loads here. What was opened is closed again when one
   * cannot be.
   *
   * @param model the model
   * @param backend opens one network
   * @param options how stages run
   * @throws IOException when weights cannot be read
   * @throws dev.lss.api.ModelException when weights do not fit
   * @throws dev.lss.api.BackendException when the runtime refuses a network
   */
  public static Networks open(
      Model model, Function<ModelSource, CheckedSession> backend, RuntimeOptions options)
      throws IOException {
    StagePool pool = new StagePool(options.stageThreads());
    List<CheckedSession> opened = new ArrayList<>();
    try {
      Map<String, StageRunner> stages = new LinkedHashMap<>();
      for (Stage stage : model.description().stages()) {
        List<CheckedSession> folds = new ArrayList<>();
        for (ModelSource source : model.sources(stage)) {
          CheckedSession session = backend.apply(source);
          opened.add(session);
          folds.add(session);
        }
        stages.put(stage.name(), new StageRunner(stage, folds, options, pool));
      }
      // An earlier stage rounds as nnU-Net does: the last one is the further from nnU-Net the more
      // its input differs.
      for (Stage stage : model.description().stages()) {
        stage.previousStage().ifPresent(name -> stages.computeIfPresent(name, (n, r) -> r.exact()));
      }
      return new Networks(model.description(), stages, options, pool);
    } catch (IOException | RuntimeException | Error e) {
      pool.close();
      opened.forEach(CheckedSession::close);
      throw e;
    }
  }

  /** Returns what the model says about itself. */
  public ModelDescription model() {
    return model;
  }

  /** Returns how the stages run. */
  public RuntimeOptions options() {
    return options;
  }

  /** Returns the threads of the stages, for what a task does by itself. */
  public StagePool pool() {
    return pool;
  }

  /**
   * Returns about how many bytes runs of all stages add to what the runtime holds; 0 for networks
   * of which that is not known, as those of files.
   */
  public long workingBytes() {
    return WorkingMemories.bytes(
        stages.values().stream().flatMap(stage -> stage.workingMemory().stream()).toList());
  }

  /**
   * Returns the stage of this name.
   *
   * @throws IllegalArgumentException when the model has none
   */
  public StageRunner stage(String name) {
    StageRunner runner = stages.get(name);
    if (runner == null) {
      throw new IllegalArgumentException(
          "the model %s has the stages %s, not %s".formatted(model.id(), stages.keySet(), name));
    }
    return runner;
  }

  /**
   * Returns the first stage of this role.
   *
   * @throws ModelException {@code UNFIT_MODEL} when the model has none
   */
  public StageRunner stage(Stage.Role role) {
    return stage(
        model
            .stage(role)
            .orElseThrow(
                () ->
                    new ModelException(
                        "UNFIT_MODEL", "model %s has no %s stage".formatted(model.id(), role)))
            .name());
  }

  @Override
  public void close() {
    stages.values().forEach(StageRunner::close);
    pool.close();
  }
}
