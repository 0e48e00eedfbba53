package dev.lss.bench.jmh;

import dev.lss.bench.FineNetwork;
import dev.lss.bench.RealShape;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.GuardedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One tile of a network of the size that nnU-Net plans for a CT, about 0.9 TFLOP. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class RealShapeForward {

  /** Id of the backend. */
  @Param({"onnx", "djl", "tf"})
  public String backend;

  /** Threads of the runtime. */
  @Param("2")
  public int threads;

  /** Arithmetic of the convolutions. */
  @Param({"FP32", "BF16"})
  public Precision precision;

  private InferenceSession session;
  private FloatTensor in;
  private FloatTensor out;

  /** Opens the network. */
  @Setup(Level.Trial)
  public void open() {
    Backends.Chosen chosen = FineNetwork.choose(backend, precision);
    SessionConfig config = new SessionConfig(chosen.bestDevice(), threads, precision);
    session = GuardedSession.open(chosen.backend(), RealShape.source(), config);
    int tile = RealShape.TILE;
    in = FloatTensor.allocate(Shape.of(1, 1, tile, tile, tile));
    out = FloatTensor.allocate(Shape.of(1, RealShape.LABELS, tile, tile, tile));
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < in.shape().size(); at++) {
      in.data().put(at, (float) random.nextDouble(-1, 1));
    }
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    session.close();
  }

  /** Runs the network once. */
  @Benchmark
  public FloatTensor forward() {
    session.run(in, out);
    return out;
  }
}
