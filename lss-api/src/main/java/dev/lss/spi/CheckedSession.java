package dev.lss.spi;

import dev.lss.api.BackendException;
import java.nio.FloatBuffer;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A session that cannot be misused, and the one place that says so: tensors are checked before
 * native code sees them (a wrong shape ends the process in some runtimes), runs may overlap, {@link
 * #close} waits for them, a run after it is an {@link IllegalStateException}, and a result that is
 * not finite is an error and not a label. Backends extend it; the sessions of those that do not are
 * wrapped in one. Thread-safe.
 */
public abstract class CheckedSession implements InferenceSession {

  private static final int CHUNK = 1 << 14;
  private static final int INFINITY_BITS = 0x7f800000;

  private final String name;
  private final TensorSpec input;
  private final TensorSpec output;

  /** Runs share it, close takes it alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Starts open.
   *
   * @param name name of the model for messages, such as {@code ct-vertebrae/localizer}
   * @param input what the input must look like
   * @param output what the output looks like
   */
  protected CheckedSession(String name, TensorSpec input, TensorSpec output) {
    this.name = name;
    this.input = input;
    this.output = output;
  }

  /** Returns the name of the model for messages. */
  protected final String name() {
    return name;
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
   * @throws BackendException {@code WRONG_SHAPE} when a tensor does not fit, {@code NUMERIC} when
   *     the result holds NaN or infinity, or what the runtime reports
   */
  @Override
  public final void run(FloatTensor in, FloatTensor out) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session of " + name + " is closed");
      }
      checkShapes(in.shape(), out.shape());
      runOpen(in, out);
      checkFinite(in.data(), out.data());
    } finally {
      lock.readLock().unlock();
    }
  }

  private void checkShapes(Shape in, Shape out) {
    input.check(in);
    output.check(out);
    if (in.get(0) != out.get(0)) {
      throw new BackendException(
          "WRONG_SHAPE",
          "%s: input %s and output %s differ in the number of samples".formatted(name, in, out));
    }
  }

  private void checkFinite(FloatBuffer in, FloatBuffer out) {
    if (isFinite(out)) {
      return;
    }
    throw new BackendException(
        "NUMERIC",
        isFinite(in)
            ? name
                + " gave a result that is not finite for an input that is: the values are beyond the"
                + " range of the network's arithmetic, or its weights are damaged"
            : name
                + " was given an input that holds NaN or infinity, so its result does too: give"
                + " finite values");
  }

  private static boolean isFinite(FloatBuffer values) {
    float[] chunk = new float[CHUNK];
    for (int at = 0; at < values.capacity(); at += CHUNK) {
      int n = Math.min(CHUNK, values.capacity() - at);
      values.get(at, chunk, 0, n);
      if (largestMagnitudeBits(chunk, n) >= INFINITY_BITS) {
        return false;
      }
    }
    return true;
  }

  /** Those of finite floats are below infinity's, which are below those of NaN. */
  private static int largestMagnitudeBits(float[] values, int count) {
    int largest = 0;
    for (int n = 0; n < count; n++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[n]) & 0x7fffffff);
    }
    return largest;
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
