package dev.lss.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What every code of LSS means and what to do about it: those of errors ({@link LssException#code})
 * and those of notices ({@link Notice#code}). Tasks and backends of others have codes of their own,
 * which are not listed. Immutable; thread-safe.
 */
public final class CodeCatalog {

  /** What carries a code. */
  public enum Kind {
    /** An {@link LssException}: there is no result. */
    ERROR,
    /** A {@link Notice}: there is a result, and something about it is doubtful. */
    NOTICE
  }

  /**
   * One code.
   *
   * @param code the stable code
   * @param kind what carries it; a few codes of notices are those of errors too, where the doubt is
   *     too large
   * @param meaning what was seen
   * @param action what to do
   */
  public record Entry(String code, Kind kind, String meaning, String action) {}

  private static final List<Entry> ENTRIES = read();

  private CodeCatalog() {}

  /** Returns all codes, errors first, each kind in alphabetical order. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** Returns the entry of a code, or empty when it is none of LSS's own. */
  public static Optional<Entry> find(String code) {
    return ENTRIES.stream().filter(entry -> entry.code().equals(code)).findFirst();
  }

  private static List<Entry> read() {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = CodeCatalog.class.getResourceAsStream("codes.txt")) {
      if (in == null) {
        throw new IllegalStateException("codes.txt is missing from lss-api");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#") && !line.isBlank()) {
          String[] cells = line.split(" \\| ", -1);
          entries.add(
              new Entry(
                  cells[0], Kind.valueOf(cells[1].toUpperCase(Locale.ROOT)), cells[2], cells[3]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("codes.txt of lss-api cannot be read", e);
    }
    return List.copyOf(entries);
  }
}
