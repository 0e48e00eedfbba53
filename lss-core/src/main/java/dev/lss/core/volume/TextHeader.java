package dev.lss.core.volume;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Vector3;
import dev.lss.core.voxel.VoxelFault;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of a header that is text, each with its line, for messages. A field twice is refused.
 * Fields that nobody asks for are ignored. Not thread-safe.
 */
final class TextHeader {

  private static final int MOST_FIELDS = 10_000;
  private static final Pattern SPACES = Pattern.compile("[\\s,]+");
  private static final Pattern VECTOR = Pattern.compile("\\(([^()]*)\\)|none");

  private record Field(String value, int line) {}

  private final String file;
  private final Map<String, Field> fields = new HashMap<>();

  TextHeader(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  void add(String name, String value, int line) {
    if (fields.size() == MOST_FIELDS) {
      throw VoxelFault.of(
          "BAD_HEADER", file, "the header has more than " + MOST_FIELDS + " fields");
    }
    if (fields.putIfAbsent(name, new Field(value, line)) != null) {
      throw VoxelFault.of(
          "BAD_HEADER", file, "%s is there twice, again in line %s".formatted(shown(name), line));
    }
  }

  /** Returns the first of several names that is there; empty when none is. */
  Optional<String> find(String... names) {
    for (String name : names) {
      Field field = fields.get(name);
      if (field != null) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  String require(String... names) {
    return find(names)
        .orElseThrow(
            () -> VoxelFault.of("BAD_HEADER", file, "the header has no \"" + names[0] + "\""));
  }

  /** Returns name and line of a field, for messages. */
  String at(String... names) {
    for (String name : names) {
      Field field = fields.get(name);
      if (field != null) {
        return "%s in line %s".formatted(name, field.line());
      }
    }
    return names[0];
  }

  /** Returns so many whole numbers, of which there must be exactly as many. */
  long[] integers(int count, String... names) {
    String[] parts = SPACES.split(require(names).strip(), -1);
    long[] numbers = new long[count];
    boolean good = parts.length == count;
    for (int n = 0; good && n < count; n++) {
      try {
        numbers[n] = Long.parseLong(parts[n]);
      } catch (NumberFormatException e) {
        good = false;
      }
    }
    if (!good) {
      throw wrong("BAD_HEADER", "wanted %s whole numbers".formatted(count), names);
    }
    return numbers;
  }

  /** Returns so many finite numbers. */
  double[] numbers(int count, String... names) {
    return parse(require(names), count)
        .orElseThrow(() -> wrong("BAD_HEADER", "wanted %s finite numbers".formatted(count), names));
  }

  /** Returns three vectors written as {@code (x,y,z)}. */
  Vector3[] vectors(int count, String... names) {
    Matcher matcher = VECTOR.matcher(require(names));
    Vector3[] vectors = new Vector3[count];
    for (int n = 0; n < count; n++) {
      Optional<double[]> numbers =
          matcher.find() && matcher.group(1) != null
              ? parse(matcher.group(1), 3)
              : Optional.empty();
      if (numbers.isEmpty()) {
        throw wrong("BAD_HEADER", "wanted %s vectors of 3 finite numbers".formatted(count), names);
      }
      double[] v = numbers.get();
      vectors[n] = new Vector3(v[0], v[1], v[2]);
    }
    if (matcher.find()) {
      throw wrong("BAD_HEADER", "wanted %s vectors".formatted(count), names);
    }
    return vectors;
  }

  private static Optional<double[]> parse(String text, int count) {
    String[] parts = SPACES.split(text.strip(), -1);
    if (parts.length != count) {
      return Optional.empty();
    }
    double[] numbers = new double[count];
    for (int n = 0; n < count; n++) {
      try {
        numbers[n] = Double.parseDouble(parts[n]);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
      if (!Double.isFinite(numbers[n])) {
        return Optional.empty();
      }
    }
    return Optional.of(numbers);
  }

  /** Returns the value that belongs to a text out of a closed set, in any case. */
  <T> T oneOf(Map<String, T> known, String code, String... names) {
    T value = known.get(require(names).strip().toLowerCase(Locale.ROOT));
    if (value == null) {
      throw wrong(
          code, "known are " + String.join(", ", known.keySet().stream().sorted().toList()), names);
    }
    return value;
  }

  InvalidStudyException wrong(String code, String wanted, String... names) {
    return VoxelFault.of(
        code, file, "%s: %s, was %s".formatted(at(names), wanted, shown(find(names).orElse(""))));
  }

  private static String shown(String text) {
    return VoxelFault.shown(text);
  }
}
