package dev.lss.core;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.ModelException;
import dev.lss.api.Provenance;
import dev.lss.api.SeriesRole;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.StagePool;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetFolder;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.core.nnunet.NnUnetStages;
import dev.lss.core.pipeline.NnUnetSegmentation;
import dev.lss.core.pipeline.NnUnetSegmentation.Loaded;
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
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Choices for a segmenter that runs an nnU-Net model. Without any: all folds, {@code
 * checkpoint_final.pth}, tiles as the model has them (nnU-Net: steps of half a tile), mirroring as
 * the training allows, single precision, the first available backend, all processors. Checked when
 * it is built. Not thread-safe.
 */
public final class NnUnetBuilder {

  /** Name of the checkpoint that nnU-Net writes when a training ends. */
  public static final String FINAL_CHECKPOINT = "checkpoint_final.pth";

  private final Optional<NnUnetFolder> folder;
  private final Optional<ModelPackage> model;
  private final RuntimeChoice runtime;
  private List<String> folds = List.of();
  private String checkpoint = FINAL_CHECKPOINT;
  private Optional<Path> previousStage = Optional.empty();
  private OptionalDouble tileStep = OptionalDouble.empty();
  private boolean mirroring = true;
  private Arithmetic arithmetic = Arithmetic.FP32;
  private OptionalLong maxMemory = OptionalLong.empty();

  NnUnetBuilder(NnUnetFolder folder, RuntimeChoice runtime) {
    this.folder = Optional.of(folder);
    this.model = Optional.empty();
    this.runtime = runtime;
  }

  NnUnetBuilder(ModelPackage model, RuntimeChoice runtime) {
    if (!runs(model)) {
      throw new ModelException(
          "WRONG_TASK",
          "the model %s serves the task %s and does not run by nnU-Net's rules"
              .formatted(model.description().id(), model.description().task()));
    }
    this.folder = Optional.empty();
    this.model = Optional.of(model);
    this.runtime = runtime;
  }

  /** Returns whether a package's last stage runs by nnU-Net's rules. */
  static boolean runs(ModelPackage model) {
    return last(model.description()).nnunet().isPresent();
  }

  private static Stage last(ModelDescription description) {
    return description.stages().get(description.stages().size() - 1);
  }

  /** Returns the roles of the series that a study must hold, in the order of the channels. */
  public List<SeriesRole> channels() {
    return folder.isPresent()
        ? folder.get().dataset().channelNames().stream().map(SeriesRole::new).toList()
        : last(model.orElseThrow().description()).inputs().stream()
            .map(input -> input.role())
            .toList();
  }

  /** Uses these folds of a results folder, such as {@code 0} or {@code all}; none for all. */
  public NnUnetBuilder folds(List<String> names) {
    this.folds = names.stream().map(n -> n.startsWith("fold_") ? n : "fold_" + n).toList();
    return this;
  }

  /** Uses checkpoints of this file name, such as {@code checkpoint_best.pth}. */
  public NnUnetBuilder checkpoint(String fileName) {
    this.checkpoint = fileName;
    return this;
  }

  /** Sets the results folder of a cascade's first stage; by default it is the one beside. */
  public NnUnetBuilder previousStage(Path resultsFolder) {
    this.previousStage = Optional.of(resultsFolder);
    return this;
  }

  /** Sets the step between tiles as a share of the patch, in (0, 1]; the model's by default. */
  public NnUnetBuilder tileStep(double share) {
    this.tileStep = OptionalDouble.of(share);
    return this;
  }

  /** Sets whether predictions are mirrored and averaged where the training allows it. */
  public NnUnetBuilder mirroring(boolean on) {
    this.mirroring = on;
    return this;
  }

  /** Sets how sums of logits are rounded; EXACT is as nnU-Net does it, and slower. */
  public NnUnetBuilder arithmetic(Arithmetic how) {
    this.arithmetic = how;
    return this;
  }

