package dev.lss.backend.djl;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs networks with PyTorch, through DJL, on the CPU or on NVIDIA GPUs. Stateless and thread-safe;
 * native code loads in probe or open.
 *
 * <p>{@link SessionConfig#threads} holds for the runs of that session: PyTorch keeps the number for
 * each calling thread, and every run sets it for its own. After a run the calling thread keeps the
 * number, which an application that calls PyTorch itself from the same thread would notice.
 *
 * <p>A session that is never closed keeps its weights until the process ends; tensors of a run are
 * released when it returns.
 *
 * <p>No type of DJL is named here, so that the class loads, and {@link #probe} can explain, where
 * DJL is missing.
 */
public final class DjlBackend implements InferenceBackend {

  /** Creates the backend; touches no native code. */
  public DjlBackend() {}

  @Override
  public String id() {
    return "djl";
  }

  @Override
  public int spiVersion() {
    return InferenceBackend.SPI_VERSION;
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.TORCHSCRIPT);
  }

  @Override
  public Set<Precision> precisions() {
    return Set.of(Precision.FP32, Precision.BF16);
  }

  @Override
  public BackendStatus probe() {
    try {
      return new Available(PyTorchLibrary.version(), PyTorchLibrary.devices());
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable(reason(e), Optional.of(e));
    }
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    List<Device> devices;
    try {
      devices = PyTorchLibrary.devices();
    } catch (LinkageError | RuntimeException e) {
      throw new BackendException("BACKEND_UNAVAILABLE", reason(e), e);
    }
    if (!devices.contains(config.device())) {
      throw new BackendException(
          "DEVICE_UNAVAILABLE",
          ("%s was asked to run on %s, but PyTorch has %s here: a GPU needs its driver and a"
                  + " PyTorch built for it on the class path; or ask for cpu or auto")
              .formatted(model.name(), config.device(), devices));
    }
    return model instanceof ModelSource.Described described
        ? DescribedNetwork.load(described, config)
        : OpaqueNetwork.load((ModelSource.Opaque) model, config);
  }

  /**
   * Writes a TorchScript archive that runs on every device. What {@link #open} makes of the network
   * differs from it where a device has faster operators for the same layers.
   */
  @Override
  public void export(ModelSource.Described model, ModelFormat format, OutputStream out)
      throws IOException {
    if (!format.equals(ModelFormat.TORCHSCRIPT)) {
      throw new BackendException(
          "EXPORT_UNSUPPORTED",
          "the backend djl writes %s files, not %s".formatted(ModelFormat.TORCHSCRIPT, format));
    }
    NetworkToTorchScript.translate(model.network(), model.weights(), Target.ANY, out);
  }

  /** Says in a sentence why PyTorch does not load, and what to do. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
      return "DJL is not complete on the class path (%s): add ai.djl.pytorch:pytorch-engine"
          .formatted(root.getMessage());
    }
    if (root instanceof PyTorchLibrary.Missing) {
      return String.valueOf(root.getMessage());
    }
    if (root instanceof UnsatisfiedLinkError
        && String.valueOf(root.getMessage()).contains("another classloader")) {
      return "PyTorch is loaded by another class loader of this JVM, and a JVM loads it once: put"
          + " DJL where both find it";
    }
    return ("PyTorch did not load (%s). Its libraries, 430 MB, are unpacked into %s, or where"
            + " DJL_CACHE_DIR says, which must be writable and allow execution; this is %s %s")
        .formatted(
            root, NativeCache.root(), System.getProperty("os.arch"), System.getProperty("os.name"));
  }
}
