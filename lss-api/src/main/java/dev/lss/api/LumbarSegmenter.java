package dev.lss.api;

import dev.lss.api.model.ModelDescription;

/**
 * Segments studies with one model on one backend. Thread-safe; holds native memory until closed.
 * Closing waits for running segmentations and may be done twice.
 */
public interface LumbarSegmenter extends AutoCloseable {

  /** Returns what the model segments, its licence and its size, without loading a runtime. */
  ModelDescription describe();

  /**
   * Segments one study. Finding nothing is a result with a notice, not an error.
   *
   * @param study the images; must hold every series role that the model asks for
   * @param progress hears the progress, from one thread
   * @param cancellation looked at between tiles, as is the calling thread's interrupt flag
   * @throws InvalidStudyException when a series is missing or its geometry cannot be used
   * @throws ResourceException when the work would need more memory than allowed
   * @throws BackendException when the runtime fails
   * @throws CancelledException when cancelled
   */
  SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation);

  /** Segments one study without progress or cancellation by token. */
  default SegmentationResult segment(LumbarStudy study) {
    return segment(study, ProgressListener.NONE, new CancellationToken());
  }

  @Override
  void close();
}
