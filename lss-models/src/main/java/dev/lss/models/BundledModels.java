package dev.lss.models;

import dev.lss.spi.ModelProvider;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Brings the model packages that lie in this jar. Stateless and thread-safe. */
public final class BundledModels implements ModelProvider {

  private static final String ROOT = "/META-INF/lss/models/";
  private static final List<String> IDS = List.of("ct-vertebrae", "mr-spine", "us-fascia");

  /** Creates the provider; {@code ServiceLoader} does so. */
  public BundledModels() {}

  @Override
  public List<String> modelIds() {
    return IDS;
  }

  /**
   * Opens one file of a package.
   *
   * @throws FileNotFoundException when the package holds no such file; a path that leaves the
   *     package names no file of it
   */
  @Override
  public InputStream open(String modelId, String path) throws IOException {
    if (IDS.contains(modelId) && isInside(path)) {
      InputStream file = BundledModels.class.getResourceAsStream(ROOT + modelId + "/" + path);
      if (file != null) {
        return file;
      }
    }
    throw new FileNotFoundException(
        "the bundled models hold no file \"%s\" of \"%s\"; the models are %s"
            .formatted(path, modelId, IDS));
  }

  private static boolean isInside(String path) {
    return !path.isEmpty()
        && !path.startsWith("/")
        && path.indexOf('\\') < 0
        && !List.of(path.split("/", -1)).contains("..");
  }
}
