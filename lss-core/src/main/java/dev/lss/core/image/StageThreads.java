package dev.lss.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * How many threads a stage may use, and the executor that lends them.
 *
 * <p>A stage cuts its output into contiguous slabs, one per thread. No voxel's arithmetic depends
 * on where a cut falls, so the result has the same bits for every count. The calling thread works
 * too, and runs what the executor has not begun: a busy executor delays nothing and cannot block.
 * Immutable.
 *
 * @param threads slabs worked on at once, the caller's included; at least 1
 * @param executor lends the other threads; the caller of the stage owns and closes it
 */
public record StageThreads(int threads, Executor executor) {

  /** The calling thread alone. */
  public static final StageThreads CALLER_ONLY = new StageThreads(1, Runnable::run);

  /** Refuses fewer than one thread. */
  public StageThreads {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
  }

  /** Work on one slab. */
  @FunctionalInterface
  public interface SlabWork {

    /** Computes the output from {@code from} up to, and without, {@code to}. */
    void run(int from, int to);
  }

  /**
   * Runs {@code work} over all of {@code [0, count)}, and returns when all of it is done. An
   * exception of the first failing slab is passed on, after every slab has ended.
   */
  public void forSlabs(int count, SlabWork work) {
    int slabs = Math.min(threads, count);
    if (slabs <= 1) {
      if (count > 0) {
        work.run(0, count);
      }
      return;
    }
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int n = 0; n < slabs; n++) {
      int from = (int) ((long) count * n / slabs);
      int to = (int) ((long) count * (n + 1) / slabs);
      tasks.add(new FutureTask<>(() -> work.run(from, to), null));
    }
    tasks.subList(1, slabs).forEach(executor::execute);
    tasks.forEach(FutureTask::run); // no effect on a task that has begun elsewhere
    ExecutionException failure = null;
    boolean interrupted = false;
    for (FutureTask<Void> task : tasks) {
      while (true) {
        try {
          task.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // the slabs write to shared arrays: wait for them all the same
        } catch (ExecutionException e) {
          failure = failure == null ? e : failure;
          break;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure);
    }
  }
}
