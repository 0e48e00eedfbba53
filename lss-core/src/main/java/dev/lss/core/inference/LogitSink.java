package dev.lss.core.inference;

/** Takes the logits of an image as they become final. */
public interface LogitSink {

  /**
   * Takes the next slices along k. Calls come in ascending order without gaps, from 0 to the last
   * slice; what was handed over must be used before the call returns.
   *
   * @param logits the logits, of which the slices from {@code from - 1} (if there is one) to {@code
   *     to - 1} can be read
   * @param from first new slice
   * @param to behind the last one
   */
  void accept(LogitSlices logits, int from, int to);
}
