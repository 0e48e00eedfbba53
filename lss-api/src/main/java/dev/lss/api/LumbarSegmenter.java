package dev.lss.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Segments studies with one model on one backend. Thread-safe; holds native memory until closed.
 * Closing waits for running segmentations and may be done twice; segmenting after it is an {@link
 * IllegalStateException}.
 */
public interface LumbarSegmenter extends AutoCloseable {

  /**
   * Segments one study. Finding nothing is a result with a notice, not an error.
   *
   * @param study the images; must hold every series that the task needs. Voxels must be finite
   * @param progress hears the progress, from one thread
   * @param cancellation looked at all the time, as is the calling thread's interrupt flag: the call
   *     ends within a second
   * @throws InvalidStudyException when a series is missing, its geometry cannot be used or a voxel
   *     is not finite
   * @throws ResourceException when the work would need more memory than allowed
   * @throws BackendException when the runtime fails
   * @throws CancelledException when cancelled
   * @throws IllegalStateException when the segmenter is closed
   */
  SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation);

  /** Segments one study without progress or cancellation by token. */
  default SegmentationResult segment(LumbarStudy study) {
    return segment(study, ProgressListener.NONE, new CancellationToken());
  }

  /**
   * Segments one study on another thread. Cancelling the future cancels the work, which then ends
   * between two tiles; errors of {@link #segment} complete the future exceptionally.
   *
   * @param study the images
   * @param progress hears the progress, from that thread
   * @param executor runs the segmentation
   */
  default CompletableFuture<SegmentationResult> segmentAsync(
      LumbarStudy study, ProgressListener progress, Executor executor) {
    return SegmentationFuture.start(this, study, progress, executor);
  }

  @Override
  void close();
}
