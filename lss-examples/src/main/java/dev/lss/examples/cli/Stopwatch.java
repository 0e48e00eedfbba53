package dev.lss.examples.cli;

import dev.lss.api.StageTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times the stages around a segmentation. Not thread-safe. */
final class Stopwatch {

  private final long start = System.nanoTime();
  private final List<StageTiming> stages = new ArrayList<>();
  private long lap = start;

  /** Starts a stage. */
  void begin() {
    lap = System.nanoTime();
  }

  /** Ends the stage that was begun last, under this name. */
  void end(String stage) {
    stages.add(new StageTiming(stage, Duration.ofNanos(System.nanoTime() - lap)));
  }

  /** Returns the stages so far, and {@code total} since this stopwatch was made. */
  List<StageTiming> timings() {
    List<StageTiming> timings = new ArrayList<>(stages);
    timings.add(new StageTiming("total", Duration.ofNanos(System.nanoTime() - start)));
    return timings;
  }
}
