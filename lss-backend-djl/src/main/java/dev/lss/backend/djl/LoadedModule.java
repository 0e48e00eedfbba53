package dev.lss.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.lss.api.BackendException;
import dev.lss.spi.Device;
import dev.lss.spi.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A TorchScript module in PyTorch's memory, on one device. Thread-safe but for close. */
final class LoadedModule implements AutoCloseable {

  /**
   * Stack of the thread that loads. PyTorch's compiler calls itself for everything that is nested
   * and needs about 1 KB each time; a thread of Java's has 1 MB, and {@link ScriptCalls} lets more
   * pass than that is enough for.
   */
  private static final long STACK_BYTES = 64 << 20;

  private final PtNDManager manager;
  private final PtSymbolBlock block;

  private LoadedModule(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  /**
   * Loads an archive.
   *
   * @param name name for messages
   * @throws BackendException {@code MODEL_REFUSED} when PyTorch cannot load it
   */
  static LoadedModule load(String name, InputStream archive, Device device) {
    PtNDManager manager =
        (PtNDManager) PyTorchLibrary.engine().newBaseManager(PyTorchLibrary.toDjl(device));
    try {
      PtSymbolBlock block = loaded(manager, archive);
      JniUtils.enableInferenceMode(block);
      return new LoadedModule(manager, block);
    } catch (EngineException | IOException e) {
      manager.close();
      throw new BackendException(
          "MODEL_REFUSED", "PyTorch cannot load %s: %s".formatted(name, firstLine(e)), e);
    }
  }

  private static PtSymbolBlock loaded(PtNDManager manager, InputStream archive) throws IOException {
    FutureTask<PtSymbolBlock> loading =
        new FutureTask<>(() -> JniUtils.loadModule(manager, archive, true, false));
    new Thread(null, loading, "lss-torchscript", STACK_BYTES).start();
    boolean interrupted = false;
    while (true) {
      try {
        return loading.get();
      } catch (InterruptedException e) {
        interrupted = true; // PyTorch cannot be stopped; what it loads must be released
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException(e.getCause());
      } finally {
        if (interrupted && loading.isDone()) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Returns a manager for one run; what it owns is released when it is closed. */
  PtNDManager newScope() {
    return (PtNDManager) manager.newSubManager();
  }

  /**
   * Runs the module once.
   *
   * @param scope owns the results
   * @param input floats in native byte order; not copied on a CPU
   * @throws EngineException when PyTorch fails
   */
  NDList run(PtNDManager scope, ByteBuffer input, Shape shape) {
    NDArray x =
        scope.create(input, new ai.djl.ndarray.types.Shape(shape.toLongArray()), DataType.FLOAT32);
    NDList results = IValueUtils.forward(block, new NDList(x), false);
    results.attach(scope);
    return results;
  }

  /**
   * What a run gave.
   *
   * @param tensors how many tensors; shape and type are of the first
   */
  record Result(int tensors, Shape shape, DataType type) {}

  /**
   * Runs the module once on zeros.
   *
   * @throws EngineException when PyTorch fails, or when nothing comes out
   */
  Result trial(int channels, List<Integer> sizes) {
    List<Integer> dims = new ArrayList<>(List.of(1, channels));
    dims.addAll(sizes);
    Shape shape = new Shape(dims);
    ByteBuffer zeros =
        ByteBuffer.allocateDirect(Math.multiplyExact(shape.size(), Float.BYTES))
            .order(ByteOrder.nativeOrder());
    try (PtNDManager scope = newScope()) {
      NDList results = run(scope, zeros, shape);
      if (results.isEmpty()) {
        throw new EngineException("it gives no tensor");
      }
      NDArray first = results.get(0);
      return new Result(results.size(), shape(first), first.getDataType());
    }
  }

  static Shape shape(NDArray array) {
    return new Shape(
        Arrays.stream(array.getShape().getShape()).mapToObj(Math::toIntExact).toList());
  }

  /** PyTorch's messages go on with a stack of native code. */
  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
