package dev.lss.api;

import dev.lss.api.model.ModelDescription;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * Segments the frames of a clip one after the other: planes of one kind, never a volume whose
   * third axis is time. The network stays loaded and its buffers are reused.
   *
   * @param frames the frames in the order of time, at least one; each is asked for once, so that a
   *     list may read it from a file then
   * @param progress hears of every finished frame, as the stage {@code frames}
   * @param cancellation looked at between frames and, as in {@link #segment}, within them
   * @throws InvalidStudyException {@code EMPTY_CLIP} without frames; as {@link #segment}
   */
  default ClipResult segmentClip(
      List<LumbarStudy> frames, ProgressListener progress, CancellationToken cancellation) {
    if (frames.isEmpty()) {
      throw new InvalidStudyException("EMPTY_CLIP", "a clip holds at least one frame");
    }
    List<SegmentationResult> results = new ArrayList<>();
    progress.progress("frames", 0, frames.size());
    for (LumbarStudy frame : frames) {
      cancellation.throwIfCancelled();
      results.add(segment(frame, ProgressListener.NONE, cancellation));
      progress.progress("frames", results.size(), frames.size());
    }
    return new ClipResult(results);
  }

  @Override
  void close();
}
