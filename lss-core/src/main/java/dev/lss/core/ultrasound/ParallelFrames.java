package dev.lss.core.ultrasound;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.ProgressListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Works on the frames of a clip with several threads, because one frame leaves processors idle.
 * Frames are asked for and progress is told by the calling thread alone; no more frames are held
 * than threads and one; results are in the order of the frames and do not depend on the threads.
 */
final class ParallelFrames {

  private static final String STAGE = "frames";

  private ParallelFrames() {}

  static <T, R> List<R> run(
      List<T> frames,
      int threads,
      Function<T, R> work,
      ProgressListener progress,
      CancellationToken cancellation) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "lss-frames");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<R> results = new ArrayList<>();
      Deque<Future<R>> running = new ArrayDeque<>();
      tell(progress, 0, frames.size());
      for (T frame : frames) {
        cancellation.throwIfCancelled();
        running.add(workers.submit(() -> work.apply(frame)));
        if (running.size() > threads) {
          results.add(result(running.remove()));
          tell(progress, results.size(), frames.size());
        }
      }
      while (!running.isEmpty()) {
        cancellation.throwIfCancelled();
        results.add(result(running.remove()));
        tell(progress, results.size(), frames.size());
      }
      return results;
    } finally {
      workers.shutdownNow(); // what still runs sees its interrupt flag
    }
  }

  private static void tell(ProgressListener progress, int done, int total) {
    progress.progress(STAGE, done, total);
    progress.overall((double) done / total);
  }

  private static <R> R result(Future<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("CANCELLED", "the work was cancelled", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("a frame failed", e);
    }
  }
}
