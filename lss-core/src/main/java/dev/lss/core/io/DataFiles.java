package dev.lss.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files of a folder are data. What systems leave there is not: {@code .DS_Store}, {@code
 * Thumbs.db}, {@code desktop.ini}, the {@code ._} companions that macOS writes on foreign disks,
 * and every other hidden file. Stateless.
 */
public final class DataFiles {

  private static final Set<String> LITTER = Set.of("thumbs.db", "ehthumbs.db", "desktop.ini");

  private DataFiles() {}

  /** Returns whether a file or folder of this name can be data. */
  public static boolean isData(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".") && !isLitter(name);
  }

  /** Returns whether a name is one that a system, not a person, gives; hidden files are not. */
  public static boolean isLitter(String name) {
    return name.startsWith("._")
        || name.equals(".DS_Store")
        || name.equals("__MACOSX")
        || LITTER.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Returns whether a path with slashes has a part that a system, not a person, made. */
  public static boolean isLitterPath(String path) {
    for (String part : path.split("/", -1)) {
      if (isLitter(part)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the regular files of a folder that can be data, by name. */
  public static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(DataFiles::isData)
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(path -> String.valueOf(path.getFileName())))
          .toList();
    }
  }
}
