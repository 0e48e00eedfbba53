package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.ModelSource.Opaque;
import dev.lss.spi.RunEstimate;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.spi.WorkingMemory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * One loaded model with a single float input and a single float output, both copied. Every shape is
 * checked before TensorFlow sees it, which may end the process on a wrong one. Thread-safe; runs
 * share the threads of the process.
 */
final class TfSession extends CheckedSession {

  private final Graph graph;
  private final Session session;
  private final String feed;
  private final String fetch;
  private final Optional<Described> network;
  private final Optional<RunEstimate> memory;

  private TfSession(
      String name, Graph graph, Session session, ServedGraph served, Optional<Described> network) {
    super(name, served.input(), served.output());
    this.graph = graph;
    this.session = session;
    this.feed = served.feed();
    this.fetch = served.fetch();
    this.network = network;
    this.memory = network.map(TfSession::estimate);
  }

  /**
   * Measured for U-Nets of 8 to 32 features and tiles of 64 to 128 voxels: the first run makes
   * several copies of the weights, and results of layers take 1.6 times their size; the output is
   * there twice.
   */
  private static RunEstimate estimate(Described model) {
    long fixed = 7 * Float.BYTES * model.network().requireWeights(model.weights()) + (96L << 20);
    return new RunEstimate(
        model.network(), true, (layers, output) -> Math.max(layers, 2 * output) * 8 / 5 + fixed);
  }

  /** Loads a described network or a SavedModel. */
  static TfSession load(ModelSource model, SessionConfig config) {
    ServedGraph served =
        model instanceof Described described
            ? translated(described, config)
            : ServedGraph.read((Opaque) model, TfLibrary.operators());
    if (model instanceof Opaque opaque) {
      requireSizes(opaque, served);
    }
    Optional<Described> network =
        model instanceof Described described ? Optional.of(described) : Optional.empty();
    Graph graph = new Graph();
    try {
      graph.importGraphDef(TfLibrary.placed(served.graph(), config.device()));
      return new TfSession(
          model.name(),
          graph,
          new Session(graph, TfLibrary.options(config, network.isPresent())),
          served,
          network);
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      graph.close();
      throw notLoaded(model, e);
    }
  }

  private static void requireSizes(Opaque model, ServedGraph served) {
    Optional<String> tooLarge;
    try {
      tooLarge = GraphShapes.tooLarge(served);
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      throw notLoaded(model, e);
    }
    tooLarge.ifPresent(
        why -> {
          throw new BackendException("MODEL_REFUSED", model.name() + " " + why);
        });
  }

  private static BackendException notLoaded(ModelSource model, RuntimeException e) {
    return new BackendException(
        "MODEL_REFUSED",
        "TensorFlow cannot load %s: %s".formatted(model.name(), e.getMessage()),
        e);
  }

  private static ServedGraph translated(Described model, SessionConfig config) {
    return new ServedGraph(
        NetworkToTf.translate(model.network(), model.weights(), config.precision()),
        model.input(),
        NetworkToTf.INPUT,
        model.output(),
        NetworkToTf.OUTPUT);
  }

  private void requireOutput(Shape given, FloatTensor in, FloatTensor out) {
    if (!given.equals(out.shape())) {
      throw new BackendException(
          "WRONG_SHAPE",
          "%s gives %s for an input of %s, the output is to be %s"
              .formatted(name(), given, in.shape(), out.shape()));
    }
  }

  @Override
  protected void runOpen(FloatTensor in, FloatTensor out) {
    network.ifPresent(model -> requireOutput(model.outputShape(in.shape()), in, out));
    try (TFloat32 x =
            TFloat32.tensorOf(
                org.tensorflow.ndarray.Shape.of(in.shape().toLongArray()), values(in));
        Result result = session.runner().feed(feed, x).fetch(fetch).run()) {
      Tensor y = result.get(0);
      requireOutput(shape(y), in, out);
      y.asRawTensor().data().asFloats().copyTo(values(out), out.shape().size());
      memory.ifPresent(known -> known.ran(in.shape()));
    } catch (BackendException e) {
      throw e;
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      throw new BackendException(
          "RUN_FAILED",
          "TensorFlow failed in %s on input %s: %s".formatted(name(), in.shape(), e.getMessage()),
          e);
    }
  }

  /** A cleared duplicate, since the caller may have moved the buffer's position. */
  private static FloatDataBuffer values(FloatTensor tensor) {
    FloatBuffer all = tensor.data().duplicate().clear();
    return DataBuffers.of(all);
  }

  private static Shape shape(Tensor tensor) {
    List<Integer> dims = new ArrayList<>();
    for (long dim : tensor.shape().asArray()) {
      dims.add(Math.toIntExact(dim));
    }
    return new Shape(dims);
  }

  @Override
  public Optional<WorkingMemory> workingMemory(Shape input) {
    return memory.map(known -> known.of(input));
  }

  @Override
  protected void release() {
    session.close();
    graph.close();
  }
}
