package dev.lss.core.model;

import dev.lss.api.ModelException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rule for paths inside a package: relative, forward slashes, plain names. Anything that could
 * leave the package, or mean two files on one system and one on another, is refused.
 */
final class PackagePath {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._ +-]*");
  private static final int MAX_LENGTH = 200;

  private PackagePath() {}

  /** Refuses absolute paths, "..", backslashes, drive letters, empty and hidden names. */
  static void check(String path) {
    boolean plain = path.length() <= MAX_LENGTH;
    for (String name : path.split("/", -1)) {
      plain &= NAME.matcher(name).matches() && !name.endsWith(".") && !name.endsWith(" ");
    }
    if (!plain) {
      throw new ModelException(
          "BAD_PACKAGE",
          "a path in a model package is relative and made of letters, digits and . _ + - with /"
              + " between names, was \"%s\"".formatted(printable(path)));
    }
  }

  /** Refuses two paths that are equal on a system that does not tell upper from lower case. */
  static void refuseClashes(Iterable<String> paths) {
    Map<String, String> seen = new HashMap<>();
    for (String path : paths) {
      String other = seen.put(path.toLowerCase(Locale.ROOT), path);
      if (other != null) {
        throw new ModelException(
            "BAD_PACKAGE",
            other.equals(path)
                ? "the package holds \"%s\" twice".formatted(path)
                : "\"%s\" and \"%s\" differ only in case".formatted(other, path));
      }
    }
  }

  static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }
}
