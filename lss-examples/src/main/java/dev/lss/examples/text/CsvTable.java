package dev.lss.examples.text;

import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table with a header, read from comma separated values by RFC 4180: cells may be quoted, lines
 * end with LF or CRLF, an empty last line does not count. Immutable.
 *
 * <p>Messages name rows, columns of the header and files, and never the content of a cell. The
 * header is row 1.
 *
 * @param header names of the columns
 * @param rows the cells of every other row, as many as the header has
 */
public record CsvTable(List<String> header, List<List<String>> rows) {

  /** Copies the lists. */
  public CsvTable {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /**
   * Reads a table.
   *
   * @throws InvalidStudyException {@code NO_SUCH_FILE}, {@code UNREADABLE} when it is no UTF-8
   *     text, {@code BAD_TABLE} when it is empty, a quote is not closed, or a row has another
   *     number of cells than the header
   */
  public static CsvTable read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidStudyException("NO_SUCH_FILE", "there is no file " + path);
    }
    try {
      return parse(Files.readString(path, StandardCharsets.UTF_8), path.toString());
    } catch (IOException e) {
      throw new InvalidStudyException(
          "UNREADABLE", "%s cannot be read as UTF-8 text".formatted(path), e);
    }
  }

  /** Reads a table from text; {@code name} stands for it in messages. */
  static CsvTable parse(String text, String name) {
    List<List<String>> records =
        records(text.startsWith("\uFEFF") ? text.substring(1) : text, name);
    if (records.isEmpty()) {
      throw bad(name, "has no header");
    }
    List<String> header = records.get(0);
    for (int n = 1; n < records.size(); n++) {
      if (records.get(n).size() != header.size()) {
        throw bad(
            name,
            "has %d columns, but %d cells in row %d"
                .formatted(header.size(), records.get(n).size(), n + 1));
      }
    }
    return new CsvTable(header, records.subList(1, records.size()));
  }

  private static List<List<String>> records(String text, String name) {
    List<List<String>> records = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int n = 0; n < text.length(); n++) {
      char c = text.charAt(n);
      char next = n + 1 < text.length() ? text.charAt(n + 1) : '\0';
      if (quoted && c == '"' && next == '"') {
        cell.append(c);
        n++;
      } else if (c == '"' && (quoted || cell.isEmpty())) {
        quoted = !quoted;
      } else if (quoted) {
        cell.append(c);
      } else if (c == ',' || c == '\n') {
        cells.add(cell.toString().strip());
        cell.setLength(0);
        if (c == '\n') {
          records.add(cells);
          cells = new ArrayList<>();
        }
      } else if (c != '\r' || next != '\n') {
        cell.append(c);
      }
    }
    if (quoted) {
      throw bad(name, "opens a quote in row %d and never closes it".formatted(records.size() + 1));
    }
    if (!cells.isEmpty() || !cell.isEmpty()) {
      cells.add(cell.toString().strip());
      records.add(cells);
    }
    return records;
  }

  private static InvalidStudyException bad(String name, String what) {
    return new InvalidStudyException("BAD_TABLE", "the table %s %s".formatted(name, what));
  }

  /**
   * Returns the cells of a column.
   *
   * @throws InvalidStudyException {@code NO_SUCH_COLUMN} when no column, or more than one, has the
   *     name; the message lists the columns
   */
  public List<String> column(String name) {
    int at = header.indexOf(name);
    if (at < 0 || at != header.lastIndexOf(name)) {
      throw new InvalidStudyException(
          "NO_SUCH_COLUMN",
          "the table has %s column \"%s\"; its columns are: %s"
              .formatted(at < 0 ? "no" : "more than one", name, String.join(", ", header)));
    }
    return rows.stream().map(row -> row.get(at)).toList();
  }

  /**
   * Returns the numbers of a column, with a decimal point; an empty cell, {@code NA} and {@code
   * NaN} are NaN.
   *
   * @throws InvalidStudyException {@code NO_SUCH_COLUMN}, or {@code NOT_A_NUMBER} with the row
   */
  public double[] numbers(String name) {
    List<String> cells = column(name);
    double[] numbers = new double[cells.size()];
    for (int n = 0; n < numbers.length; n++) {
      numbers[n] = number(cells.get(n), name, n + 2);
    }
    return numbers;
  }

  private static double number(String cell, String column, int row) {
    if (cell.isEmpty() || cell.equals("NA") || cell.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (!cell.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")
        || Double.isInfinite(Double.parseDouble(cell))) {
      throw new InvalidStudyException(
          "NOT_A_NUMBER",
          "column \"%s\" holds no finite number in row %d; numbers have a decimal point, and a"
                  .formatted(column, row)
              + " missing one is an empty cell or NA");
    }
    return Double.parseDouble(cell);
  }

  /** Returns a row of text, without the end of the line. */
  public static String line(List<String> cells) {
    return cells.stream().map(CsvTable::quote).collect(Collectors.joining(","));
  }

  private static String quote(String cell) {
    return cell.matches("(?s).*[\",\\r\\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
