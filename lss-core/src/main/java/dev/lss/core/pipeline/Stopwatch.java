package dev.lss.core.pipeline;

import dev.lss.api.StageTiming;
import dev.lss.core.inference.SlidingWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Adds up the wall time of named stages, in the order in which they first ran. One per run. */
final class Stopwatch {

  private final Map<String, Long> nanos = new LinkedHashMap<>();

  /** Runs a step and adds its time to a stage. */
  <T> T time(String stage, Supplier<T> step) {
    long start = System.nanoTime();
    try {
      return step.get();
    } finally {
      nanos.merge(stage, System.nanoTime() - start, Long::sum);
    }
  }

  /** Runs a step without a result and adds its time to a stage. */
  void run(String stage, Runnable step) {
    time(
        stage,
        () -> {
          step.run();
          return true;
        });
  }

  /** Adds time that was measured elsewhere to a stage. */
  void add(String stage, Duration elapsed) {
    nanos.merge(stage, elapsed.toNanos(), Long::sum);
  }

  /** Adds the times of a sliding window whose sink makes labels. */
  void add(SlidingWindow.Spent spent) {
    add("network", spent.network());
    add("stitch", spent.stitch());
    add("resample", spent.sink());
  }

  /** Returns what was measured so far. */
  List<StageTiming> timings() {
    List<StageTiming> timings = new ArrayList<>();
    nanos.forEach((stage, n) -> timings.add(new StageTiming(stage, Duration.ofNanos(n))));
    return timings;
  }
}
