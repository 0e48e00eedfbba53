package dev.lss.spi;

import dev.lss.api.BackendException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What sessions of backends have in common: tensors are checked before native code sees them, runs
 * may overlap, and closing waits for them, because closing under a run would end the process.
 */
public abstract class CheckedSession implements InferenceSession {

  private final TensorSpec input;
  private final TensorSpec output;

  /** Runs share it, close takes it alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  /** Starts open. */
  protected CheckedSession(TensorSpec input, TensorSpec output) {
    this.input = input;
    this.output = output;
  }

  @Override
  public final TensorSpec input() {
    return input;
  }

  @Override
  public final TensorSpec output() {
    return output;
  }

  /**
   * Runs the model once.
   *
   * @throws IllegalStateException when the session is closed
   * @throws BackendException {@code WRONG_SHAPE} when a tensor does not fit, or what the runtime
   *     reports
   */
  @Override
  public final void run(FloatTensor in, FloatTensor out) {
    input.check(in.shape());
    output.check(out.shape());
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session is closed");
      }
      runOpen(in, out);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Runs the model; each tensor fits its specification, and the session stays open meanwhile. */
  protected abstract void runOpen(FloatTensor in, FloatTensor out);

  @Override
  public final void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Releases what the session holds; called once, when no run is left. */
  protected abstract void release();
}
