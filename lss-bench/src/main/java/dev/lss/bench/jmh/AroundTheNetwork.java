package dev.lss.bench.jmh;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.Tasks;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageWindow;
import dev.lss.bench.FineNetwork;
import dev.lss.bench.PhantomSize;
import dev.lss.core.image.Normalize;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.ArgmaxResampler;
import dev.lss.core.inference.LabelRule;
import dev.lss.core.inference.LogitVolumes;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.Tiling;
import dev.lss.core.model.ModelPackage;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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

/**
 * Our stages alone, on the standard phantom and the grid of the localizer. No runtime is loaded.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class AroundTheNetwork {

  /** Threads of the stages. */
  @Param({"1", "2"})
  public int threads;

  private StagePool pool;
  private Stage stage;
  private Volume ct;
  private Volume coarse;
  private List<Volume> logits;
  private SlidingWindow window;

  /** Makes the CT and what the stages make of it. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    pool = new StagePool(threads);
    stage =
        ModelPackage.bundled(Tasks.CT_VERTEBRAE, FineNetwork.class.getClassLoader())
            .description()
            .stage(Stage.Role.LOCALIZER)
            .orElseThrow();
    ct = PhantomSize.STANDARD.ct();
    coarse = resampleAndNormalize();
    int classes = stage.signature().outputChannels();
    logits = Collections.nCopies(classes, coarse);
    window = new SlidingWindow(new Copying(stage), tiling(), pool);
  }

  private Tiling tiling() {
    return Tiling.of(stage, (StageWindow.Tiles) stage.window(), OptionalDouble.empty(), true);
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void close() {
    pool.close();
  }

  /** Clips and scales the CT on its own grid. */
  @Benchmark
  public Volume normalize() {
    return Normalize.apply(ct, stage.inputs().get(0).normalization());
  }

  /** What precedes the localizer: the CT in voxels of 4 mm, normalised. */
  @Benchmark
  public Volume resampleAndNormalize() {
    Resample.Way way =
        new Resample.Way(
            Resample.extentsFor(ct.geometry(), new Vector3(4, 4, 4)),
            stage.grid().images().rule(),
            OptionalInt.empty());
    return Resample.normalized(ct, stage.inputs().get(0).normalization(), way, pool);
  }

  /** Cuts and blends all tiles, with a network that takes no time to speak of. */
  @Benchmark
  public LogitVolumes blend() {
    LogitVolumes sums = LogitVolumes.empty(coarse.geometry(), stage.signature().outputChannels());
    window.run(List.of(coarse), sums, "blend", ProgressListener.NONE, new CancellationToken());
    return sums;
  }

  /** Labels on the CT's grid out of logits of all classes in voxels of 4 mm. */
  @Benchmark
  public LabelVolume labelsOfResampledLogits() {
    return ArgmaxResampler.labels(
        logits, ct.geometry(), LabelRule.LARGEST, pool, new CancellationToken());
  }

  /** A network whose every output channel is its first input channel. */
  private record Copying(Stage stage) implements InferenceSession {

    @Override
    public TensorSpec input() {
      return spec("input", stage.signature().inputChannels());
    }

    @Override
    public TensorSpec output() {
      return spec("output", stage.signature().outputChannels());
    }

    private static TensorSpec spec(String name, int channels) {
      int any = TensorSpec.ANY;
      return new TensorSpec(name, List.of(1, channels, any, any, any), List.of(1, 1, 1, 1, 1));
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      int voxels = out.shape().size() / out.shape().get(1);
      for (int channel = 0; channel < out.shape().get(1); channel++) {
        out.data().put(channel * voxels, in.data(), 0, voxels);
      }
    }

    @Override
    public void close() {}
  }
}
