package dev.lss.examples.cli;

import dev.lss.api.SegmentationResult;
import dev.lss.api.StageTiming;
import dev.lss.core.ultrasound.FasciaClip;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A clip, whose frames ran at the same time, with the wall time of all. Immutable.
 *
 * @param clip what was found
 * @param wall how long that took
 */
record TimedClip(FasciaClip clip, Duration wall) {

  /** Segments a clip. */
  static TimedClip of(Supplier<FasciaClip> work) {
    long start = System.nanoTime();
    FasciaClip clip = work.get();
    return new TimedClip(clip, Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Returns the frames with the times of their stages shortened by one factor, so that they sum to
   * the wall time; as they are when they sum to less.
   */
  List<SegmentationResult> frames() {
    long sum =
        clip.frames().stream()
            .flatMap(frame -> frame.timings().stream())
            .mapToLong(timing -> timing.elapsed().toNanos())
            .sum();
    if (sum <= wall.toNanos()) {
      return clip.frames();
    }
    double share = (double) wall.toNanos() / sum;
    return clip.frames().stream()
        .map(
            frame ->
                frame.toBuilder()
                    .timings(
                        frame.timings().stream().map(timing -> shortened(timing, share)).toList())
                    .build())
        .toList();
  }

  private static StageTiming shortened(StageTiming timing, double share) {
    long nanos = (long) (timing.elapsed().toNanos() * share);
    return new StageTiming(timing.stage(), Duration.ofNanos(nanos));
  }
}
