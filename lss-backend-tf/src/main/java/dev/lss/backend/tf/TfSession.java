package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.api.model.network.Network;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.ModelSource.Opaque;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
final class TfSession implements InferenceSession {

  private final String name;
  private final Graph graph;
  private final Session session;
  private final TensorSpec input;
  private final TensorSpec output;
  private final String feed;
  private final String fetch;
  private final Optional<Network> network;

  /** Runs share it, close takes it alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  private TfSession(
      String name, Graph graph, Session session, ServedGraph served, Optional<Network> network) {
    this.name = name;
    this.graph = graph;
    this.session = session;
    this.input = served.input();
    this.output = served.output();
    this.feed = served.feed();
    this.fetch = served.fetch();
    this.network = network;
  }

  /** Loads a described network or a SavedModel. */
  static TfSession load(ModelSource model, SessionConfig config) {
    ServedGraph served =
        model instanceof Described described
            ? translated(described, config)
            : ServedGraph.read((Opaque) model, TfLibrary.operators());
    Optional<Network> network =
        model instanceof Described described ? Optional.of(described.network()) : Optional.empty();
    Graph graph = new Graph();
    try {
      graph.importGraphDef(TfLibrary.placed(served.graph(), config.device()));
      return new TfSession(
          model.name(), graph, new Session(graph, TfLibrary.options(config)), served, network);
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      graph.close();
      throw new BackendException(
          "MODEL_REFUSED",
          "TensorFlow cannot load %s: %s".formatted(model.name(), e.getMessage()),
          e);
    }
  }

  private static ServedGraph translated(Described model, SessionConfig config) {
    Network network = model.network();
    List<Integer> multiples = new ArrayList<>(List.of(1, 1));
    multiples.addAll(network.sizeMultiples());
    List<Integer> ones = Collections.nCopies(multiples.size(), 1);
    return new ServedGraph(
        NetworkToTf.translate(network, model.weights(), config.precision()),
        new TensorSpec(
            Network.INPUT, NetworkToTf.sizes(network, network.inputChannels()), multiples),
        NetworkToTf.INPUT,
        new TensorSpec(
            network.output(), NetworkToTf.sizes(network, network.outputChannels()), ones),
        NetworkToTf.OUTPUT);
  }

  @Override
  public TensorSpec input() {
    return input;
  }

  @Override
  public TensorSpec output() {
    return output;
  }

  @Override
  public void run(FloatTensor in, FloatTensor out) {
    input.check(in.shape());
    output.check(out.shape());
    network.ifPresent(layers -> requireOutput(LayerSizes.output(layers, in.shape()), in, out));
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session is closed");
      }
      runOpen(in, out);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOutput(Shape given, FloatTensor in, FloatTensor out) {
    if (!given.equals(out.shape())) {
      throw new BackendException(
          "WRONG_SHAPE",
          "%s gives %s for an input of %s, the output is to be %s"
              .formatted(name, given, in.shape(), out.shape()));
    }
  }

  private void runOpen(FloatTensor in, FloatTensor out) {
    try (TFloat32 x =
            TFloat32.tensorOf(
                org.tensorflow.ndarray.Shape.of(in.shape().toLongArray()), values(in));
        Result result = session.runner().feed(feed, x).fetch(fetch).run()) {
      Tensor y = result.get(0);
      requireOutput(shape(y), in, out);
      y.asRawTensor().data().asFloats().copyTo(values(out), out.shape().size());
    } catch (BackendException e) {
      throw e;
    } catch (RuntimeException e) { // TensorFlow's exceptions have no other parent
      throw new BackendException(
          "RUN_FAILED",
          "TensorFlow failed in %s on input %s: %s".formatted(name, in.shape(), e.getMessage()),
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
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
        graph.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
