package dev.lss.examples.cli;

import dev.lss.api.CancellationToken;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into a cancellation while it is open. The process waits a few seconds for the work
 * to stop between two tiles and to remove its temporary files, or for a result that is being
 * written; then it ends, with the exit code 130 that the JVM gives to an interrupt.
 */
final class Interruption implements AutoCloseable {

  private enum Stage {
    WORKING,
    WRITING,
    COMPLETE
  }

  private static final int GRACE_SECONDS = 10;

  private final CancellationToken token = new CancellationToken();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final PrintWriter err;
  private Stage stage = Stage.WORKING;
  private final Thread hook = new Thread(this::cancelAndWait, "lss-interruption");

  private Interruption(PrintWriter err) {
    this.err = err;
  }

  /** Starts to listen. */
  static Interruption listen(PrintWriter err) {
    Interruption interruption = new Interruption(err);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Returns the token that Ctrl-C sets. */
  CancellationToken token() {
    return token;
  }

  /**
   * Begins to write the result; from now on Ctrl-C waits until it is complete.
   *
   * @throws dev.lss.api.CancelledException when Ctrl-C came before
   */
  synchronized void beginWriting() {
    token.throwIfCancelled();
    stage = Stage.WRITING;
  }

  /** Says that the result is complete. */
  synchronized void complete() {
    stage = Stage.COMPLETE;
  }

  private synchronized boolean isComplete() {
    return stage == Stage.COMPLETE;
  }

  private void cancelAndWait() {
    if (TerminalProgress.isTerminal()) {
      err.println(); // the bar's line has no end
    }
    tell(cancel());
    try {
      boolean ended = finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
      if (isComplete()) {
        tell("it is too late to stop; the result is complete");
      } else if (!ended) {
        tell("the work did not stop within " + GRACE_SECONDS + " s and is cut off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cancels what can be cancelled and returns what is to be said. */
  synchronized String cancel() {
    if (stage == Stage.WORKING) {
      token.cancel();
      return "stopping; no result is written";
    }
    return "stopping after the result, which is being written";
  }

  private void tell(String words) {
    err.println("lss: " + words);
    err.flush();
  }

  /** Stops to listen and lets a waiting shutdown go on. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Ctrl-C came first: the hook runs and has just been told to go on
    }
  }
}
