package dev.lss.examples.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {

  @TempDir private Path folder;

  private static CsvTable table(String text) {
    return CsvTable.parse(text, "t.csv");
  }

  private static List<List<String>> cells(CsvTable table) {
    return table.rows().stream().map(CsvTable.Row::cells).toList();
  }

  @Test
  void cells_may_be_quoted_and_hold_commas_quotes_and_line_feeds() {
    CsvTable table = table("a,b\r\n\"x, \"\"y\"\"\nz\", 2 \r\n");

    assertThat(table.header()).containsExactly("a", "b");
    assertThat(cells(table)).containsExactly(List.of("x, \"y\"\nz", "2"));
  }

  @Test
  void what_is_written_is_read_again() {
    List<String> cells = List.of("plain", "a,b", "say \"x\"", "two\nlines", "");

    String text = new String(CsvTable.bytes(Stream.of(cells)), StandardCharsets.UTF_8);

    assertThat(table(text).header()).isEqualTo(cells);
    assertThat(text).endsWith("\n");
  }

  @Test
  void a_byte_order_mark_and_a_missing_last_line_feed_do_not_count() {
    assertThat(table("\uFEFFa,b\n1,2").column("a")).containsExactly("1");
  }

  @Test
  void missing_numbers_are_an_empty_cell_NA_or_NaN() {
    assertThat(table("a,b\n1.5,x\n,x\nNA,x\nnan,x\n-2e3,x\n").numbers("a"))
        .containsExactly(1.5, Double.NaN, Double.NaN, Double.NaN, -2000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12 mm", "0x10", "1e999", "Infinity", "1d", "."})
  void what_is_no_number_is_refused_with_its_line_and_not_with_its_content(String cell) {
    assertThatThrownBy(() -> table("a,b\n1,1\n" + cell + ",2\n").numbers("a"))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("column \"a\" holds no finite number in line 3")
        .hasMessageNotContaining(cell.length() > 1 ? cell : "\0");
  }

  @Test
  void a_row_with_another_number_of_cells_is_refused() {
    assertThatThrownBy(() -> table("a,b\n1,2\n3\n"))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("the table t.csv has 2 columns, but 1 in line 3");
  }

  @Test
  void a_quote_that_never_closes_is_refused() {
    assertThatThrownBy(() -> table("a,b\n\"1,2\n"))
        .hasMessage("the table t.csv opens a quote in or after line 2 and never closes it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\n\n", "\r\n \r\n"})
  void lines_end_as_on_any_system_and_blank_ones_do_not_count(String end) {
    CsvTable table = table(String.join(end, "a,b", "1,2", "3,4", ""));

    assertThat(cells(table)).containsExactly(List.of("1", "2"), List.of("3", "4"));
  }

  @Test
  void a_line_is_counted_as_editors_do() {
    CsvTable table = table("\na,b\n\n\"x\ny\",1\n\n2,3\n");

    assertThat(table.line(0)).isEqualTo(4);
    assertThat(table.line(1)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {";", "\t"})
  void semicolons_and_tabs_come_with_decimal_commas_or_points(String separator) {
    CsvTable table = table("a;b\n1,5;2.5\n-3,25e2;4\n;NA\n7;8\n".replace(";", separator));

    assertThat(table.numbers("a")).containsExactly(1.5, -325, Double.NaN, 7);
    assertThat(table.hasDecimalCommas("a")).isTrue();
    assertThat(table.numbers("b")).containsExactly(2.5, 4, Double.NaN, 8);
    assertThat(table.hasDecimalCommas("b")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b\n1,5;2\n1.5;3", "a;b\n1.234,5;2", "a;b\n1,234,567;3"})
  void points_and_commas_in_the_numbers_of_one_column_are_refused(String text) {
    assertThatThrownBy(() -> table(text).numbers("a"))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("column \"a\" holds no finite number in line")
        .hasMessageContaining("a decimal comma throughout a column");
  }

  @Test
  void decimal_commas_between_commas_are_refused_even_in_quotes() {
    assertThatThrownBy(() -> table("a,b\n\"1,5\",2\n").numbers("a"))
        .hasMessageContaining("numbers have a decimal point");
    assertThatThrownBy(() -> table("a,b\n1,5,2,5\n"))
        .hasMessage("the table t.csv has 2 columns, but 4 in line 2");
  }

  @Test
  void what_could_be_separated_in_two_ways_is_refused() {
    assertThatThrownBy(() -> table("a,b;c\n1,2;3\n"))
        .hasMessageContaining("with \",\" and with \";\" between its cells");
    assertThat(table("a,\"b;c\"\n1,2\n").header()).containsExactly("a", "b;c");
    assertThat(table("a;b, mm\n1;2\n").header()).containsExactly("a", "b, mm");
  }

  @Test
  void a_column_alone_needs_no_separator() {
    assertThat(table("a\nx;y\nz\n").column("a")).containsExactly("x;y", "z");
  }

  @Test
  void the_message_about_a_missing_column_stays_short() {
    String header = String.join(",", Collections.nCopies(70_000, "column"));

    assertThatThrownBy(() -> table("x," + header.substring(0, 100_000)).column("y"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    assertThatThrownBy(() -> table(header))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("t.csv is no CSV: ");
  }

  @Test
  void spreadsheets_unicode_text_is_read() throws IOException {
    Path file =
        Files.write(
            folder.resolve("excel.txt"),
            "\uFEFFname\tvolume\r\nMuskel ü\t1,5\r\n".getBytes(StandardCharsets.UTF_16LE));

    CsvTable table = CsvTable.read(file);

    assertThat(table.column("name")).containsExactly("Muskel ü");
    assertThat(table.numbers("volume")).containsExactly(1.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "  \r\n"})
  void an_empty_file_is_refused(String text) {
    assertThatThrownBy(() -> table(text)).hasMessage("the table t.csv has no header");
  }

  @Test
  void a_column_that_is_missing_or_comes_twice_is_refused_with_the_columns_there_are() {
    assertThatThrownBy(() -> table("a,b\n").column("c"))
        .hasMessage("the table has no column \"c\"; its columns are: a, b");
    assertThatThrownBy(() -> table("a,a\n").column("a"))
        .hasMessage("the table has more than one column \"a\"; its columns are: a, a");
  }

  @Test
  void bytes_that_are_no_UTF_8_are_refused() throws IOException {
    Path file = Files.write(folder.resolve("latin.csv"), new byte[] {'a', (byte) 0xE9, '\n'});

    assertThatThrownBy(() -> CsvTable.read(file))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("latin.csv cannot be read as UTF-8 text");
  }
}
