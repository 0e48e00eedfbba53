package dev.lss.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads ONNX Runtime's native library once, without litter.
 *
 * <p>Left alone, ONNX Runtime unpacks 28 MB into a new temporary folder in every JVM, leaves the
 * folder behind at exit, and the files too when the JVM is killed. Here the files are unpacked into
 * a private temporary folder of our own, named to the runtime by its system property {@code
 * onnxruntime.native.path}, and deleted as soon as they are loaded: Linux and macOS keep a loaded
 * library alive without its file. The runtime's own folder is then empty, and it goes at exit. A
 * lasting cache would start some 0.1 s sooner, but somebody would have to guard it against
 * tampering and clean it up, and two class loaders cannot load one file.
 *
 * <p>The runtime's own way stays where ours does not fit: on Windows, which cannot delete a loaded
 * library; when the application has set a path itself; and with the GPU jar, whose CUDA libraries
 * are looked for beside the main one later.
 */
final class OnnxRuntimeLibrary {

  private static final String PATH_PROPERTY = "onnxruntime.native.path";
  private static final String[] LIBRARIES = {"onnxruntime", "onnxruntime4j_jni"};

  private static boolean loaded;

  private OnnxRuntimeLibrary() {}

  /** Returns the version of the runtime, after loading it. */
  static String version() {
    return environment().getVersion();
  }

  /** Loads the library; does nothing when it is loaded. */
  static void load() {
    environment();
  }

  /** Returns the runtime's one environment; the first call loads the library. */
  static synchronized OrtEnvironment environment() {
    if (loaded) {
      return OrtEnvironment.getEnvironment();
    }
    OrtEnvironment environment =
        canUnpack() ? withUnpackedLibraries() : OrtEnvironment.getEnvironment();
    quieten(environment);
    loaded = true;
    return environment;
  }

  private static void quieten(OrtEnvironment environment) {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not switch its telemetry off", e);
    }
  }

  private static boolean canUnpack() {
    if (resource("onnxruntime_providers_cuda") != null
        || System.getProperty("onnxruntime.native.onnxruntime.path") != null
        || System.getProperty(PATH_PROPERTY) != null
        || System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")) {
      return false;
    }
    for (String library : LIBRARIES) {
      if (resource(library) == null) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable URL resource(String library) {
    String system = System.getProperty("os.name").startsWith("Mac") ? "osx" : "linux";
    String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
    return OrtEnvironment.class.getResource(
        "/ai/onnxruntime/native/%s-%s/%s"
            .formatted(system, processor, System.mapLibraryName(library)));
  }

  private static void unpack(String library, Path folder) throws IOException {
    try (InputStream bytes = Objects.requireNonNull(resource(library)).openStream()) {
      Files.copy(bytes, folder.resolve(System.mapLibraryName(library)));
    }
  }

  private static OrtEnvironment withUnpackedLibraries() {
    try {
      Path folder = Files.createTempDirectory("lss-onnxruntime");
      try {
        for (String library : LIBRARIES) {
          unpack(library, folder);
        }
        System.setProperty(PATH_PROPERTY, folder.toString());
        return OrtEnvironment.getEnvironment();
      } finally {
        System.clearProperty(PATH_PROPERTY);
        for (String library : LIBRARIES) {
          Files.deleteIfExists(folder.resolve(System.mapLibraryName(library)));
        }
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack ONNX Runtime's library", e);
    }
  }
}
