package dev.lss.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import dev.lss.api.BackendException;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One loaded module with a single float input and a single float output, which are copied. Every
 * run has a manager of DJL's of its own, whose tensors are released when it returns. Thread-safe.
 */
final class DjlSession implements InferenceSession {

  private final LoadedModule module;
  private final int threads;
  private final TensorSpec input;
  private final TensorSpec output;

  /** Runs share it, close takes it alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** Memory that runs hand their input over in: one for each run at a time. */
  private final Queue<ByteBuffer> staging = new ConcurrentLinkedQueue<>();

  private boolean closed;

  /** Takes the module over. */
  DjlSession(LoadedModule module, int threads, TensorSpec input, TensorSpec output) {
    this.module = module;
    this.threads = threads;
    this.input = input;
    this.output = output;
  }

  @Override
  public TensorSpec input() {
    return input;
  }

  @Override
  public TensorSpec output() {
    return output;
  }

  @Override
  public void run(FloatTensor in, FloatTensor out) {
    input.check(in.shape());
    output.check(out.shape());
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session is closed");
      }
      ByteBuffer staged = staged(in);
      runOpen(staged, in.shape(), out);
      staging.add(staged);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** DJL takes a direct buffer of bytes as it is; one of floats it would copy into a new one. */
  private ByteBuffer staged(FloatTensor in) {
    int bytes = Math.multiplyExact(in.shape().size(), Float.BYTES);
    ByteBuffer free = staging.poll();
    ByteBuffer staged =
        free != null && free.capacity() == bytes
            ? free
            : ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    staged.asFloatBuffer().put(in.data().duplicate().clear());
    return staged;
  }

  private void runOpen(ByteBuffer staged, Shape shape, FloatTensor out) {
    PyTorchLibrary.configureThread(threads);
    try (PtNDManager scope = module.newScope()) {
      NDArray result = module.run(scope, staged, shape).singletonOrThrow();
      if (!LoadedModule.shape(result).equals(out.shape())
          || result.getDataType() != DataType.FLOAT32) {
        throw new BackendException(
            "WRONG_SHAPE",
            "input %s gives %s of %s, the output tensor is %s of float32"
                .formatted(shape, LoadedModule.shape(result), result.getDataType(), out.shape()));
      }
      out.data().duplicate().clear().put(result.toByteBuffer(true).asFloatBuffer());
    } catch (EngineException e) {
      throw new BackendException(
          "RUN_FAILED",
          "PyTorch failed on input %s, output %s: %s"
              .formatted(shape, out.shape(), LoadedModule.firstLine(e)),
          e);
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        staging.clear();
        module.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
