package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.core.image.Slabs;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which a segmenter prepares and blends images. Work is cut into slabs that write to
 * different voxels, so the result has the same bits for any number of threads. The calling thread
 * works too. Thread-safe; closing twice is harmless.
 */
public final class StagePool implements Slabs, AutoCloseable {

  private static final int SLABS_PER_THREAD = 4;
  private static final AtomicInteger POOLS = new AtomicInteger();

  private final int threads;
  private final ExecutorService helpers;

  /**
   * Starts a pool.
   *
   * @param threads threads that work at the same time, the calling one included; at least 1
   */
  public StagePool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
    this.threads = threads;
    int pool = POOLS.incrementAndGet();
    AtomicInteger number = new AtomicInteger();
    ThreadFactory daemons =
        work -> {
          Thread thread = new Thread(work, "lss-stage-" + pool + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), daemons);
  }

  /** Returns the number of threads that work at the same time. */
  public int threads() {
    return threads;
  }

  /** Works on all of {@code 0 <= index < count}; an interrupt of the calling thread cancels. */
  @Override
  public void forEach(int count, Slab slab) {
    forEach(count, new CancellationToken(), slab);
  }

  /**
   * Works on all of {@code 0 <= index < count} and returns when everything is done. Slabs that have
   * begun are finished even when one fails or the work is cancelled.
   *
   * @throws CancelledException when cancelled, by token or by an interrupt of the calling thread
   * @throws IllegalStateException when the pool is closed
   */
  public void forEach(int count, CancellationToken cancellation, Slab slab) {
    if (helpers.isShutdown()) {
      throw new IllegalStateException("the pool is closed");
    }
    SlabRun run = new SlabRun(count, Math.min(count, threads * SLABS_PER_THREAD), slab);
    try {
      for (int helper = 1; helper < Math.min(threads, run.slabs()); helper++) {
        helpers.execute(() -> run.work(cancellation::isCancelled));
      }
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: the calling thread does all the work, with the same result.
    }
    run.work(() -> cancellation.isCancelled() || Thread.currentThread().isInterrupted());
    run.await();
    cancellation.throwIfCancelled();
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
