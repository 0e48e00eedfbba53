package dev.lss.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A running segmentation whose work stops when the future is cancelled. */
final class SegmentationFuture extends CompletableFuture<SegmentationResult> {

  private final CancellationToken token = new CancellationToken();

  private SegmentationFuture() {}

  static SegmentationFuture start(
      LumbarSegmenter segmenter, LumbarStudy study, ProgressListener progress, Executor executor) {
    SegmentationFuture future = new SegmentationFuture();
    executor.execute(() -> future.run(segmenter, study, progress));
    return future;
  }

  private void run(LumbarSegmenter segmenter, LumbarStudy study, ProgressListener progress) {
    if (isDone()) {
      return; // cancelled before it began
    }
    try {
      complete(segmenter.segment(study, progress, token));
    } catch (RuntimeException | Error e) {
      completeExceptionally(e);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    // First the future: the work may end at once when it sees the token, and would then be what
    // completes the future.
    boolean isCancelled = super.cancel(mayInterruptIfRunning);
    token.cancel();
    return isCancelled;
  }
}
