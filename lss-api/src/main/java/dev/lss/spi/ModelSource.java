package dev.lss.spi;

import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import java.nio.file.Path;

/** What a backend loads. Immutable. */
public sealed interface ModelSource {

  /** Returns a name for messages, such as {@code ct-vertebrae/localizer}. */
  String name();

  /**
   * A network description that the backend translates.
   *
   * @param name name for messages
   * @param network the layers
   * @param weights their tensors; must stay readable until the session is open
   */
  record Described(String name, Network network, Weights weights) implements ModelSource {}

  /**
   * A file in the backend's own format.
   *
   * @param path the file
   * @param format its format
   */
  record OpaqueFile(Path path, ModelFormat format) implements ModelSource {
    @Override
    public String name() {
      return String.valueOf(path.getFileName());
    }
  }
}
