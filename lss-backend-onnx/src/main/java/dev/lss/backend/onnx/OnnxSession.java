package dev.lss.backend.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.lss.api.BackendException;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.ModelSource.Opaque;
import dev.lss.spi.RunEstimate;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import dev.lss.spi.WorkingMemory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One loaded model with a single float input and a single float output. The runtime reads and
 * writes the caller's buffers in place. Thread-safe; runs share the session's threads.
 */
final class OnnxSession extends CheckedSession {

  private final OrtEnvironment environment;
  private final SessionOptions options;
  private final OrtSession session;
  private final Optional<RunEstimate> memory;
  private final Optional<OnnxInputs> inputs;

  /** Runs under way, by their output: the object, as tensors are equal by their values. */
  private final IdentityHashMap<FloatTensor, RunOptions> calls = new IdentityHashMap<>();

  private OnnxSession(
      OrtEnvironment environment,
      SessionOptions options,
      OrtSession session,
      ModelSource model,
      Optional<OnnxInputs> inputs,
      TensorSpec input,
      TensorSpec output) {
    super(model.name(), input, output);
    this.inputs = inputs;
    this.environment = environment;
    this.options = options;
    this.session = session;
    this.memory =
        model instanceof Described described
            ? Optional.of(
                new RunEstimate(described.network(), true, (layers, result) -> estimate(layers)))
            : Optional.empty();
  }

  /**
   * Loads a described network or an .onnx file.
   *
   * @param file the file where it is one
   */
  static OnnxSession load(ModelSource model, Optional<OnnxFile> file, SessionConfig config) {
    OrtEnvironment environment = OnnxRuntimeLibrary.environment();
    try {
      SessionOptions options = options(config);
      try {
        return load(environment, options, model, file);
      } catch (OrtException | RuntimeException e) {
        options.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new BackendException(
          "MODEL_REFUSED",
          "ONNX Runtime cannot load %s: %s".formatted(model.name(), e.getMessage()),
          e);
    }
  }

  private static OnnxSession load(
      OrtEnvironment environment,
      SessionOptions options,
      ModelSource model,
      Optional<OnnxFile> file)
      throws OrtException {
    OrtSession session =
        model instanceof Described described
            ? environment.createSession(
                NetworkToOnnx.translateForCpu(described.network(), described.weights()), options)
            : environment.createSession(file.orElseThrow().written(), options);
    try {
      TensorSpec input = single(model, "input", session.getInputInfo().values());
      TensorSpec output = single(model, "output", session.getOutputInfo().values());
      if (model instanceof Described described) {
        input = described.input();
      } else if (model instanceof Opaque opaque) {
        input = opaque.requireInput(input);
        output = opaque.requireOutput(output);
      }
      return new OnnxSession(
          environment, options, session, model, file.map(OnnxFile::inputs), input, output);
    } catch (OrtException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Our thread count, no second pool, and no busy waiting between tiles. */
  private static SessionOptions options(SessionConfig config) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setIntraOpNumThreads(config.threads());
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    // The plan of a fixed size costs 13 to 19 % more peak memory (U-Net of 16 channels: 318 against
    // 277 MB at 64 x 80 x 72, 588 against 477 MB at 96 x 96 x 96) and no run is faster for it.
    options.setMemoryPatternOptimization(false);
    // Every error arrives as an exception; the runtime would print it on stderr as well.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }

  /**
   * Measured for U-Nets of 8 to 32 features and tiles of 64 to 128 voxels: results of layers, what
   * {@link DepthWinograd} makes of them, and what the arena takes more than it needs were 1.47 to
   * 1.9 times the results.
   */
  private static long estimate(long layers) {
    return layers * 8 / 5 + (32L << 20);
  }

  private static TensorSpec single(ModelSource model, String what, Collection<NodeInfo> nodes) {
    NodeInfo node = nodes.iterator().next();
    if (nodes.size() != 1
        || !(node.getInfo() instanceof TensorInfo tensor)
        || tensor.type != OnnxJavaType.FLOAT) {
      throw new BackendException(
          "MODEL_REFUSED",
          "%s must have one %s, a tensor of float32, but has %s"
              .formatted(model.name(), what, nodes));
    }
    List<Integer> dims = new ArrayList<>();
    for (long dim : tensor.getShape()) {
      dims.add(dim < 0 ? TensorSpec.ANY : Math.toIntExact(dim));
    }
    return new TensorSpec(node.getName(), dims, Collections.nCopies(dims.size(), 1));
  }

  @Override
  protected void runOpen(FloatTensor in, FloatTensor out) {
    inputs.ifPresent(checked -> checked.check(in.shape(), out.shape()));
    try (OnnxTensor x = wrap(in);
        OnnxTensor y = wrap(out);
        RunOptions call = new RunOptions()) {
      call.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      begin(out, call);
      try {
        // The runtime writes straight into out's buffer; the result holds nothing else.
        session.run(Map.of(input().name(), x), Set.of(), Map.of(output().name(), y), call).close();
      } finally {
        end(out);
      }
      memory.ifPresent(known -> known.ran(in.shape()));
    } catch (OrtException e) {
      throw new BackendException(
          "RUN_FAILED",
          "ONNX Runtime failed on input %s, output %s: %s"
              .formatted(in.shape(), out.shape(), e.getMessage()),
          e);
    }
  }

  private void begin(FloatTensor out, RunOptions call) {
    synchronized (calls) {
      calls.put(out, call);
    }
  }

  private void end(FloatTensor out) {
    synchronized (calls) {
      calls.remove(out);
    }
  }

  /** The runtime looks at the flag between two operators. */
  @Override
  protected void stop(FloatTensor in, FloatTensor out) {
    synchronized (calls) {
      RunOptions call = calls.get(out);
      if (call != null) {
        try {
          call.setTerminate(true);
        } catch (OrtException e) {
          throw new BackendException("RUN_FAILED", "ONNX Runtime does not stop " + name(), e);
        }
      }
    }
  }

  private OnnxTensor wrap(FloatTensor tensor) throws OrtException {
    // A cleared duplicate, since the caller may have moved the buffer's position.
    return OnnxTensor.createTensor(
        environment, tensor.data().duplicate().clear(), tensor.shape().toLongArray());
  }

  @Override
  public Optional<WorkingMemory> workingMemory(Shape input) {
    return memory.map(known -> known.of(input));
  }

  @Override
  protected void release() {
    try (options) { // must outlive the session
      session.close();
    } catch (OrtException e) {
      throw new BackendException("CLOSE_FAILED", "ONNX Runtime did not release the model", e);
    }
  }
}
