package dev.lss.api;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A switch that asks running work to stop, which it does within a second. Where the runtime cannot
 * be stopped within a tile that takes longer, the networks that work on it are given up, and the
 * segmenter must be opened again. Thread-safe; once set it stays set.
 */
public final class CancellationToken {

  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** Creates a token that is not set. */
  public CancellationToken() {}

  /** Asks the work to stop. */
  public void cancel() {
    cancelled.set(true);
  }

  /** Returns whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled.get();
  }

  /**
   * Stops the calling work when this token is set or its thread was interrupted; the interrupt flag
   * stays set.
   *
   * @throws CancelledException when the work must stop
   */
  public void throwIfCancelled() {
    if (isCancelled() || Thread.currentThread().isInterrupted()) {
      throw new CancelledException("CANCELLED", "the work was cancelled");
    }
  }
}
