package dev.lss.spi;

import dev.lss.api.BackendException;
import java.util.Set;

/**
 * Runs networks with one runtime. Stateless and thread-safe; native code loads in probe or open.
 */
public interface InferenceBackend {

  /** Returns the stable id, lower case, such as {@code onnx}. */
  String id();

  /** Returns the file formats that {@link #open} takes beside networks. */
  Set<ModelFormat> formats();

  /** Tries the runtime and tells whether it works here. Never throws. */
  BackendStatus probe();

  /**
   * Loads a model.
   *
   * @throws BackendException when the runtime is missing or refuses the model, with the reason
   */
  InferenceSession open(ModelSource model, SessionConfig config);
}
