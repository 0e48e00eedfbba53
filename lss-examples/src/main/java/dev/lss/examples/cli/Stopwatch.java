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

  /** Starts a stage; it is not needed where one stage follows the other. */
  void begin() {
    lap = System.nanoTime();
  }

  /** Ends the stage that was begun last, under this name, and begins the next. */
  void end(String stage) {
    long now = System.nanoTime();
    stages.add(new StageTiming(stage, Duration.ofNanos(now - lap)));
    lap = now;
  }

  /** Returns the stages so far, and {@code total} since this stopwatch was made. */
  List<StageTiming> timings() {
    List<StageTiming> timings = new ArrayList<>(stages);
    timings.add(new StageTiming("total", Duration.ofNanos(System.nanoTime() - start)));
    return timings;
  }
}
