package dev.lss.backend.djl;

import dev.lss.backend.djl.Natives.Checked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The folder into which DJL unpacks PyTorch's libraries, 430 MB, once for all JVMs. Unpacking them
 * for every JVM, as is done with ONNX Runtime's 28 MB, would take seconds each time. Whatever lies
 * in the folder is compared with the jars before it is loaded, because a damaged library does not
 * fail but ends the process; damaged files are removed, with a warning, and unpacked anew.
 */
final class NativeCache {

  private static final System.Logger LOG = System.getLogger("dev.lss.backend.djl");
  private static final int CHUNK = 1 << 18;

  private NativeCache() {}

  /** Returns the folder that the caller's settings for DJL name, or else our own. */
  static Path root() {
    return setting("ENGINE_CACHE_DIR")
        .or(() -> setting("DJL_CACHE_DIR"))
        .map(Path::of)
        .orElseGet(() -> home().resolve("lss"));
  }

  private static Path home() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(path -> !path.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
  }

  /** A variable of the environment or else a system property, as DJL reads its settings. */
  static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv(name))
        .filter(value -> !value.isBlank())
        .or(() -> Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank()));
  }

  /** Returns the folder of this PyTorch, which may not exist yet; the names are DJL's. */
  static Path folder(Path root, Natives natives) {
    return root.resolve("pytorch")
        .resolve("%s-%s-%s".formatted(natives.version(), natives.flavor(), natives.classifier()));
  }

  /**
   * Makes sure that what DJL will load is what the jars hold, or is not there yet and will fit.
   *
   * @throws IOException when files cannot be read or removed, or there is no room for them
   */
  static void prepare(Path root, Natives natives, ClassLoader loader) throws IOException {
    Path folder = folder(root, natives);
    List<Checked> files = natives.files(loader);
    if (!Files.isDirectory(folder)) {
      requireRoom(root, files);
      return;
    }
    for (Checked file : files) {
      if (!matches(folder.resolve(file.name()), file)) {
        remove(folder, file.name());
        requireRoom(root, files);
        return;
      }
    }
    Optional<Checked> bridge = Natives.inJar(loader, natives.bridge(), "");
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(folder, "*" + System.mapLibraryName("djl_torch"))) {
      for (Path unpacked : all) {
        if (bridge.isPresent() && !matches(unpacked, bridge.get())) {
          remove(folder, String.valueOf(unpacked.getFileName()));
          return;
        }
      }
    }
  }

  private static void requireRoom(Path root, List<Checked> files) throws IOException {
    Files.createDirectories(root);
    long needed = files.stream().mapToLong(Checked::bytes).sum();
    long free = Files.getFileStore(root).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "%s has room for %s MB, PyTorch's libraries take %s MB"
              .formatted(root, free >> 20, needed >> 20));
    }
  }

  private static void remove(Path folder, String damaged) throws IOException {
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} in {1} is not what its jar holds; the folder is removed and unpacked anew",
        damaged,
        folder);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static boolean matches(Path file, Checked expected) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == expected.bytes()
        && crc(file) == expected.crc();
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      while (channel.read(chunk.clear()) >= 0) {
        crc.update(chunk.flip());
      }
    }
    return crc.getValue();
  }
}
