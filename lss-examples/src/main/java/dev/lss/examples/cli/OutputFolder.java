package dev.lss.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The folder that takes a result. Its main file, such as {@code result.json}, is written last and
 * the one of an earlier run is removed first: a folder without it holds no result. Immutable.
 *
 * @param path the folder; made when the first file is written
 */
record OutputFolder(Path path) {

  static final String RESULT = "result.json";

  /**
   * Returns the folder after checking, before any work, that it can take files, and after removing
   * the {@code result.json} of an earlier run.
   *
   * @throws ParameterException when it is a file or cannot be written to
   */
  static OutputFolder prepare(Path path, CommandLine line) {
    return prepare(path, RESULT, line);
  }

  /**
   * Returns the folder after checking, before any work, that it can take files, and after removing
   * the main file of an earlier run.
   *
   * @throws ParameterException when it is a file or cannot be written to
   */
  static OutputFolder prepare(Path path, String mainFile, CommandLine line) {
    Path existing = path.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new ParameterException(
          line, "--out must be a folder, but %s is a file".formatted(existing));
    }
    if (!Files.isWritable(existing)) {
      throw new ParameterException(line, "--out: no permission to write to " + existing);
    }
    try {
      Files.deleteIfExists(path.resolve(mainFile));
    } catch (IOException e) {
      throw new ParameterException(
          line, "--out: the %s of an earlier run cannot be removed".formatted(mainFile), e);
    }
    return new OutputFolder(path);
  }

  /** Returns where a file of this name goes, and makes the folder. */
  Path file(String name) throws IOException {
    return Files.createDirectories(path).resolve(name);
  }
}