  /** Refuses images that would need more than this, heap and direct memory together. */
  public NnUnetBuilder maxMemoryBytes(long bytes) {
    this.maxMemory = OptionalLong.of(bytes);
    return this;
  }

  /** Looks for backends through this class loader; for plug-in hosts. */
  public NnUnetBuilder classLoader(ClassLoader loader) {
    runtime.classLoader = loader;
    return this;
  }

  /** Uses the backend with this id; it works or building fails. */
  public NnUnetBuilder backend(String id) {
    runtime.backendId = Optional.of(id);
    return this;
  }

  /** Uses this backend, without looking for others. */
  public NnUnetBuilder backend(InferenceBackend instance) {
    runtime.backend = Optional.of(instance);
    return this;
  }

  /**
   * Runs the networks on this device; it works or building fails. By default on the best device
   * that the backend has here; the result's provenance says which that was.
   */
  public NnUnetBuilder device(Device wanted) {
    runtime.device = Optional.of(wanted);
    return this;
  }

  /** Sets the arithmetic of the networks; a backend without it is refused. FP32 by default. */
  public NnUnetBuilder precision(Precision wanted) {
    runtime.precision = wanted;
    return this;
  }

  /** Sets the threads of the stages and of the runtime, at least 1; all processors by default. */
  public NnUnetBuilder threads(int count) {
    runtime.threads = count;
    return this;
  }

  /** Sets the threads of the stages alone. The labels do not depend on it, to the bit. */
  public NnUnetBuilder stageThreads(int count) {
    runtime.stageThreads = Optional.of(count);
    return this;
  }

  /**
   * Builds the segmenter; native code loads here and not before.
   *
   * @throws IOException when a file of the model cannot be read
   * @throws ModelException when the model is damaged or asks for what LSS does not know
   * @throws dev.lss.api.BackendException when no backend, or not the named one, can run it
   * @throws IllegalArgumentException when a choice is out of range
   */
  public LumbarSegmenter build() throws IOException {
    NnUnetSegmentation.Options options =
        new NnUnetSegmentation.Options(tileStep, mirroring, arithmetic, maxMemory);
    if (model.isPresent()) {
      ModelDescription description = model.get().description();
      return open(
          NnUnetStages.model(model.get()),
          description,
          new Provenance.ModelRef(
              description.id(), description.version(), model.get().manifestSha256()),
          options);
    }
    NnUnetFolder opened = folder.orElseThrow();
    NnUnetModel read =
        NnUnetModel.read(opened.path(), new NnUnetModel.Choice(folds, checkpoint, previousStage));
    ModelDescription description = NnUnetDescription.of(opened, read);
    return open(
        read,
        description,
        new Provenance.ModelRef(
            description.id(),
            description.version(),
            NnUnetDescription.sha256(opened, read, checkpoint)),
        options);
  }

  private LumbarSegmenter open(
      NnUnetModel read,
      ModelDescription description,
      Provenance.ModelRef reference,
      NnUnetSegmentation.Options options) {
    ChosenRuntime chosen = runtime.choose(description);
    StagePool pool = runtime.startPool();
    List<CheckedSession> sessions = new ArrayList<>();
    try {
      List<Loaded> stages = new ArrayList<>();
      if (read.previousStage().isPresent()) {
        stages.add(load(read.previousStage().get(), chosen, sessions));
      }
      stages.add(load(read, chosen, sessions));
      return new NnUnetSegmentation(
          new NnUnetSegmentation.Equipment(
              description, stages, options, pool, chosen.provenance(reference)));
    } catch (RuntimeException e) {
      pool.close();
      sessions.forEach(CheckedSession::close);
      throw e;
    }
  }

  private Loaded load(NnUnetModel stage, ChosenRuntime chosen, List<CheckedSession> sessions) {
    List<CheckedSession> folds = new ArrayList<>();
    for (ModelSource fold : stage.folds()) {
      CheckedSession session = chosen.open(fold);
      sessions.add(session);
      folds.add(session);
    }
    return new Loaded(stage, folds);
  }
}
