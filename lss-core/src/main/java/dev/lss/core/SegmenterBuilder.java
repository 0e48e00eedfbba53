package dev.lss.core;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.Provenance;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.BackendWish;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.io.LssVersion;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.stage.Networks;
import dev.lss.core.task.Task;
import dev.lss.core.task.TaskCatalog;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Choices for a segmenter, the same for every task and every kind of model; checked when it is
 * built. Not thread-safe.
 */
public final class SegmenterBuilder {

  private final String taskId;
  private final Optional<Model> model;
  private Optional<Task> task = Optional.empty();
  private Optional<InferenceBackend> backend = Optional.empty();
  private ClassLoader classLoader = SegmenterBuilder.class.getClassLoader();
  private RuntimeOptions options = RuntimeOptions.DEFAULT;
  private boolean trustCode;

  SegmenterBuilder(String taskId, Optional<Model> model) {
    this.taskId = Objects.requireNonNull(taskId, "task");
    this.model = model;
  }

  SegmenterBuilder(Task task, Model model) {
    this(task.id(), Optional.of(model));
    this.task = Optional.of(task);
  }

  /** Looks for tasks, backends and bundled models through this class loader; for plug-in hosts. */
  public SegmenterBuilder classLoader(ClassLoader loader) {
    classLoader = Objects.requireNonNull(loader, "loader");
    return this;
  }

  /** Uses this backend, without looking for others. */
  public SegmenterBuilder backend(InferenceBackend instance) {
    backend = Optional.of(instance);
    return this;
  }

  /** Sets how the networks run. */
  public SegmenterBuilder options(RuntimeOptions how) {
    options = Objects.requireNonNull(how, "options");
    return this;
  }

  /**
   * Gives the word that the model may be a program, as TorchScript files are; the same as {@link
   * RuntimeOptions.Builder#trustCode}. Without it such a model is refused.
   */
  public SegmenterBuilder trustCode() {
    trustCode = true;
    return this;
  }

  /** Returns the task that the segmenter will run. */
  public Task task() {
    return task.orElseGet(() -> TaskCatalog.discover(classLoader).byId(taskId));
  }

  /**
   * Builds the segmenter; native code loads here and not before.
   *
   * @throws IOException when the model cannot be read
   * @throws dev.lss.api.ModelException when the model is damaged or does not fit the task, or there
   *     is no such task; {@code CODE_NOT_TRUSTED} when it is a program and {@link #trustCode} was
   *     not said
   * @throws dev.lss.api.BackendException when no backend, or not the named one, can run it
   */
  public LumbarSegmenter build() throws IOException {
    Task chosen = task();
    Model opened = model.isPresent() ? model.get() : ModelPackage.bundled(taskId, classLoader);
    ModelDescription description = opened.description();
    chosen.check(description);
    ProgramStages.requireTrust(description, trustCode || options.trustCode());
    Backends.Chosen runtime = runtime(description);
    Device device = options.device().orElseGet(runtime::bestDevice);
    SessionConfig config = new SessionConfig(device, options.threads(), options.precision());
    Networks networks =
        Networks.open(
            opened, source -> GuardedSession.open(runtime.backend(), source, config), options);
    return new TaskSegmenter(chosen, networks, provenance(opened, runtime, device));
  }

  /**
   * The backend that was asked for, else the first that can do what is asked, with the device that
   * was asked for, else the best that the backend has.
   */
  private Backends.Chosen runtime(ModelDescription description) {
    BackendWish wish =
        new BackendWish(
            options.backend(), options.device(), options.precision(), description.formats());
    return backend.isPresent()
        ? Backends.of(List.of(backend.get())).choose(wish.withId(backend.get().id()))
        : Backends.discover(classLoader).choose(wish);
  }

  private Provenance provenance(Model opened, Backends.Chosen runtime, Device device) {
    ModelDescription description = opened.description();
    return Provenance.builder(LssVersion.get())
        .models(
            List.of(
                new Provenance.ModelRef(description.id(), description.version(), opened.sha256())))
        .backend(
            new Provenance.BackendRef(
                runtime.backend().id(), runtime.status().version(), device.toString()))
        .threads(options.threads())
        .precision(options.precision().toString())
        .build();
  }
}
