package dev.lss.api;

/**
 * Hears how far the work is. Called from one thread at a time, between tiles; must return quickly.
 */
@FunctionalInterface
public interface ProgressListener {

  /** Hears nothing. */
  ProgressListener NONE = (stage, done, total) -> {};

  /**
   * Reports progress.
   *
   * @param stage name of the running stage, as in {@link StageTiming}
   * @param done units of work finished in this stage, 0 to total
   * @param total units of work in this stage, at least 1
   */
  void progress(String stage, int done, int total);
}
