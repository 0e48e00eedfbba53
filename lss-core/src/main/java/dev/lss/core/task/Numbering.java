package dev.lss.core.task;

import dev.lss.api.image.LabelVolume;

/** How another program numbers structures in its label maps. Stateless and thread-safe. */
public interface Numbering {

  /** Returns the name to choose it by, such as {@code TotalSegmentator}. */
  String name();

  /**
   * Returns the labels with the values of the task; what it does not know becomes background.
   *
   * @throws dev.lss.api.InvalidStudyException {@code UNKNOWN_SIDE} when the side of a structure is
   *     told by its place alone and cannot be
   */
  LabelVolume renumber(LabelVolume labels);
}
