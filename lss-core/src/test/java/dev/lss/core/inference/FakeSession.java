package dev.lss.core.inference;

import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A network that is a Java function. */
final class FakeSession implements InferenceSession {

  private final int inputs;
  private final int outputs;
  private final BiConsumer<FloatTensor, FloatTensor> network;
  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();

  FakeSession(int inputs, int outputs, BiConsumer<FloatTensor, FloatTensor> network) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.network = network;
  }

  /** Returns a network whose output is its input. */
  static FakeSession identity() {
    return new FakeSession(
        1, 1, (in, out) -> out.data().duplicate().put(in.data().duplicate().rewind()));
  }

  private static TensorSpec spec(String name, int channels) {
    int any = TensorSpec.ANY;
    return new TensorSpec(name, List.of(any, channels, any, any, any), List.of(1, 1, 1, 1, 1));
  }

  @Override
  public TensorSpec input() {
    return spec("in", inputs);
  }

  @Override
  public TensorSpec output() {
    return spec("out", outputs);
  }

  @Override
  public void run(FloatTensor in, FloatTensor out) {
    runs.incrementAndGet();
    network.accept(in, out);
  }

  @Override
  public void close() {
    closes.incrementAndGet();
  }
}
