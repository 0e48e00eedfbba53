package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.spi.ModelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Where the files of a package lie. Thread-safe; holds no open file. */
sealed interface PackageFiles {

  /** Most files of a package. */
  int MAX_FILES = 1000;

  /** Returns the place, for messages: a file name without its folders, or a model id. */
  String place();

  /** Returns the paths of all files, or empty when the place cannot be listed. */
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
              if (!attributes.isRegularFile()) {
                throw new ModelException(
                    "BAD_PACKAGE",
                    "\"%s\" is no regular file; a model package holds no links"
                        .formatted(PackagePath.printable(path)));
              }
              if (paths.add(path) && paths.size() > MAX_FILES) {
                throw new ModelException(
                    "BAD_PACKAGE", "a model package holds at most %d files".formatted(MAX_FILES));
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

  /** Files in a zip, whose directory is checked each time before it is used. */
  record Zip(Path file) implements PackageFiles {

    @Override
    public String place() {
      return String.valueOf(file.getFileName());
    }

    @Override
    public Optional<Set<String>> list() throws IOException {
      return Optional.of(ZipDirectory.read(file).sizes().keySet());
    }

    @Override
    public InputStream open(String path) throws IOException {
      ZipFile zip = new ZipFile(file.toFile());
      try {
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
          throw new NoSuchFileException(path);
        }
        return new ZipEntryStream(zip, entry);
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
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
