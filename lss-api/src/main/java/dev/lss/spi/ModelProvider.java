package dev.lss.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Brings model packages that lie on the class path or module path. Found by {@code ServiceLoader};
 * opening a file of a package is the provider's task, because resources are encapsulated in a
 * module. Thread-safe.
 */
public interface ModelProvider {

  /** Returns the ids of the packages, such as {@code ct-vertebrae}. */
  List<String> modelIds();

  /**
   * Opens one file of a package; the caller closes it.
   *
   * @param modelId one of {@link #modelIds}
   * @param path path inside the package, such as {@code lss-model.json}
   * @throws IOException when there is no such file or it cannot be read
   */
  InputStream open(String modelId, String path) throws IOException;
}
