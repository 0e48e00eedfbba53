package dev.lss.examples.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  private static final TextTable TABLE =
      new TextTable(
          List.of("name", "error (%)"),
          List.of(List.of("a_b|c & \\d", "-1.5"), List.of("p", "< 1e-15")));

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void csv_quotes_what_must_be_quoted() {
    assertThat(text(new TextTable(List.of("a,b", "c"), List.of(List.of("1", ""))).csv()))
        .isEqualTo("\"a,b\",c\n1,\n");
  }

  @Test
  void markdown_keeps_cells_apart_whatever_they_hold() {
    assertThat(text(TABLE.markdown()))
        .isEqualTo(
            "| name | error (%) |\n|---|---|\n| a\\_b\\|c & \\\\d | -1.5 |\n| p | \\< 1e-15 |\n");
  }

  @Test
  void latex_has_no_character_that_means_something_else_and_true_minus_signs() {
    assertThat(text(TABLE.latex()))
        .contains("name & error (\\%) \\\\\n")
        .contains("a\\_b|c \\& \\textbackslash{}d & $-1.5$ \\\\\n")
        .contains("p & $<$ 1e-15 \\\\\n")
        .endsWith("\\bottomrule\n\\end{tabular}\n");
  }
}
