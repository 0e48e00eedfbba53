package dev.lss.examples.cli;

import dev.lss.api.CancellationToken;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into a cancellation while it is open. The process waits a few seconds for the work
 * to stop between two tiles and to remove its temporary files; then it ends, with the exit code 130
 * that the JVM gives to an interrupt.
 */
final class Interruption implements AutoCloseable {

  private static final int GRACE_SECONDS = 10;

  private final CancellationToken token = new CancellationToken();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final PrintWriter err;
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

  private void cancelAndWait() {
    if (TerminalProgress.isTerminal()) {
      err.println(); // the bar's line has no end
    }
    err.println("lss: stopping; no result is written");
    err.flush();
    token.cancel();
    try {
      if (!finished.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        err.println("lss: the work did not stop within " + GRACE_SECONDS + " s and is cut off");
        err.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
