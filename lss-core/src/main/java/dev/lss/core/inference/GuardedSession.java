package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.TensorSpec;
import java.nio.FloatBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A session that cannot be misused: {@link #close} waits for running tiles, a run after it is an
 * {@link IllegalStateException}, shapes are checked before native code sees them (a wrong one ends
 * the process in some runtimes), and a result that is not finite is an error and not a label.
 * Thread-safe.
 */
public final class GuardedSession implements InferenceSession {

  private static final int CHUNK = 1 << 14;
  private static final int INFINITY_BITS = 0x7f800000;

  private final InferenceSession session;
  private final String name;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Guards a session, which belongs to the guard from now on.
   *
   * @param session the session
   * @param name name of the model for messages, such as {@code ct-vertebrae/localizer}
   */
  public GuardedSession(InferenceSession session, String name) {
    this.session = session;
    this.name = name;
  }

  /**
   * Opens a model with a backend and guards it.
   *
   * @throws BackendException {@code FORMAT_UNSUPPORTED} when the model is a file of a format that
   *     the backend does not open, or as {@link InferenceBackend#open}
   */
  public static GuardedSession open(
      InferenceBackend backend, ModelSource model, SessionConfig config) {
    if (model instanceof ModelSource.Opaque opaque
        && !backend.formats().contains(opaque.format())) {
      throw new BackendException(
          "FORMAT_UNSUPPORTED",
          "%s is a file of the format %s, which the backend %s does not open; it opens %s"
              .formatted(opaque.name(), opaque.format(), backend.id(), backend.formats()));
    }
    return new GuardedSession(backend.open(model, config), model.name());
  }

  @Override
  public TensorSpec input() {
    return session.input();
  }

  @Override
  public TensorSpec output() {
    return session.output();
  }

  /**
   * Runs the model once.
   *
   * @throws IllegalStateException when the session is closed
   * @throws BackendException {@code WRONG_SHAPE} when a tensor does not fit, {@code NUMERIC} when
   *     the result holds NaN or infinity, or what the runtime reports
   */
  @Override
  public void run(FloatTensor in, FloatTensor out) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session of " + name + " is closed");
      }
      session.input().check(in.shape());
      session.output().check(out.shape());
      if (in.shape().get(0) != out.shape().get(0)) {
        throw new BackendException(
            "WRONG_SHAPE",
            "%s: input %s and output %s differ in the number of samples"
                .formatted(name, in.shape(), out.shape()));
      }
      session.run(in, out);
      refuseNonFinite(out.data());
    } finally {
      lock.readLock().unlock();
    }
  }

  private void refuseNonFinite(FloatBuffer values) {
    float[] chunk = new float[CHUNK];
    for (int at = 0; at < values.capacity(); at += CHUNK) {
      int n = Math.min(CHUNK, values.capacity() - at);
      values.get(at, chunk, 0, n);
      if (largestMagnitudeBits(chunk, n) >= INFINITY_BITS) {
        throw new BackendException(
            "NUMERIC",
            name + " gave a result that is not finite; the input or the weights are damaged");
      }
    }
  }

  /** Those of finite floats are below infinity's, which are below those of NaN. */
  private static int largestMagnitudeBits(float[] values, int count) {
    int largest = 0;
    for (int n = 0; n < count; n++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[n]) & 0x7fffffff);
    }
    return largest;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
