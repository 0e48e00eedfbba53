package dev.lss.core.inference;

import dev.lss.core.image.Slabs;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * One parallel loop. Threads claim slabs until none is left; a thread that comes late finds none
 * and leaves, so that the loop never waits for a helper that has not begun. Thread-safe.
 */
final class SlabRun {

  private final int count;
  private final int slabs;
  private final Slabs.Slab slab;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch open;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  SlabRun(int count, int slabs, Slabs.Slab slab) {
    this.count = count;
    this.slabs = slabs;
    this.slab = slab;
    open = new CountDownLatch(slabs);
  }

  int slabs() {
    return slabs;
  }

  /** Claims and works on slabs; after a failure or a cancellation they are claimed and left. */
  void work(BooleanSupplier cancelled) {
    for (int s = next.getAndIncrement(); s < slabs; s = next.getAndIncrement()) {
      try {
        if (failure.get() == null && !cancelled.getAsBoolean()) {
          slab.run(bound(s), bound(s + 1));
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        open.countDown();
      }
    }
  }

  private int bound(int s) {
    return (int) ((long) count * s / slabs);
  }

  /** Waits for all slabs; an interrupt is kept for later, because slabs still write. */
  void await() {
    boolean interrupted = false;
    while (true) {
      try {
        open.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }
}
