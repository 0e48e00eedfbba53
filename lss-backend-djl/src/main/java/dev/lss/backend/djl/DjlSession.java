package dev.lss.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import dev.lss.api.BackendException;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.RunEstimate;
import dev.lss.spi.Shape;
import dev.lss.spi.TensorSpec;
import dev.lss.spi.WorkingMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One loaded module with a single float input and a single float output, which are copied. Every
 * run has a manager of DJL's of its own, whose tensors are released when it returns. Thread-safe.
 */
final class DjlSession extends CheckedSession {

  private final LoadedModule module;
  private final int threads;
  private final Optional<RunEstimate> memory;

  /** Memory that runs hand their input over in: one for each run at a time. */
  private final Queue<ByteBuffer> staging = new ConcurrentLinkedQueue<>();

  /** Takes the module over. */
  DjlSession(String name, LoadedModule module, int threads, TensorSpec input, TensorSpec output) {
    super(name, input, output);
    this.module = module;
    this.threads = threads;
    this.memory = Optional.empty();
  }

  /** Takes the module of a described network over. */
  DjlSession(Described model, LoadedModule module, int threads) {
    super(model.name(), model.input(), model.output());
    this.module = module;
    this.threads = threads;
    this.memory = Optional.of(new RunEstimate(model.network(), false, DjlSession::estimate));
  }

  @Override
  protected void runOpen(FloatTensor in, FloatTensor out) {
    ByteBuffer staged = staged(in);
    run(staged, in.shape(), out);
    staging.add(staged);
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

  private void run(ByteBuffer staged, Shape shape, FloatTensor out) {
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

  /**
   * Measured for U-Nets of 8 to 32 features and tiles of 64 to 128 voxels: PyTorch takes what the
   * results of layers need, the output twice, and 70 to 220 MB; it gives all but the last back.
   */
  private static long estimate(long layers, long output) {
    return Math.max(layers, 2 * output) + (180L << 20);
  }

  @Override
  public Optional<WorkingMemory> workingMemory(Shape input) {
    return memory.map(known -> known.of(input));
  }

  @Override
  protected void release() {
    staging.clear();
    module.close();
  }
}
