package dev.lss.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.lss.spi.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loads PyTorch's native library once, through DJL, without network and without litter.
 *
 * <p>Left alone, DJL calls home when its class {@code Engine} is touched, and downloads a native
 * library that it does not find. So its switches for both are set before, unless the application
 * has set them, and a library that is not on the class path is refused here. DJL unpacks the
 * library into a lasting folder; that folder is ours and is checked first, see {@link NativeCache}.
 * An application that names a PyTorch of its own in {@code PYTORCH_LIBRARY_PATH} gets that one.
 */
final class PyTorchLibrary {

  /** What is missing, as a sentence with a remedy. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
    }
  }

  private static final String VERSION = "2.7.1";

  private static Optional<Engine> loaded = Optional.empty();
  private static Optional<RuntimeException> failure = Optional.empty();
  private static List<Device> devices = List.of();

  private PyTorchLibrary() {}

  /** Returns the version of PyTorch, after loading it. */
  static String version() {
    return engine().getVersion();
  }

  /** Returns the devices that PyTorch can use here, best first. */
  static synchronized List<Device> devices() {
    engine();
    return devices;
  }

  /** Returns whether convolutions on the CPU have oneDNN. */
  static boolean hasOneDnn() {
    engine();
    return JniUtils.getFeatures().contains("MKLDNN");
  }

  /**
   * Returns DJL's engine; the first call loads the library, and what it fails with is what every
   * later call fails with, because DJL does not try twice either.
   */
  static synchronized Engine engine() {
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (loaded.isEmpty()) {
      try {
        Engine engine = load(PyTorchLibrary.class.getClassLoader());
        devices = usable(engine);
        loaded = Optional.of(engine);
      } catch (IOException e) {
        failure = Optional.of(new IllegalStateException(e.getMessage(), e));
        throw failure.get();
      } catch (RuntimeException | LinkageError e) {
        failure = Optional.of(e instanceof RuntimeException r ? r : new IllegalStateException(e));
        throw failure.get();
      }
    }
    return loaded.get();
  }

  private static Engine load(ClassLoader loader) throws IOException {
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
    if (loader.getResource("ai/djl/pytorch/engine/PtEngine.class") == null) {
      throw new Missing(
          "DJL's PyTorch engine is not on the class path: add ai.djl.pytorch:pytorch-engine");
    }
    boolean own = NativeCache.setting("PYTORCH_LIBRARY_PATH").isPresent();
    Path root = NativeCache.root();
    if (!own) {
      NativeCache.prepare(root, require(loader), loader);
    }
    boolean ours =
        NativeCache.setting("ENGINE_CACHE_DIR").isEmpty()
            && NativeCache.setting("DJL_CACHE_DIR").isEmpty();
    // DJL looks for its engines and libraries through the thread's class loader, which in an
    // application with plug-ins is another one.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      thread.setContextClassLoader(loader);
      if (ours) {
        System.setProperty("ENGINE_CACHE_DIR", root.toString());
      }
      return Engine.getEngine("PyTorch");
    } finally {
      thread.setContextClassLoader(before);
      if (ours) {
        System.clearProperty("ENGINE_CACHE_DIR");
      }
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Natives require(ClassLoader loader) throws IOException {
    Natives natives =
        Natives.find(loader)
            .orElseThrow(
                () ->
                    new Missing(
                        "PyTorch's native library for %s is not on the class path: add"
                                .formatted(Natives.here())
                            + " ai.djl.pytorch:pytorch-native-cpu:%s:%s"
                                .formatted(VERSION, Natives.here())));
    if (!natives.version().startsWith(VERSION)) {
      throw new Missing(
          "the native PyTorch on the class path is %s, DJL needs %s: add"
                  .formatted(natives.version(), VERSION)
              + " ai.djl.pytorch:pytorch-native-cpu:%s:%s instead"
                  .formatted(VERSION, Natives.here()));
    }
    if (loader.getResource(natives.bridge()) == null) {
      throw new Missing(
          "DJL's native library for PyTorch (%s) is not on the class path: add"
                  .formatted(natives.bridge())
              + " ai.djl.pytorch:pytorch-jni in the version of pytorch-engine");
    }
    return natives;
  }

  /** A list of GPUs says nothing about PyTorch, so each is tried. */
  private static List<Device> usable(Engine engine) {
    List<Device> usable = new ArrayList<>();
    for (int index = 0; index < engine.getGpuCount(); index++) {
      Device device = new Device(Device.Kind.CUDA, index);
      try (NDManager manager = engine.newBaseManager(toDjl(device))) {
        manager.zeros(new Shape(1)).close();
        usable.add(device);
      } catch (RuntimeException e) {
        System.getLogger("dev.lss.backend.djl")
            .log(System.Logger.Level.DEBUG, "PyTorch cannot use " + device, e);
      }
    }
    usable.add(Device.CPU);
    return List.copyOf(usable);
  }

  static ai.djl.Device toDjl(Device device) {
    return device.kind() == Device.Kind.CUDA
        ? ai.djl.Device.gpu(device.index())
        : ai.djl.Device.cpu();
  }

  /**
   * Sets how the calling thread runs: with this many threads, and without the optimiser of graphs,
   * whose first runs of every size are slow.
   *
   * <p>PyTorch keeps the number for each thread that calls it, and gives a thread that it has not
   * seen the number that was set last by any. Asking for it first makes the thread known, so that
   * what is set then is what counts, whatever other threads set.
   */
  static void configureThread(int threads) {
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
    JniUtils.setGraphExecutorOptimize(false);
  }
}
