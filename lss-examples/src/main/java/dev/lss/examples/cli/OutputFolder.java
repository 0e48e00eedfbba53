package dev.lss.examples.cli;

import dev.lss.core.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The folder that takes a result. Its main file, such as {@code result.json}, is written last and
 * the one of an earlier run is removed first: a folder without it holds no result.
 *
 * <p>A file is replaced only when it is an earlier result of ours ({@link WrittenFiles}) and no
 * input of the run. Names are those of files in the folder, or in folders of it with a slash
 * between. Not thread-safe.
 */
final class OutputFolder {

  static final String RESULT = "result.json";

  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final Path path;
  private final String main;
  private final List<Path> inputs;
  private final CommandLine line;
  private final WrittenFiles written;
  private final Set<String> begun = new LinkedHashSet<>();
  private Pattern names = NOTHING;

  private OutputFolder(
      Path path, String main, List<Path> inputs, CommandLine line, WrittenFiles written) {
    this.path = path;
    this.main = main;
    this.inputs = inputs;
    this.line = line;
    this.written = written;
  }

  /**
   * Returns the folder after checking, before any work, that it can take files, and after removing
   * the main file of an earlier run.
   *
   * @param path the folder; made when the first file is written
   * @param main name of the main file
   * @param inputs files and folders that the run reads
   * @throws ParameterException when it is a file or an input, cannot be written to, or holds a main
   *     file that is no earlier result of ours
   */
  static OutputFolder prepare(Path path, String main, List<Path> inputs, CommandLine line) {
    requireFolder(path, line);
    for (Path input : inputs) {
      if (Files.isDirectory(input) && isSame(path, input)) {
        throw new ParameterException(
            line, "--out: %s is an input of this run; name another folder".formatted(path));
      }
    }
    try {
      OutputFolder folder = new OutputFolder(path, main, inputs, line, WrittenFiles.of(path));
      folder.requireFree(main);
      Files.deleteIfExists(path.resolve(main));
      return folder;
    } catch (IOException e) {
      throw new ParameterException(
          line,
          "--out: the %s of an earlier run cannot be removed: %s; name another folder"
              .formatted(main, e.getMessage()),
          e);
    }
  }

  private static void requireFolder(Path path, CommandLine line) {
    Path existing = path.toAbsolutePath().normalize();
    while (existing.getParent() != null && !isThere(existing, line)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      String what =
          Files.isSymbolicLink(existing) ? "a link to a folder that is not there" : "a file";
      throw new ParameterException(
          line, "--out must be a folder, but %s is %s".formatted(existing, what));
    }
    if (!Files.isWritable(existing)) {
      throw new ParameterException(
          line,
          "--out: no permission to write to %s; name a folder that you may write to"
              .formatted(existing));
    }
  }

  private static boolean isThere(Path path, CommandLine line) {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    } catch (FileSystemException e) {
      // Under a file the system says "Not a directory", in words of its own.
      Path parent = path.getParent();
      if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
        return false;
      }
      throw new ParameterException(
          line, "--out: %s: %s; name another folder".formatted(path, e.getReason()), e);
    } catch (IOException e) {
      throw new ParameterException(
          line, "--out: %s: %s; name another folder".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Says which names this run may write, and refuses before any work when a file of such a name is
   * no earlier result of ours, or an input.
   *
   * @param mayWrite matches the names, a superset of what is written in the end
   * @return this
   * @throws ParameterException with the file and what to do
   */
  OutputFolder claim(String mayWrite) {
    names = Pattern.compile(mayWrite);
    try {
      for (String name : existing()) {
        if (names.matcher(name).matches()) {
          requireFree(name);
        }
      }
    } catch (IOException e) {
      throw new ParameterException(
          line, "--out: %s cannot be read: %s".formatted(path, e.getMessage()), e);
    }
    return this;
  }

  /** Returns the names in the folder and in its folders. */
  private List<String> existing() throws IOException {
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          found.add(name);
          if (Files.isDirectory(entry) && names.matcher(name + "/0000.png").matches()) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(entry)) {
              inside.forEach(file -> found.add(name + "/" + file.getFileName()));
            }
          }
        }
      }
    }
    return found;
  }

  private void requireFree(String name) throws IOException {
    Path file = path.resolve(name);
    for (Path input : inputs) {
      if (isSame(file, input)) {
        throw new ParameterException(
            line, "--out: %s is an input of this run; name another folder".formatted(file));
      }
    }
    if (!written.isFree(name)) {
      throw new ParameterException(
          line,
          ("--out: %s was not written by LSS, or was changed since, and is not replaced; move it"
                  + " away or name another folder")
              .formatted(file));
    }
  }

  /** Returns whether two paths lead to one file, through links or in other letters too. */
  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // one of them is not there
    }
  }

  /** Returns the folder as it was given. */
  Path path() {
    return path;
  }

  /** Returns where a file of this name goes, and makes its folder; the caller writes it. */
  Path file(String name) throws IOException {
    files(List.of(name));
    return path.resolve(name);
  }

  /**
   * Makes ready for files of these names, which the caller writes.
   *
   * @throws FileSystemException when one has appeared that is not ours
   */
  void files(List<String> wanted) throws IOException {
    makeFolder(path);
    for (String name : wanted) {
      Path file = path.resolve(name);
      makeFolder(file.getParent());
      if (!written.isFree(name)) {
        throw new FileSystemException(
            file.toString(),
            null,
            "appeared while LSS ran and is not replaced; move it away and start again");
      }
    }
    begun.addAll(wanted);
    written.begin(wanted);
  }

  private static void makeFolder(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw failed(folder, "is a file or a link to nothing, not a folder", e);
    } catch (AccessDeniedException e) {
      throw failed(folder, "the folder may not be made here", e);
    }
  }

  private static FileSystemException failed(Path path, String reason, IOException cause) {
    FileSystemException failure = new FileSystemException(path.toString(), null, reason);
    failure.initCause(cause);
    return failure;
  }

  /** Notes that the files so far are complete. */
  void seal() throws IOException {
    written.seal(begun);
  }

  /** Writes the main file, after files of ours that belong to an earlier result were deleted. */
  void finish(byte[] content) throws IOException {
    makeFolder(path);
    for (String name : written.names()) {
      boolean stale = names.matcher(name).matches() && !begun.contains(name) && !name.equals(main);
      if (stale && written.isOurs(name)) {
        written.delete(name);
      }
    }
    written.put(main, content);
    written.save();
    AtomicFiles.write(path.resolve(main), out -> out.write(content));
  }

  /** Writes files by name, in this order; the main one, if it is among them, comes last. */
  void write(Map<String, byte[]> files) throws IOException {
    files(files.keySet().stream().filter(name -> !name.equals(main)).toList());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().equals(main)) {
        AtomicFiles.write(path.resolve(file.getKey()), out -> out.write(file.getValue()));
      }
    }
    seal();
    byte[] content = files.get(main);
    if (content != null) {
      finish(content);
    }
  }
}
