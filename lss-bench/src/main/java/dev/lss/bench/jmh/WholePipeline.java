package dev.lss.bench.jmh;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.bench.LayeredPicture;
import dev.lss.bench.PhantomSize;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.Precision;
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

/** A whole segmentation of a made-up image in memory, without reading and writing files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 10)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class WholePipeline {

  /** A task with a bundled model. */
  @Param({Tasks.CT_VERTEBRAE, Tasks.US_FASCIA})
  public String task;

  /** Id of the backend. */
  @Param({"onnx", "djl", "tf"})
  public String backend;

  /** Threads of the stages and of the runtime. */
  @Param({"1", "2"})
  public int threads;

  /** Arithmetic of the convolutions. */
  @Param({"FP32", "BF16"})
  public Precision precision;

  /** Size of the CT; an ultrasound picture has one size. */
  @Param({"STANDARD"})
  public PhantomSize size;

  private LumbarSegmenter segmenter;
  private LumbarStudy study;

  /** Makes the image and opens the networks. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    study =
        task.equals(Tasks.US_FASCIA)
            ? LumbarStudy.ofUltrasound(LayeredPicture.draw())
            : LumbarStudy.ofCt(size.ct());
    RuntimeOptions options =
        RuntimeOptions.builder().backend(backend).precision(precision).threads(threads).build();
    segmenter = Segmenters.forTask(task).options(options).build();
  }

  /** Closes the networks. */
  @TearDown(Level.Trial)
  public void close() {
    segmenter.close();
  }

  /** Segments once. */
  @Benchmark
  public SegmentationResult segment() {
    SegmentationResult result = segmenter.segment(study);
    if (!result.foundAnything()) { // fast for the wrong reason
      throw new IllegalStateException(task + " found nothing: " + result.notices());
    }
    return result;
  }
}
