package dev.lss.bench.jmh;

import dev.lss.bench.FineNetwork;
import dev.lss.core.inference.Backends;
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

/** From nothing native loaded to the fine network open, once in each of several JVMs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class ColdStart {

  /** Id of the backend. */
  @Param({"onnx", "djl", "tf"})
  public String backend;

  private FineNetwork.Read read;
  private FineNetwork network;

  /** Reads the weights; no backend is touched. */
  @Setup(Level.Trial)
  public void read() throws IOException {
    read = FineNetwork.read();
  }

  /** Closes the network. */
  @TearDown(Level.Trial)
  public void close() {
    network.close();
  }

  /** Loads the runtime and opens the network. */
  @Benchmark
  public FineNetwork open() {
    Backends.Chosen chosen = FineNetwork.choose(backend, Precision.FP32);
    SessionConfig config =
        new SessionConfig(
            chosen.bestDevice(), Runtime.getRuntime().availableProcessors(), Precision.FP32);
    network = FineNetwork.open(read, chosen.backend(), config, FineNetwork.Patch.TILE);
    return network;
  }
}
