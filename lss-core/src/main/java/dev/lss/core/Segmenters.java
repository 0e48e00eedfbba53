package dev.lss.core;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.ModelException;
import dev.lss.api.Provenance;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.StagePool;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetFolder;
import dev.lss.core.pipeline.CtModel;
import dev.lss.core.pipeline.CtVertebrae;
import dev.lss.core.pipeline.PlainSegmentation;
import dev.lss.core.pipeline.UsFascia;
import dev.lss.core.pipeline.UsModel;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds segmenters. Without any choice: the bundled model of a task, the first available backend,
 * all processors.
 *
 * <pre>{@code
 * try (LumbarSegmenter segmenter = Segmenters.forTask("ct-vertebrae").build()) {
 *   SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(volume));
 * }
 * }</pre>
 */
public final class Segmenters {

  private Segmenters() {}

  /** Returns a builder for the bundled model of a task, found when it is built. */
  public static Builder forTask(String task) {
    return new Builder(task, Optional.empty());
  }

  /** Returns a builder for a model package, for the task that the package names. */
  public static Builder forModel(ModelPackage model) {
    return new Builder(model.description().task(), Optional.of(model));
  }

  /**
   * Returns a builder for a results folder of nnU-Net v2, {@code Trainer__Plans__configuration},
   * which runs as it is.
   *
   * @throws IOException when plans.json or dataset.json cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} or {@code NNUNET_UNSUPPORTED} as {@link
   *     NnUnetFolder#open}
   */
  public static NnUnetBuilder forNnUnet(Path resultsFolder) throws IOException {
    return forNnUnet(NnUnetFolder.open(resultsFolder));
  }

  /** Returns a builder for an opened results folder of nnU-Net v2. */
  public static NnUnetBuilder forNnUnet(NnUnetFolder folder) {
    return new NnUnetBuilder(folder, new RuntimeChoice());
  }

  /**
   * Returns a builder for a model package that was made from a results folder of nnU-Net v2.
   *
   * @throws ModelException {@code WRONG_TASK} when it was not
   */
  public static NnUnetBuilder forNnUnet(ModelPackage model) {
    return new NnUnetBuilder(model, new RuntimeChoice());
  }

  /** Choices for a segmenter; checked when it is built. Not thread-safe. */
  public static final class Builder {

    private final String task;
    private final Optional<ModelPackage> model;
    private final RuntimeChoice runtime = new RuntimeChoice();

    private Builder(String task, Optional<ModelPackage> model) {
      this.task = task;
      this.model = model;
    }

    /** Looks for backends and bundled models through this class loader; for plug-in hosts. */
    public Builder classLoader(ClassLoader loader) {
      runtime.classLoader = loader;
      return this;
    }

    /** Uses the backend with this id; it works or building fails. */
    public Builder backend(String id) {
      runtime.backendId = Optional.of(id);
      return this;
    }

    /** Uses this backend, without looking for others. */
    public Builder backend(InferenceBackend instance) {
      runtime.backend = Optional.of(instance);
      return this;
    }

    /**
     * Runs the networks on this device; it works or building fails. By default on the best device
     * that the backend has here; the result's provenance says which that was.
     */
    public Builder device(Device wanted) {
      runtime.device = Optional.of(wanted);
      return this;
    }

    /** Sets the arithmetic of the networks; a backend without it is refused. FP32 by default. */
    public Builder precision(Precision wanted) {
      runtime.precision = wanted;
      return this;
    }

    /** Sets the threads of the stages and of the runtime, at least 1; all processors by default. */
    public Builder threads(int count) {
      runtime.threads = count;
      return this;
    }

    /** Sets the threads of the stages alone. The labels do not depend on it, to the bit. */
    public Builder stageThreads(int count) {
      runtime.stageThreads = Optional.of(count);
      return this;
    }

    /**
     * Builds the segmenter; native code loads here and not before.
     *
     * @throws IOException when the model package cannot be read
     * @throws ModelException when the model is damaged or does not fit the task
     * @throws dev.lss.api.BackendException when no backend, or not the named one, can run it
     */
    public LumbarSegmenter build() throws IOException {
      if (model.isPresent() && NnUnetBuilder.runs(model.get())) {
        return new NnUnetBuilder(model.get(), runtime).build();
      }
      if (model.isPresent() && task.equals(PlainSegmentation.TASK)) {
        return openPlain(model.get());
      }
      if (!task.equals(CtVertebrae.TASK) && !task.equals(UsFascia.TASK)) {
        throw new ModelException(
            "UNKNOWN_TASK",
            "there is no task \"%s\"; known: %s, %s, and %s for models that are named"
                .formatted(task, CtVertebrae.TASK, UsFascia.TASK, PlainSegmentation.TASK));
      }
      ModelPackage opened =
          model.isPresent() ? model.get() : ModelPackage.bundled(task, runtime.classLoader);
      if (task.equals(UsFascia.TASK)) {
        return openUltrasound(opened);
      }
      CtModel.check(opened.description());
      return open(opened, runtime.choose(opened.description()));
    }

    private LumbarSegmenter openPlain(ModelPackage opened) throws IOException {
      ModelDescription description = opened.description();
      PlainSegmentation.check(description);
      ChosenRuntime chosen = runtime.choose(description);
      StagePool pool = runtime.startPool();
      List<CheckedSession> folds = new ArrayList<>();
      try {
        for (ModelSource fold : opened.sources(description.stages().get(0))) {
          folds.add(chosen.open(fold));
        }
        return new PlainSegmentation(
            new PlainSegmentation.Equipment(
                description, folds, pool, chosen.provenance(reference(opened))));
      } catch (IOException | RuntimeException e) {
        pool.close();
        folds.forEach(CheckedSession::close);
        throw e;
      }
    }

    private LumbarSegmenter openUltrasound(ModelPackage opened) throws IOException {
      ModelDescription description = opened.description();
      Stage stage = UsModel.check(description);
      ChosenRuntime chosen = runtime.choose(description);
      ModelSource source = opened.sources(stage).get(0);
      StagePool pool = runtime.startPool();
      try {
        return new UsFascia(
            new UsFascia.Equipment(
                description, chosen.open(source), pool, chosen.provenance(reference(opened))));
      } catch (RuntimeException e) {
        pool.close();
        throw e;
      }
    }

    private static Provenance.ModelRef reference(ModelPackage opened) {
      ModelDescription description = opened.description();
      return new Provenance.ModelRef(
          description.id(), description.version(), opened.manifestSha256());
    }

    private LumbarSegmenter open(ModelPackage opened, ChosenRuntime chosen) throws IOException {
      ModelDescription description = opened.description();
      StagePool pool = runtime.startPool();
      CheckedSession localizer = null;
      try {
        localizer = session(opened, Stage.Role.LOCALIZER, chosen);
        CheckedSession segmenter = session(opened, Stage.Role.SEGMENTER, chosen);
        return new CtVertebrae(
            new CtVertebrae.Equipment(
                description, localizer, segmenter, pool, chosen.provenance(reference(opened))));
      } catch (IOException | RuntimeException e) {
        pool.close();
        if (localizer != null) {
          localizer.close();
        }
        throw e;
      }
    }

    private static CheckedSession session(
        ModelPackage opened, Stage.Role role, ChosenRuntime chosen) throws IOException {
      Stage stage = opened.description().stage(role).orElseThrow();
      return chosen.open(opened.sources(stage).get(0));
    }
  }
}
