package dev.lss.core;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.network.Signature;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.model.Model;
import dev.lss.core.task.Task;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A model whose networks are Java functions, and the backend that runs them, so that tasks are
 * tested through the public road without a runtime.
 */
public final class FormulaModel implements Model {

  /** A hash for provenance. */
  public static final String SHA256 = "ab".repeat(32);

  private final ModelDescription description;
  private final Map<String, BiConsumer<FloatTensor, FloatTensor>> formulas = new LinkedHashMap<>();

  /** Sessions that were opened and not closed. */
  public final AtomicInteger openSessions = new AtomicInteger();

  /** How often any network ran. */
  public final AtomicInteger runs = new AtomicInteger();

  private FormulaModel(ModelDescription description) {
    this.description = description;
  }

  /** Returns a model whose networks are still to be given. */
  public static FormulaModel of(ModelDescription description) {
    return new FormulaModel(description);
  }

  /** Returns a model of one stage, with one network for each fold. */
  @SafeVarargs
  public static FormulaModel of(
      ModelDescription description, BiConsumer<FloatTensor, FloatTensor>... folds) {
    return of(description).with(description.lastStage().name(), folds);
  }

  /** Gives the networks of a stage, one for each fold. */
  @SafeVarargs
  public final FormulaModel with(String stage, BiConsumer<FloatTensor, FloatTensor>... folds) {
    for (int fold = 0; fold < folds.length; fold++) {
      formulas.put(source(stage, fold), folds[fold]);
    }
    return this;
  }

  /** Returns a network of so many channels and folds; any sizes. */
  public static StageNetwork network(int rank, int inputs, int outputs, int folds) {
    return network(new Signature(rank, inputs, outputs, Collections.nCopies(rank, 1)), folds);
  }

  /** Returns a network with this signature. */
  public static StageNetwork network(Signature signature, int folds) {
    List<String> files = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      files.add(fold + ".onnx");
    }
    return new StageNetwork.Opaque(ModelFormat.ONNX, files, signature);
  }

  private static String source(String stage, int fold) {
    return stage + "/" + fold;
  }

  @Override
  public ModelDescription description() {
    return description;
  }

  @Override
  public String sha256() {
    return SHA256;
  }

  @Override
  public List<ModelSource> sources(Stage stage) {
    List<ModelSource> sources = new ArrayList<>();
    for (int fold = 0; fold < stage.network().files().size(); fold++) {
      sources.add(
          new ModelSource.Opaque(
              source(stage.name(), fold),
              ModelFormat.ONNX,
              ByteBuffer.allocateDirect(0),
              stage.signature()));
    }
    return sources;
  }

  /** Returns a segmenter that runs a task with this model in two threads. */
  public LumbarSegmenter segmenter(Task task) {
    return segmenter(task, RuntimeOptions.builder().threads(2).build());
  }

  /** Returns a segmenter that runs a task with this model. */
  public LumbarSegmenter segmenter(Task task, RuntimeOptions options) {
    try {
      return Segmenters.forTask(task, this).backend(backend()).options(options).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the backend that runs this model's networks and no others. */
  public InferenceBackend backend() {
    return new InferenceBackend() {
      @Override
      public int spiVersion() {
        return InferenceBackend.SPI_VERSION;
      }

      @Override
      public String id() {
        return "formula";
      }

      @Override
      public Set<ModelFormat> formats() {
        return Set.of(ModelFormat.ONNX);
      }

      @Override
      public BackendStatus probe() {
        return new BackendStatus.Available("1.0", List.of(Device.CPU));
      }

      @Override
      public InferenceSession open(ModelSource model, SessionConfig config) {
        openSessions.incrementAndGet();
        return new Session(model);
      }
    };
  }

  private final class Session implements InferenceSession {

    private final ModelSource source;

    private Session(ModelSource source) {
      this.source = source;
    }

    private static TensorSpec spec(String name, int channels, List<Integer> spatialMultiples) {
      List<Integer> dims =
          new ArrayList<>(Collections.nCopies(spatialMultiples.size() + 2, TensorSpec.ANY));
      dims.set(1, channels);
      List<Integer> multiples = new ArrayList<>(List.of(1, 1));
      multiples.addAll(spatialMultiples);
      return new TensorSpec(name, dims, multiples);
    }

    @Override
    public TensorSpec input() {
      Signature signature = source.signature();
      return spec("in", signature.inputChannels(), signature.sizeMultiples());
    }

    @Override
    public TensorSpec output() {
      Signature signature = source.signature();
      return spec(
          "out", signature.outputChannels(), Collections.nCopies(signature.spatialRank(), 1));
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      runs.incrementAndGet();
      formulas.get(source.name()).accept(in, out);
    }

    @Override
    public void close() {
      openSessions.decrementAndGet();
    }
  }
}
