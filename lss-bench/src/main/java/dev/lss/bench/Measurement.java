package dev.lss.bench;

import dev.lss.api.LssException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.VertebraMeasurement;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.Backends;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.report.PeakMemory;
import dev.lss.spi.Device;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The process that measures one case, and prints its outcome as one line of JSON. It must be a new
 * one: what a runtime loads, it loads once.
 */
final class Measurement {

  private static final int WARM_UPS = 2;
  private static final double NANOS_PER_MS = 1e6;

  private Measurement() {}

  /**
   * Measures.
   *
   * @param args the arguments of one {@link BenchCase}
   */
  public static void main(String[] args) {
    System.out.println(OutcomeJson.write(outcome(BenchCase.parse(List.of(args)))));
    System.out.flush();
    System.exit(0); // a runtime's own threads must not keep the process
  }

  private static Outcome outcome(BenchCase one) {
    try {
      return measure(one);
    } catch (LssException e) {
      return new Outcome.Failed("%s [%s]".formatted(e.getMessage(), e.code()));
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      return new Outcome.Failed(e.toString());
    }
  }

  private static Outcome.Measured measure(BenchCase one) throws IOException {
    FineNetwork.Read read = FineNetwork.read();
    long start = System.nanoTime();
    Backends.Chosen chosen = FineNetwork.choose(one.backend(), one.precision());
    Device device = one.device().orElseGet(chosen::bestDevice);
    SessionConfig config = new SessionConfig(device, one.threads(), one.precision());
    double coldStartMs;
    double[] forwards;
    try (FineNetwork network =
        FineNetwork.open(read, chosen.backend(), config, FineNetwork.Patch.TILE)) {
      coldStartMs = millisSince(start);
      forwards = forwards(network, one.runs());
    }
    Pipeline pipeline = pipeline(one, device, new TimedBackend(chosen.backend()));
    return new Outcome.Measured(
        chosen.status().version(),
        device.toString(),
        coldStartMs,
        median(forwards),
        Arrays.stream(forwards).min().orElseThrow(),
        pipeline.totalMs(),
        pipeline.networkMs(),
        PeakMemory.residentBytes());
  }

  private static double[] forwards(FineNetwork network, int runs) {
    double[] millis = new double[runs];
    for (int run = -WARM_UPS; run < runs; run++) {
      long start = System.nanoTime();
      network.forward();
      if (run >= 0) {
        millis[run] = millisSince(start);
      }
    }
    return millis;
  }

  private record Pipeline(double totalMs, double networkMs) {}

  /** Segments once to warm up, then as often as asked, and returns the fastest. */
  private static Pipeline pipeline(BenchCase one, Device device, TimedBackend backend)
      throws IOException {
    LumbarStudy study = LumbarStudy.ofCt(one.size().ct());
    RuntimeOptions options =
        RuntimeOptions.builder()
            .device(device)
            .precision(one.precision())
            .threads(one.threads())
            .build();
    Pipeline best = new Pipeline(Double.POSITIVE_INFINITY, 0);
    try (LumbarSegmenter segmenter =
        Segmenters.forTask(FineNetwork.TASK).backend(backend).options(options).build()) {
      requireVertebrae(segmenter, study);
      for (int run = 0; run < one.runs(); run++) {
        backend.takeNanos();
        long start = System.nanoTime();
        segmenter.segment(study);
        Pipeline now = new Pipeline(millisSince(start), backend.takeNanos() / NANOS_PER_MS);
        best = now.totalMs() < best.totalMs() ? now : best;
      }
    }
    return best;
  }

  /** A pipeline that finds nothing is fast for the wrong reason. */
  private static void requireVertebrae(LumbarSegmenter segmenter, LumbarStudy study) {
    int found = segmenter.segment(study).measurements().of(VertebraMeasurement.class).size();
    if (found != 5) {
      throw new IllegalStateException(
          "the phantom has 5 lumbar vertebrae, the pipeline found " + found);
    }
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int upper = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / NANOS_PER_MS;
  }
}
