package dev.lss.bench;

import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.TensorSpec;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A backend that adds up the wall time of its networks; otherwise the one that it wraps. The
 * pipeline has one tile in the runtime at a time, so the sum is the time in which any network ran.
 * Thread-safe.
 */
final class TimedBackend implements InferenceBackend {

  private final InferenceBackend backend;
  private final AtomicLong nanos = new AtomicLong();

  TimedBackend(InferenceBackend backend) {
    this.backend = backend;
  }

  /** Returns the time since the last call of this method, in nanoseconds. */
  long takeNanos() {
    return nanos.getAndSet(0);
  }

  @Override
  public String id() {
    return backend.id();
  }

  @Override
  public int spiVersion() {
    return backend.spiVersion();
  }

  @Override
  public Set<ModelFormat> formats() {
    return backend.formats();
  }

  @Override
  public Set<Precision> precisions() {
    return backend.precisions();
  }

  @Override
  public BackendStatus probe() {
    return backend.probe();
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    return new TimedSession(backend.open(model, config));
  }

  private final class TimedSession implements InferenceSession {

    private final InferenceSession session;

    private TimedSession(InferenceSession session) {
      this.session = session;
    }

    @Override
    public TensorSpec input() {
      return session.input();
    }

    @Override
    public TensorSpec output() {
      return session.output();
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      long start = System.nanoTime();
      try {
        session.run(in, out);
      } finally {
        nanos.addAndGet(System.nanoTime() - start);
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
