package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void the_first_column_is_left_and_the_others_are_right_two_spaces_apart() {
    TextTable table =
        new TextTable(
            List.of("level", "ml", "border"),
            List.of(List.of("L1", "12.50", "no"), List.of("a long name", "-", "yes")));

    assertThat(table.lines())
        .containsExactly(
            "level           ml  border", //
            "L1           12.50      no",
            "a long name      -     yes");
  }

  @Test
  void a_table_without_rows_is_its_headings() {
    assertThat(new TextTable(List.of("a", "bc"), List.of()).lines()).containsExactly("a  bc");
  }

  @Test
  void lines_end_without_spaces() {
    assertThat(new TextTable(List.of("name"), List.of(List.of("x"))).lines())
        .containsExactly("name", "x");
  }

  @Test
  void a_row_of_another_length_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TextTable(List.of("a", "b"), List.of(List.of("1"))))
        .withMessage("a row needs 2 cells, had [1]");
  }
}
