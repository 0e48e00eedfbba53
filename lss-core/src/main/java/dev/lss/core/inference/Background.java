package dev.lss.core.inference;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One thread beside the calling one, for one piece of work at a time. */
final class Background implements AutoCloseable {

  private final ExecutorService thread;

  Background(String name) {
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Starts a piece of work. */
  Work start(Runnable work) {
    return new Work(
        thread,
        thread.submit(
            () -> {
              long start = System.nanoTime();
              work.run();
              return System.nanoTime() - start;
            }));
  }

  /** A piece of work that was started. */
  record Work(ExecutorService thread, Future<Long> nanos) {

    /**
     * Waits for the end and returns how many nanoseconds it took; what the work throws is thrown
     * here. An interrupt of the calling thread is handed on to the work, which ends as it can.
     */
    long await() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return nanos.get();
          } catch (InterruptedException e) {
            interrupted = true;
            thread.shutdownNow();
          }
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        if (e.getCause() instanceof Error failure) {
          throw failure;
        }
        throw new IllegalStateException(e);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Waits for a running piece of work, and hands an interrupt of the calling thread on to it. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
        thread.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
