package dev.lss.backend.tf;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.tensorflow.TensorFlow;

/**
 * TensorFlow's native libraries as files. JavaCPP, which loads them, unpacks them from their jar,
 * 683 MB, into a folder that lasts, and unpacks again what has another size or date than the jar
 * says. Whatever else happened to a file it would not notice, and a damaged library ends the
 * process. So before it looks, what differs from the jar is reported and deleted.
 */
final class NativeFiles {

  /** JavaCPP's own property; set by the application it stays as it is. */
  static final String FOLDER_PROPERTY = "org.bytedeco.javacpp.cachedir";

  private static final System.Logger LOG = System.getLogger(NativeFiles.class.getName());
  private static final String RESOURCES = "/org/tensorflow/internal/c_api/";
  private static final String GPU = "-gpu";
  private static final int CHUNK = 1 << 20;

  private NativeFiles() {}

  /**
   * Makes sure that the libraries can be unpacked and loaded.
   *
   * @throws IllegalStateException with a remedy when there are none or no room for them
   */
  static void prepare() {
    URL library = find();
    Path folder = folder();
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new IOException("the folder is not writable");
      }
      String place = library.toString();
      int inner = place.indexOf("!/");
      if (place.startsWith("jar:file:") && inner > 0) {
        URI file = URI.create(place.substring("jar:".length(), inner));
        try (JarFile jar = new JarFile(Path.of(file).toFile())) {
          compare(jar, place.substring(inner + 2, place.lastIndexOf('/') + 1), folder);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          ("TensorFlow's native libraries cannot be unpacked into %s (%s); set the system property"
                  + " %s to a folder that is writable and allows execution")
              .formatted(folder, e, FOLDER_PROPERTY),
          e);
    }
  }

  /** Returns whether the libraries on the class path are those that use NVIDIA GPUs. */
  static boolean forGpus() {
    return resource(GPU) != null;
  }

  private static URL find() {
    URL gpus = resource(GPU);
    URL found = gpus != null ? gpus : resource("");
    if (found == null) {
      throw new IllegalStateException(
          ("TensorFlow's native libraries for %s are not on the class path: add"
                  + " org.tensorflow:tensorflow-core-native with the classifier %s and the version of"
                  + " tensorflow-core-api; there are linux-x86_64, linux-x86_64-gpu, linux-arm64,"
                  + " macosx-arm64 and windows-x86_64")
              .formatted(Loader.getPlatform(), Loader.getPlatform()));
    }
    return found;
  }

  private static @Nullable URL resource(String variant) {
    return TensorFlow.class.getResource(
        "%s%s%s/%s"
            .formatted(
                RESOURCES, Loader.getPlatform(), variant, System.mapLibraryName("jnitensorflow")));
  }

  /** Returns the folder that JavaCPP unpacks into, after setting ours if nobody has set one. */
  private static Path folder() {
    String set = System.getProperty(FOLDER_PROPERTY);
    if (set != null) {
      return Path.of(set);
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    Path home =
        caches == null || caches.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches);
    Path ours = home.resolve("lss").resolve("tensorflow");
    System.setProperty(FOLDER_PROPERTY, ours.toString());
    return ours;
  }

  private static void compare(JarFile jar, String resources, Path folder) throws IOException {
    Path unpacked = folder.resolve(Path.of(jar.getName()).getFileName());
    long missing = 0;
    for (JarEntry entry : jar.stream().toList()) {
      if (entry.isDirectory() || !entry.getName().startsWith(resources)) {
        continue;
      }
      Path file = unpacked.resolve(entry.getName());
      if (Files.exists(file) && differs(file, entry)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} is not the file of {1}; it is unpacked again",
            file,
            jar.getName());
        Files.delete(file);
      }
      missing += Files.exists(file) ? 0 : entry.getSize();
    }
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < missing) {
      throw new IOException(
          "%s MB are free, %s MB are needed".formatted(free >> 20, missing >> 20));
    }
  }

  private static boolean differs(Path file, JarEntry entry) throws IOException {
    if (Files.size(file) != entry.getSize()) {
      return true;
    }
    CRC32 crc = new CRC32();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(chunk.clear()) >= 0) {
        crc.update(chunk.flip());
      }
    }
    return crc.getValue() != entry.getCrc();
  }
}
