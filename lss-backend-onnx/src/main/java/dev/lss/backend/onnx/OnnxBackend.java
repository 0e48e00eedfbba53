package dev.lss.backend.onnx;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs networks with ONNX Runtime on the CPU. Stateless and thread-safe; native code loads in probe
 * or open.
 *
 * <p>No type of ONNX Runtime is named here, so that the class loads, and {@link #probe} can
 * explain, where the runtime is missing.
 */
public final class OnnxBackend implements InferenceBackend {

  /** Creates the backend; touches no native code. */
  public OnnxBackend() {}

  @Override
  public String id() {
    return "onnx";
  }

  @Override
  public int spiVersion() {
    return InferenceBackend.SPI_VERSION;
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.ONNX);
  }

  @Override
  public BackendStatus probe() {
    try {
      return new Available(OnnxRuntimeLibrary.version(), List.of(Device.CPU));
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable(reason(e), Optional.of(e));
    }
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    if (config.device().kind() != Device.Kind.CPU) {
      throw new BackendException(
          "DEVICE_UNAVAILABLE",
          "%s was asked to run on %s, but lss-backend-onnx runs on the CPU only: ask for cpu or auto"
              .formatted(model.name(), config.device()));
    }
    if (!precisions().contains(config.precision())) {
      throw new BackendException(
          "PRECISION_UNSUPPORTED",
          "%s was asked to run in %s, but lss-backend-onnx runs in fp32 only: ask for fp32, or for"
                  .formatted(model.name(), config.precision())
              + " another backend");
    }
    Optional<OnnxFile> file =
        model instanceof ModelSource.Opaque opaque
            ? Optional.of(OnnxFile.checked(opaque))
            : Optional.empty();
    try {
      OnnxRuntimeLibrary.load();
    } catch (LinkageError | RuntimeException e) {
      throw new BackendException("BACKEND_UNAVAILABLE", reason(e), e);
    }
    return OnnxSession.load(model, file, config);
  }

  @Override
  public void export(ModelSource.Described model, ModelFormat format, OutputStream out)
      throws IOException {
    if (!format.equals(ModelFormat.ONNX)) {
      throw new BackendException(
          "EXPORT_UNSUPPORTED",
          "the backend onnx writes %s files, not %s".formatted(ModelFormat.ONNX, format));
    }
    out.write(NetworkToOnnx.translate(model.network(), model.weights()));
  }

  /** Says in a sentence why the runtime does not load, and what to do. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof ClassNotFoundException) {
      return "ONNX Runtime is not on the class path: add com.microsoft.onnxruntime:onnxruntime";
    }
    return ("ONNX Runtime did not load (%s). It has libraries for x64 Linux and Windows and for"
            + " aarch64 Linux and macOS, this is %s %s; they are unpacked into java.io.tmpdir (%s),"
            + " which must exist, be writable and allow execution")
        .formatted(
            root,
            System.getProperty("os.arch"),
            System.getProperty("os.name"),
            System.getProperty("java.io.tmpdir"));
  }
}
