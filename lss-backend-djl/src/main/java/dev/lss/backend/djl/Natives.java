package dev.lss.backend.djl;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.ZipFile;

/**
 * A native PyTorch on the class path, as its jar describes it. Immutable.
 *
 * @param version such as {@code 2.7.1-20250812}
 * @param flavor {@code cpu}, or {@code cu128} with the libraries for a GPU
 * @param classifier system and processor, such as {@code linux-x86_64}
 * @param libraries names of its files
 */
record Natives(String version, String flavor, String classifier, List<String> libraries) {

  private static final String DESCRIPTION = "native/lib/pytorch.properties";

  /** A file in a jar: how long it must be once unpacked, and the CRC-32 that it must have. */
  record Checked(String name, long bytes, long crc) {}

  /** Copies the list. */
  Natives {
    libraries = List.copyOf(libraries);
  }

  /** Returns system and processor of this machine, as the artifacts' classifiers name them. */
  static String here() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "osx" : system.startsWith("win") ? "win" : "linux";
    String processor = System.getProperty("os.arch");
    return name + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }

  /** Finds the one for this machine; of several the one with a GPU. */
  static Optional<Natives> find(ClassLoader loader) throws IOException {
    List<Natives> found = new ArrayList<>();
    for (URL url : Collections.list(loader.getResources(DESCRIPTION))) {
      Properties properties = new Properties();
      try (InputStream in = url.openStream()) {
        properties.load(in);
      }
      Natives natives =
          new Natives(
              properties.getProperty("version", ""),
              properties.getProperty("flavor", ""),
              properties.getProperty("classifier", ""),
              List.of(properties.getProperty("libraries", "").split(",")));
      if (natives.classifier().equals(here())) {
        found.add(natives);
      }
    }
    return found.stream()
        .filter(natives -> !natives.flavor().startsWith("cpu"))
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** Returns what the unpacked files must be; without those whose jar does not say. */
  List<Checked> files(ClassLoader loader) throws IOException {
    List<Checked> files = new ArrayList<>();
    for (String library : libraries) {
      inJar(loader, "pytorch/%s/%s/%s".formatted(flavor, classifier, library), library)
          .ifPresent(files::add);
    }
    return files;
  }

  /** Returns the place of DJL's own native library for this PyTorch on the class path. */
  String bridge() {
    return "jnilib/%s/%s/%s".formatted(classifier, flavor, System.mapLibraryName("djl_torch"));
  }

  /**
   * Returns what a resource must be once unpacked; empty when it is in no jar that is a file.
   *
   * @param name name of the unpacked file
   */
  static Optional<Checked> inJar(ClassLoader loader, String resource, String name)
      throws IOException {
    URL url = loader.getResource(resource);
    if (url == null || !url.getProtocol().equals("jar") || !url.getPath().startsWith("file:")) {
      return Optional.empty();
    }
    String jar = url.getPath().substring(0, url.getPath().indexOf("!/"));
    try (ZipFile zip = new ZipFile(Path.of(URI.create(jar)).toFile())) {
      return Optional.ofNullable(zip.getEntry(resource))
          .map(entry -> new Checked(name, entry.getSize(), entry.getCrc()));
    }
  }
}
