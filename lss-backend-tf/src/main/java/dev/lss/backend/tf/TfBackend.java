package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.BackendStatus.Unavailable;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/**
 * Runs networks with TensorFlow on the CPU, and on NVIDIA GPUs with the native libraries for them.
 * Stateless and thread-safe; native code loads in probe or open.
 *
 * <p>No type of TensorFlow is named in a signature here, so that the class loads, and {@link
 * #probe} can explain, where the runtime is missing.
 */
public final class TfBackend implements InferenceBackend {

  /** Creates the backend; touches no native code. */
  public TfBackend() {}

  @Override
  public String id() {
    return "tf";
  }

  @Override
  public int spiVersion() {
    return InferenceBackend.SPI_VERSION;
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.SAVEDMODEL);
  }

  @Override
  public Set<Precision> precisions() {
    return Set.of(Precision.FP32, Precision.BF16);
  }

  @Override
  public BackendStatus probe() {
    try {
      return new Available(TfLibrary.version(), TfLibrary.devices());
    } catch (LinkageError | RuntimeException e) {
      return new Unavailable(reason(e), Optional.of(e));
    }
  }

  @Override
  public InferenceSession open(ModelSource model, SessionConfig config) {
    if (model instanceof ModelSource.Opaque && config.precision() != Precision.FP32) {
      throw new BackendException(
          "PRECISION_UNSUPPORTED",
          "%s was asked to run in %s, but a SavedModel runs in the precision it was saved in: ask for"
                  .formatted(model.name(), config.precision())
              + " fp32");
    }
    try {
      TfLibrary.load();
    } catch (LinkageError | RuntimeException e) {
      throw new BackendException("BACKEND_UNAVAILABLE", reason(e), e);
    }
    if (!TfLibrary.works(config.device())) {
      throw new BackendException(
          "DEVICE_UNAVAILABLE",
          ("%s was asked to run on %s, but TensorFlow has only %s here: ask for one of these or"
                  + " auto; GPUs need tensorflow-core-native with the classifier linux-x86_64-gpu")
              .formatted(model.name(), config.device(), TfLibrary.devices()));
    }
    return TfSession.load(model, config);
  }

  @Override
  public void export(ModelSource.Described model, ModelFormat format, OutputStream out)
      throws IOException {
    if (!format.equals(ModelFormat.SAVEDMODEL)) {
      throw new BackendException(
          "EXPORT_UNSUPPORTED",
          "the backend tf writes %s files, not %s".formatted(ModelFormat.SAVEDMODEL, format));
    }
    SavedModelFile.write(
        NetworkToTf.translate(model.network(), model.weights(), Precision.FP32),
        model.network(),
        out);
  }

  /** Says in a sentence why the runtime does not load, and what to do. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof ClassNotFoundException) {
      return "TensorFlow is not on the class path: add org.tensorflow:tensorflow-core-api and, for"
          + " this platform, org.tensorflow:tensorflow-core-native";
    }
    return failure instanceof IllegalStateException
        ? String.valueOf(failure.getMessage())
        : "TensorFlow did not load (" + root + ")";
  }
}
