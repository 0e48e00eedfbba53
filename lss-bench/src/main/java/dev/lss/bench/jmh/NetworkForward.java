package dev.lss.bench.jmh;

import dev.lss.bench.FineNetwork;
import dev.lss.core.inference.Backends;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
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

/** One call of the bundled fine network; a backend without the precision is an error of JMH's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class NetworkForward {

  /** Id of the backend. */
  @Param({"onnx", "djl", "tf"})
  public String backend;

  /** Threads of the runtime. */
  @Param({"1", "2"})
  public int threads;

  /** Arithmetic of the convolutions. */
  @Param({"FP32", "BF16"})
  public Precision precision;

  /** Size of the input. */
  @Param({"SMALL", "TILE"})
  public FineNetwork.Patch size;

  private FineNetwork network;

  /** Opens the network. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    Backends.Chosen chosen = FineNetwork.choose(backend, precision);
    SessionConfig config = new SessionConfig(chosen.bestDevice(), threads, precision);
    network = FineNetwork.open(FineNetwork.read(), chosen.backend(), config, size);
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    network.close();
  }

  /** Runs the network once. */
  @Benchmark
  public FloatTensor forward() {
    return network.forward();
  }
}
