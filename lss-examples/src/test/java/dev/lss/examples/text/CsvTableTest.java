package dev.lss.examples.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {

  @TempDir private Path folder;

  private static CsvTable table(String text) {
    return CsvTable.parse(text, "t.csv");
  }

  @Test
  void cells_may_be_quoted_and_hold_commas_quotes_and_line_feeds() {
    CsvTable table = table("a,b\r\n\"x, \"\"y\"\"\nz\", 2 \r\n");

    assertThat(table.header()).containsExactly("a", "b");
    assertThat(table.rows()).containsExactly(List.of("x, \"y\"\nz", "2"));
  }

  @Test
  void what_is_written_is_read_again() {
    List<String> cells = List.of("plain", "a,b", "say \"x\"", "two\nlines", "");

    assertThat(table(CsvTable.line(cells)).header()).isEqualTo(cells);
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
  void what_is_no_number_is_refused_with_its_row_and_not_with_its_content(String cell) {
    assertThatThrownBy(() -> table("a,b\n1,1\n" + cell + ",2\n").numbers("a"))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("column \"a\" holds no finite number in row 3")
        .hasMessageNotContaining(cell.length() > 1 ? cell : "\0");
  }

  @Test
  void a_row_with_another_number_of_cells_is_refused() {
    assertThatThrownBy(() -> table("a,b\n1,2\n3\n"))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("the table t.csv has 2 columns, but 1 cells in row 3");
  }

  @Test
  void a_quote_that_never_closes_is_refused() {
    assertThatThrownBy(() -> table("a,b\n\"1,2\n"))
        .hasMessage("the table t.csv opens a quote in row 2 and never closes it");
  }

  @Test
  void an_empty_file_is_refused() {
    assertThatThrownBy(() -> table("")).hasMessage("the table t.csv has no header");
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
