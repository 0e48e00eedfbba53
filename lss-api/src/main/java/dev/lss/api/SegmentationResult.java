package dev.lss.api;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.LabelVolume;
import java.util.List;

/**
 * The outcome of one segmentation. Immutable.
 *
 * @param task the task that ran, such as {@code ct-vertebrae}
 * @param labels one label per voxel on the reference series' own grid; all background when nothing
 *     was found
 * @param labelTable what the label values stand for; lists every label the task can give, found or
 *     not
 * @param measurements what was measured on the labels
 * @param notices what is doubtful, in the order in which it was noticed; empty when nothing is
 * @param provenance what made the result
 * @param timings wall time per stage, in the order of the flow
 */
public record SegmentationResult(
    String task,
    LabelVolume labels,
    LabelTable labelTable,
    Measurements measurements,
    List<Notice> notices,
    Provenance provenance,
    List<StageTiming> timings) {

  /** Copies the lists. */
  public SegmentationResult {
    notices = List.copyOf(notices);
    timings = List.copyOf(timings);
  }

  /** Returns whether a notice with this code was given. */
  public boolean hasNotice(String code) {
    return notices.stream().anyMatch(n -> n.code().equals(code));
  }

  /** Returns whether any structure was found. */
  public boolean foundAnything() {
    return !labels.isBackground();
  }
}
