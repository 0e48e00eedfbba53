package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.core.volume.VolumeImage;
import dev.lss.core.volume.VolumeLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An image on the command line, {@code [ROLE=]FILE}: text before the first {@code =} is a role when
 * it holds no slash and begins with a letter or digit, so {@code ./a=b.nii} is a file. Immutable.
 *
 * @param role key of a series role; empty when none was given
 * @param path the file
 */
record InputFile(Optional<String> role, Path path) {

  static InputFile parse(String text) {
    int equals = text.indexOf('=');
    boolean hasRole =
        equals > 0 && text.substring(0, equals).matches("[A-Za-z0-9][A-Za-z0-9 _.+-]*");
    String file = hasRole ? text.substring(equals + 1) : text;
    if (file.isEmpty()) {
      throw new TypeConversionException("\"%s\" names no file".formatted(text));
    }
    return new InputFile(
        hasRole ? Optional.of(text.substring(0, equals)) : Optional.empty(), Path.of(file));
  }

  /** Reads {@code [ROLE=]FILE}. */
  static final class Converter implements ITypeConverter<InputFile> {
    @Override
    public InputFile convert(String text) {
      return parse(text);
    }
  }

  /** Reads an image; every failure is one of the input. */
  static VolumeImage readImage(Path path, NonFiniteRule rule) {
    requireThere(path);
    try {
      return VolumeFiles.read(path, rule);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Reads the header of an image alone; every failure is one of the input. */
  static VolumeSize readSize(Path path) {
    requireThere(path);
    try {
      return VolumeFiles.size(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Reads a label map; every failure is one of the input. */
  static VolumeLabels readLabels(Path path) {
    requireThere(path);
    try {
      return VolumeFiles.readLabels(path);
    } catch (InvalidStudyException e) {
      if (!e.code().equals("BAD_LABELS")) {
        throw e;
      }
      throw new InvalidStudyException(
          e.code(), e.getMessage() + "; images go to --input, labels to --labels", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static void requireThere(Path path) {
    if (!Files.exists(path)) {
      throw new InvalidStudyException("NO_SUCH_FILE", "there is no file " + path);
    }
  }

  private static InvalidStudyException unreadable(Path path, IOException e) {
    return new InvalidStudyException(
        "UNREADABLE", "%s cannot be read: %s".formatted(path, e.getMessage()), e);
  }
}
