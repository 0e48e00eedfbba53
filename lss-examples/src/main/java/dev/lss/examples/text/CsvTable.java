package dev.lss.examples.text;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifiers;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table with a header, as programs and spreadsheets write it: cells separated by commas,
 * semicolons or tabs, quoted by RFC 4180 or not, lines that end with LF, CRLF or CR. Blank lines do
 * not count. Immutable.
 *
 * <p>Messages name lines, columns of the header and files, and never the content of a cell.
 *
 * @param separator what separates the cells: a comma, a semicolon or a tab
 * @param header names of the columns
 * @param rows the cells of every other row, as many as the header has
 */
public record CsvTable(char separator, List<String> header, List<Row> rows) {

  private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

  /** So many characters of the names of columns are in a message. */
  private static final int NAMED = 150;

  /** Alone in a line after the last one; it is missing when a quote was not closed. */
  private static final String END = "\u0000";

  /**
   * A row.
   *
   * @param line the line that it starts in, as editors count: the header's is 1
   * @param cells the cells, without blanks around them
   */
  public record Row(long line, List<String> cells) {

    /** Copies the list. */
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** Copies the lists. */
  public CsvTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /**
   * Reads a table.
   *
   * @throws InvalidStudyException {@code NO_SUCH_FILE}, {@code UNREADABLE} when it is no text,
   *     {@code BAD_TABLE} when it is empty, a quote is not closed, a row has another number of
   *     cells than the header, or commas and semicolons both could be what separates cells
   */
  public static CsvTable read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidStudyException("NO_SUCH_FILE", "there is no file " + path);
    }
    try {
      byte[] bytes = Files.readAllBytes(path);
      String text = charset(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(text, path.toString());
    } catch (IOException e) {
      throw new InvalidStudyException(
          "UNREADABLE",
          "%s cannot be read as UTF-8 text; save it as \"CSV UTF-8\"".formatted(path),
          e);
    }
  }

  /** UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets write "Unicode text". */
  private static Charset charset(byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : ByteBuffer.wrap(bytes).getChar();
    return mark == 0xFEFF || mark == 0xFFFE ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  /** Reads a table from text; {@code name} stands for it in messages. */
  static CsvTable parse(String text, String name) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<Character> candidates =
        SEPARATORS.stream().filter(s -> header(content, s, name).size() > 1).toList();
    List<CsvTable> fitting = new ArrayList<>();
    List<InvalidStudyException> refusals = new ArrayList<>();
    for (char separator : candidates.isEmpty() ? SEPARATORS.subList(0, 1) : candidates) {
      try {
        fitting.add(parse(content, separator, name));
      } catch (InvalidStudyException e) {
        refusals.add(e);
      }
    }
    if (fitting.isEmpty()) {
      throw refusals.get(0);
    }
    if (fitting.size() > 1) {
      throw bad(
          name,
          "can be read with \"%s\" and with \"%s\" between its cells; put cells into quotes"
              .formatted(fitting.get(0).separator, fitting.get(1).separator));
    }
    return fitting.get(0);
  }

  private static List<String> header(String text, char separator, String name) {
    try (Stream<Row> rows = rows(text, separator)) {
      return rows.findFirst().orElseThrow(() -> bad(name, "has no header")).cells();
    } catch (CsvParseException e) {
      throw unreadable(name, e);
    }
  }

  /** Returns the rows that are not blank, read as they are asked for. */
  private static Stream<Row> rows(String text, char separator) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .allowExtraFields(true)
        .allowMissingFields(true)
        .build(CsvRecordHandler.builder().fieldModifier(FieldModifiers.STRIP).build(), text)
        .stream()
        .map(cells -> new Row(cells.getStartingLineNumber(), cells.getFields()))
        .filter(row -> !row.cells().equals(List.of("")));
  }

  private static CsvTable parse(String text, char separator, String name) {
    List<Row> rows;
    try (Stream<Row> all = rows(text + "\n" + END, separator)) {
      rows = all.collect(Collectors.toCollection(ArrayList::new));
    } catch (CsvParseException e) {
      throw unreadable(name, e);
    }
    Row end = rows.remove(rows.size() - 1);
    if (!end.cells().equals(List.of(END))) {
      throw bad(
          name, "opens a quote in or after line %s and never closes it".formatted(end.line()));
    }
    List<String> header = rows.remove(0).cells();
    for (Row row : rows) {
      if (row.cells().size() != header.size()) {
        throw bad(
            name,
            "has %s columns, but %s in line %s"
                .formatted(header.size(), row.cells().size(), row.line()));
      }
    }
    return new CsvTable(separator, header, rows);
  }

  private static InvalidStudyException unreadable(String name, CsvParseException e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    return new InvalidStudyException(
        "BAD_TABLE", "the table %s is no CSV: %s".formatted(name, reason.getMessage()), e);
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
              .formatted(at < 0 ? "no" : "more than one", name, some(header)));
    }
    return rows.stream().map(row -> row.cells().get(at)).toList();
  }

  private static String some(List<String> names) {
    String all = String.join(", ", names);
    return all.length() <= NAMED ? all : all.substring(0, NAMED) + " ...";
  }

  /** Returns the line of a row, as editors count. */
  public long line(int row) {
    return rows.get(row).line();
  }

  /**
   * Returns the numbers of a column; an empty cell, {@code NA} and {@code NaN} are NaN. Where
   * semicolons or tabs separate the cells a column may have decimal commas instead of points.
   *
   * @throws InvalidStudyException {@code NO_SUCH_COLUMN}, or {@code NOT_A_NUMBER} with the line
   */
  public double[] numbers(String name) {
    List<String> cells = column(name);
    boolean commas = hasDecimalCommas(name);
    double[] numbers = new double[cells.size()];
    for (int n = 0; n < numbers.length; n++) {
      numbers[n] = number(cells.get(n), commas, name, line(n));
    }
    return numbers;
  }

  /** Returns whether the numbers of a column have decimal commas. */
  public boolean hasDecimalCommas(String name) {
    return separator != ',' && column(name).stream().anyMatch(cell -> cell.contains(","));
  }

  private static double number(String cell, boolean commas, String column, long line) {
    if (cell.isEmpty() || cell.equals("NA") || cell.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    String plain = commas ? cell.replace('.', '\'').replace(',', '.') : cell;
    if (!plain.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")
        || Double.isInfinite(Double.parseDouble(plain))) {
      throw new InvalidStudyException(
          "NOT_A_NUMBER",
          "column \"%s\" holds no finite number in line %s; numbers have a decimal %s, and a"
                  .formatted(column, line, commas ? "comma throughout a column" : "point")
              + " missing one is an empty cell or NA");
    }
    return Double.parseDouble(plain);
  }

  /**
   * Returns the cells of one line with commas between them; cells with commas are in quotes.
   *
   * @throws InvalidStudyException {@code BAD_TABLE} when there is none
   */
  public static List<String> cells(String line) {
    return header(line, ',', "text");
  }

  /** Returns rows as comma separated text that ends with a line feed, as UTF-8 bytes. */
  public static byte[] bytes(Stream<List<String>> rows) {
    StringWriter text = new StringWriter();
    try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      rows.forEach(cells -> writer.writeRecord(cells));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has no such error
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
