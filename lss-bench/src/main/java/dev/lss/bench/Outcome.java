package dev.lss.bench;

import java.util.OptionalLong;

/** What came of one case: figures, or the reason why there are none. Immutable. */
public sealed interface Outcome {

  /**
   * Figures of one case, all wall time in milliseconds.
   *
   * @param runtime version of the runtime
   * @param device device that ran, such as {@code cpu}
   * @param coldStartMs from nothing native loaded to the first session open; the start of the JVM
   *     and the reading of the model file are not in it
   * @param forwardMedianMs one call of the fine network with one patch, median of the runs
   * @param forwardBestMs the same, the fastest of the runs
   * @param pipelineMs the whole segmentation of the CT in memory, the fastest of the runs
   * @param networkMs how much of that run at least one network was running
   * @param peakBytes resident peak of the process, heap and native together; empty where the system
   *     keeps none
   */
  record Measured(
      String runtime,
      String device,
      double coldStartMs,
      double forwardMedianMs,
      double forwardBestMs,
      double pipelineMs,
      double networkMs,
      OptionalLong peakBytes)
      implements Outcome {

    /**
     * Returns the wall time of our stages: all that the pipeline took while no network was running.
     * Work beside a running network costs no time here.
     */
    public double aroundMs() {
      return pipelineMs - networkMs;
    }
  }

  /**
   * No figures.
   *
   * @param reason a sentence
   */
  record Failed(String reason) implements Outcome {}
}
