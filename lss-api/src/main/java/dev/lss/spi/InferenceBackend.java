package dev.lss.spi;

import dev.lss.api.BackendException;
import dev.lss.api.model.ModelFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

/**
 * Runs networks with one runtime. Stateless and thread-safe; native code loads in probe or open.
 */
public interface InferenceBackend {

  /**
   * The version of this interface and of what it is made of: sessions, sources and layers. It
   * changes when a backend that was compiled against another one could not run; additions do not
   * change it.
   */
  int SPI_VERSION = 1;

  /** Returns the stable id, lower case, such as {@code onnx}. */
  String id();

  /**
   * Returns {@link #SPI_VERSION}. Compiling copies the number into the backend's class, so this
   * tells what the backend was compiled against; one of another version is not used.
   */
  int spiVersion();

  /** Returns the file formats that {@link #open} takes beside networks. */
  Set<ModelFormat> formats();

  /** Returns the arithmetic that {@link #open} offers; {@code FP32} always. */
  default Set<Precision> precisions() {
    return Set.of(Precision.FP32);
  }

  /** Tries the runtime and tells whether it works here. Never throws. */
  BackendStatus probe();

  /**
   * Loads a model. What is asked for works or is an error; nothing falls back.
   *
   * @throws BackendException when the runtime is missing or refuses the model, with the reason;
   *     {@code DEVICE_UNAVAILABLE} when the device is not there, {@code PRECISION_UNSUPPORTED} when
   *     the precision is not offered
   */
  InferenceSession open(ModelSource model, SessionConfig config);

  /**
   * Writes a network with its weights as one self-contained file, layer by layer; {@link #open} may
   * write it otherwise for speed, with the same result up to rounding. Needs no native code.
   *
   * @param model the network
   * @param format format of the file
   * @param out takes the file; stays open
   * @throws IOException when it cannot be written to
   * @throws BackendException {@code EXPORT_UNSUPPORTED} when this backend does not write the format
   */
  default void export(ModelSource.Described model, ModelFormat format, OutputStream out)
      throws IOException {
    throw new BackendException(
        "EXPORT_UNSUPPORTED",
        "the backend %s does not write %s files, asked for %s"
            .formatted(id(), format, model.name()));
  }
}
