package dev.lss.core.stage;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.StageTiming;
import dev.lss.core.inference.SlidingWindow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What accompanies one segmentation: its clock, its listener, its off-switch. Not thread-safe; one
 * for each segmentation.
 */
public final class Run {

  private final ProgressListener progress;
  private final CancellationToken cancellation;
  private final Map<String, Double> shares;
  private final Map<String, Long> nanos = new LinkedHashMap<>();
  private double overall = -1;

  /**
   * Starts.
   *
   * @param progress hears how far the work is
   * @param cancellation looked at between tiles
   * @param shares the share of the whole work that each stage usually takes, in the order of the
   *     flow; they sum to at most 1
   */
  public Run(
      ProgressListener progress, CancellationToken cancellation, Map<String, Double> shares) {
    this.progress = progress;
    this.cancellation = cancellation;
    this.shares = new LinkedHashMap<>(shares);
  }

  /** Returns a run without a listener that nobody cancels. */
  public static Run unattended() {
    return new Run(ProgressListener.NONE, new CancellationToken(), Map.of());
  }

  /** Returns what asks the work to stop. */
  public CancellationToken cancellation() {
    return cancellation;
  }

  /** Runs a step and adds its wall time to a stage; looks at the cancellation first. */
  public <T> T time(String stage, Supplier<T> step) {
    cancellation.throwIfCancelled();
    long start = System.nanoTime();
    try {
      return step.get();
    } finally {
      nanos.merge(stage, System.nanoTime() - start, Long::sum);
    }
  }

  /** Adds wall time that was measured elsewhere to a stage. */
  public void add(String stage, Duration elapsed) {
    nanos.merge(stage, elapsed.toNanos(), Long::sum);
  }

  /** Adds the times of a sliding window whose sink makes labels. */
  void add(SlidingWindow.Spent spent) {
    add("network", spent.network());
    add("blend", spent.blend());
    add("resample", spent.sink());
  }

  /** Reports progress of a stage, and with it that of the whole work. */
  public void progress(String stage, int done, int total) {
    progress.progress(stage, done, total);
    double before = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      if (share.getKey().equals(stage)) {
        overall(before + share.getValue() * done / Math.max(1, total));
        return;
      }
      before += share.getValue();
    }
  }

  /** Reports how much of the whole work is done; what is not more than before is not told. */
  public void overall(double fraction) {
    if (Math.min(1, fraction) > overall) {
      overall = Math.min(1, fraction);
      progress.overall(overall);
    }
  }

  /** Returns what was measured so far, in the order in which stages first ran. */
  public List<StageTiming> timings() {
    return nanos.entrySet().stream()
        .map(one -> new StageTiming(one.getKey(), Duration.ofNanos(one.getValue())))
        .toList();
  }
}
