package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.core.io.DataFiles;
import dev.lss.core.io.ZipDirectory;
import dev.lss.spi.ModelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/** Where the files of a package lie. Thread-safe; holds no open file. */
sealed interface PackageFiles {

  /** Most files of a package. */
  int MAX_FILES = 1000;

  /** Returns the place, for messages: a file name without its folders, or a model id. */
  String place();

  /**
   * Returns the paths of all files but those that systems leave behind ({@link DataFiles}), or
   * empty when the place cannot be listed.
   */
  Optional<Set<String>> list() throws IOException;

  /** Opens a file; the caller closes it. */
  InputStream open(String path) throws IOException;

  /** Returns the file itself when it can be mapped. */
  default Optional<Path> file(String path) {
    return Optional.empty();
  }

  /** Files in a folder; a symbolic link anywhere in it is refused. */
  record Folder(Path root) implements PackageFiles {

    @Override
    public String place() {
      return String.valueOf(root.getFileName());
    }

    @Override
    public Optional<Set<String>> list() throws IOException {
      Set<String> paths = new TreeSet<>();
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String path = root.relativize(file).toString().replace('\\', '/');
              if (DataFiles.isLitterPath(path)) {
                return FileVisitResult.CONTINUE;
              }
              if (!attributes.isRegularFile()) {
                throw new ModelException(
                    "BAD_PACKAGE",
                    "\"%s\" is no regular file; a model package holds no links"
                        .formatted(PackagePath.printable(path)));
              }
              if (paths.add(path) && paths.size() > MAX_FILES) {
                throw new ModelException(
                    "BAD_PACKAGE", "a model package holds at most %s files".formatted(MAX_FILES));
              }
              return FileVisitResult.CONTINUE;
            }
          });
      return Optional.of(paths);
    }

    @Override
    public InputStream open(String path) throws IOException {
      return Files.newInputStream(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Optional<Path> file(String path) {
      return Optional.of(root.resolve(path));
    }
  }

  /**
   * Files in a zip: no path that leaves the package, no link, no device, no duplicate, no bomb. The
   * directory is read once; each file is held against it when it is opened.
   */
  record Zip(Path file, Map<String, ZipDirectory.Entry> entries) implements PackageFiles {

    private static final int MAX_DIRECTORY_BYTES = 1 << 20;
    private static final long MAX_TOTAL_BYTES = 8L << 30;
    private static final int MAX_RATIO = 100;
    private static final int UNIX_TYPE = 0xf000;
    private static final int UNIX_FILE = 0x8000;
    private static final int UNIX_FOLDER = 0x4000;

    static Zip read(Path file) throws IOException {
      Map<String, ZipDirectory.Entry> entries = new LinkedHashMap<>();
      List<String> paths = new ArrayList<>();
      long total = 0;
      for (ZipDirectory.Entry entry : directory(file).entries()) {
        String path = check(entry);
        paths.add(path);
        if (!entry.isFolder()) {
          total += entry.bytes();
          entries.put(path, entry);
        }
      }
      PackagePath.refuseClashes(paths);
      if (total > MAX_TOTAL_BYTES) {
        throw bad("it may inflate to %s bytes, says %s".formatted(MAX_TOTAL_BYTES, total));
      }
      return new Zip(file, entries);
    }

    private static ZipDirectory directory(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return ZipDirectory.read(channel, MAX_FILES, MAX_DIRECTORY_BYTES);
      } catch (ZipException e) {
        throw bad(String.valueOf(e.getMessage()));
      }
    }

    /** Returns the path, without the slash of a folder, after everything is found in order. */
    private static String check(ZipDirectory.Entry entry) {
      String name = entry.name();
      String path = entry.isFolder() ? name.substring(0, name.length() - 1) : name;
      PackagePath.check(path);
      int type = entry.unixMode() & UNIX_TYPE;
      if (type != 0 && type != (entry.isFolder() ? UNIX_FOLDER : UNIX_FILE)) {
        throw bad("\"%s\" is a link or a device".formatted(path));
      }
      if (entry.bytes() > MAX_RATIO * Math.max(entry.packedBytes(), 1) && entry.bytes() > 1 << 16) {
        throw bad(
            "\"%s\" would inflate %s bytes to %s; at most %s times is allowed"
                .formatted(path, entry.packedBytes(), entry.bytes(), MAX_RATIO));
      }
      return path;
    }

    private static ModelException bad(String why) {
      return new ModelException("BAD_PACKAGE", "the model package cannot be used: " + why);
    }

    @Override
    public String place() {
      return String.valueOf(file.getFileName());
    }

    @Override
    public Optional<Set<String>> list() {
      return Optional.of(
          entries.keySet().stream()
              .filter(path -> !DataFiles.isLitterPath(path))
              .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    @Override
    public InputStream open(String path) throws IOException {
      ZipDirectory.Entry entry = entries.get(path);
      if (entry == null) {
        throw new NoSuchFileException(path);
      }
      return ZipDirectory.open(file, entry);
    }
  }

  /** Files that a provider opens; they cannot be listed. */
  record Provided(String id, ModelProvider provider) implements PackageFiles {

    @Override
    public String place() {
      return id;
    }

    @Override
    public Optional<Set<String>> list() {
      return Optional.empty();
    }

    @Override
    public InputStream open(String path) throws IOException {
      return provider.open(id, path);
    }
  }
}
