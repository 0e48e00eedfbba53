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

  /**
   * Reports how much of the whole work is done, by what the stages usually take.
   *
   * @param fraction never less than before; 0 at the start, 1 when the result is there
   */
  default void overall(double fraction) {}
}
