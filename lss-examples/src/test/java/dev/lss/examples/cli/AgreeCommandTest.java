package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreeCommandTest {

  /** Bland and Altman, Lancet 1986: peak flow by two meters. */
  private static final String PEAK_FLOW =
      """
      wright,mini
      494,512
      395,430
      516,520
      434,428
      476,500
      557,600
      413,364
      442,380
      650,658
      433,445
      417,432
      656,626
      267,260
      478,477
      178,259
      423,350
      427,451
      """;

  @TempDir private Path folder;

  private Cli agree(String table, Object... more) throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), table);
    List<Object> words = new ArrayList<>(List.of("agree", "--table", file));
    words.addAll(Arrays.asList(more));
    return Cli.run(words.toArray());
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/agreement.json").toFile());
  }

  @Test
  void the_table_shows_what_bland_and_altman_found() throws IOException {
    Cli run = agree(PEAK_FLOW, "--columns", "wright,mini", "--margin", "5%");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("mini against wright: 17 rows")
        .contains("ICC(2,1)            0.9459  (95 % 0.8574 to 0.9801)")
        .contains("bias                +2.118", "SD 38.77")
        .contains("limits of agreement -73.86", "+78.10")
        .contains("yes, within 22.52 (5% of the reference): p 0.02271");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void json_and_picture_hold_the_same() throws IOException {
    Cli run =
        agree(
            PEAK_FLOW,
            "--columns",
            "wright,mini",
            "--margin",
            "5%",
            "--out",
            folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode result = result();
    assertThat(result.path("schema").asText()).isEqualTo("lss-agreement/1");
    assertThat(result.path("margin").asDouble()).isEqualTo(5);
    JsonNode one = result.at("/comparisons/0");
    assertThat(one.path("n").asInt()).isEqualTo(17);
    assertThat(one.at("/icc/ICC(2,1)/estimate").asDouble())
        .isCloseTo(0.94592840557731, within(1e-12));
    assertThat(one.at("/blandAltman/limits/low").asDouble())
        .isCloseTo(-73.86061134946466, within(1e-9));
    assertThat(one.at("/tost/marginAbsolute").asDouble())
        .isCloseTo(0.05 * 450.3529411764706, within(1e-9));
    assertThat(one.at("/tost/equivalent").asBoolean()).isTrue();
    assertThat(folder.resolve("out").resolve(one.at("/plots/0").asText()))
        .content()
        .startsWith("<svg")
        .contains("mini against wright");
  }

  @Test
  void each_value_of_a_column_is_a_comparison_of_its_own() throws IOException {
    String table = "muscle,a,b\nleft,1,1\nright,5,6\nleft,2,2.5\nright,7,8\nleft,4,4.5\n";

    Cli run =
        agree(
            table,
            "--columns",
            "a,b",
            "--by",
            "muscle",
            "--margin",
            "2",
            "--out",
            folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(result().path("comparisons").findValuesAsText("group"))
        .containsExactly("left", "right");
    assertThat(result().at("/comparisons/0/n").asInt()).isEqualTo(3);
    assertThat(result().at("/comparisons/1/blandAltman/bias").asDouble()).isEqualTo(1);
    assertThat(folder.resolve("out/bland-altman-2.svg")).exists();
  }

  @Test
  void several_pairs_of_columns_are_compared_one_after_the_other() throws IOException {
    Cli run =
        agree(
            "a,b,c\n1,1,2\n2,2,2\n3,4,5\n",
            "--columns",
            "a,b",
            "--columns",
            "a,c",
            "--margin",
            "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("b against a: 3 rows", "c against a: 3 rows");
  }

  @Test
  void rows_without_a_value_are_left_out_and_counted() throws IOException {
    Cli run = agree("a,b\n1,1\n,2\n3,NA\n4,5\n5,5\n", "--columns", "a,b", "--margin", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("b against a: 3 rows")
        .contains("notice ROWS_LEFT_OUT: b: 2 of 5 rows lack a value and were left out");
  }

  @Test
  void what_is_not_defined_is_null_with_a_reason() throws IOException {
    agree("a,b\n1,1\n1,1\n", "--columns", "a,b", "--margin", "1", "--out", folder.resolve("out"));

    JsonNode one = result().at("/comparisons/0");
    JsonNode icc = one.path("icc").path("ICC(2,1)");
    assertThat(icc.path("estimate").isNull()).isTrue();
    assertThat(icc.path("undefinedReason").asText()).isEqualTo("NO_VARIANCE");
    assertThat(one.at("/blandAltman/limits/low").isNull()).isTrue();
    assertThat(one.at("/blandAltman/undefinedReason").asText()).isEqualTo("FEW_ROWS");
    assertThat(one.at("/tost/p").asDouble()).isZero();
  }

  @Test
  void a_group_of_one_row_is_a_notice_and_the_others_are_compared() throws IOException {
    Cli run =
        agree("g,a,b\nx,1,1\nx,2,3\ny,5,5\n", "--columns", "a,b", "--by", "g", "--margin", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("b against a, x: 2 rows", "notice TOO_FEW_ROWS: b, y:");
  }

  @Test
  void a_table_of_one_row_is_bad_input() throws IOException {
    Cli run =
        agree("a,b\n1,1\n", "--columns", "a,b", "--margin", "1", "--out", folder.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[TOO_FEW_ROWS]");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"'a,c', NO_SUCH_COLUMN", "'a,t', NOT_A_NUMBER"})
  void columns_that_are_missing_or_hold_text_are_bad_input(String columns, String code)
      throws IOException {
    Cli run = agree("a,b,t\n1,1,x\n2,2,y\n", "--columns", columns, "--margin", "1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[" + code + "]");
    assertThat(run.err().lines()).hasSize(2);
  }

  @Test
  void a_row_without_group_is_bad_input() throws IOException {
    Cli run = agree("g,a,b\nx,1,1\n,2,2\n", "--columns", "a,b", "--by", "g", "--margin", "1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("column \"g\" is empty in line 3", "[NO_GROUP]");
  }

  @Test
  void per_cent_of_a_mean_of_0_is_no_margin() throws IOException {
    Cli run = agree("a,b\n-1,1\n1,2\n", "--columns", "a,b", "--margin", "5%");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("[NO_MARGIN]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5%", "five", "%", "NaN"})
  void a_margin_that_is_no_positive_number_is_usage(String margin) throws IOException {
    Cli run = agree("a,b\n1,1\n2,2\n", "--columns", "a,b", "--margin", margin);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--margin", "a margin");
  }

  @Test
  void three_raters_have_the_iccs_of_shrout_and_fleiss() throws IOException {
    String table = "a;b;c;d\n9;2;5;8\n6;1;3;2\n8;4;6;8\n7;1;2;6\n10;5;6;9\n6;2;4;7\n";

    Cli run = agree(table, "--raters", "a,b,c,d", "--out", folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a, b, c, d: 4 raters, 6 rows")
        .contains("ICC(1,1)            0.1657")
        .contains("ICC(2,1)            0.2898  (95 % 0.0188 to 0.7611)")
        .contains("ICC(3,k)            0.9093");
    assertThat(result().at("/raters/0/icc/ICC(2,k)/estimate").asDouble())
        .isCloseTo(0.6201, within(1e-4));
    assertThat(result().path("comparisons")).isEmpty();
    assertThat(result().has("margin")).isFalse();
  }

  @Test
  void raters_of_each_group_are_compared_without_rows_that_lack_a_value() throws IOException {
    Cli run =
        agree(
            "g,a,b,c\nx,1,1,2\nx,2,2,2\nx,4,5,\ny,1,2,3\nx,4,4,5\ny,3,3,3\n",
            "--raters",
            "a,b,c",
            "--by",
            "g");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a, b, c: x: 3 raters, 3 rows", "a, b, c: y: 3 raters, 2 rows")
        .contains("notice ROWS_LEFT_OUT: a, b, c, x: 1 of 4 rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,", "a,a,b"})
  void raters_that_are_no_two_columns_are_usage(String raters) throws IOException {
    Cli run = agree("a,b\n1,1\n2,2\n", "--raters", raters);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("two or more different columns are written A,B,C");
  }

  @Test
  void a_table_without_a_question_is_usage() throws IOException {
    Cli run = agree("a,b\n1,1\n2,2\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--columns REFERENCE,METHOD or --raters A,B,C");
  }

  @Test
  void semicolons_with_decimal_commas_are_read_and_said() throws IOException {
    Cli run = agree("a;\"b, ml\"\r1,5;2,5\r\r2;3,5\r", "--columns", "a,\"b, ml\"", "--margin", "2");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("b, ml against a: 2 rows", "bias                +1.250")
        .contains("notice DECIMAL_COMMAS: column \"a\"");
  }

  static Stream<Arguments> oddTables() {
    String huge = "ref,met\n5.1e81,5.08e81\n4.8e81,5.03e81\n5.5e81,5.4e81\n3.1e81,3.2e81\n";
    String hardly = "0.30000000000000004,0.30000000000000004";
    return Stream.of(
        Arguments.of("ref,met\n" + "0.1,0.1\n".repeat(3), "Pearson -, Spearman -"),
        Arguments.of("ref,met\n" + "3.1,4.7\n".repeat(28), "Pearson -, Spearman -"),
        Arguments.of("ref,met\n" + "1e308,1e308\n".repeat(10), "within 5.000e+306"),
        Arguments.of("ref,met\n0.3,0.3\n" + hardly + "\n0.3,0.3\n", "ICC(2,1)            1.0000"),
        Arguments.of(huge, "bias                +5.250e+79"));
  }

  @ParameterizedTest
  @MethodSource("oddTables")
  @Timeout(20)
  void tables_of_constant_huge_and_hardly_different_values_have_their_figures_and_pictures(
      String table, String expected) throws IOException {
    Cli run =
        agree(table, "--columns", "ref,met", "--margin", "5%", "--out", folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(expected).doesNotContain("NaN", "Infinity");
    for (String ending : List.of("svg", "pdf", "png")) {
      assertThat(folder.resolve("out/bland-altman-1." + ending)).isNotEmptyFile();
    }
  }

  @Test
  void files_are_named_alike_in_every_locale() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      Cli run =
          agree(
              PEAK_FLOW,
              "--columns",
              "wright,mini",
              "--margin",
              "5%",
              "--unit",
              "l/min",
              "--title",
              "1986",
              "--out",
              folder.resolve("out"));

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).contains("mini against wright: 17 rows");
    } finally {
      Locale.setDefault(before);
    }
    assertThat(folder.resolve("out/bland-altman-1.svg"))
        .content()
        .contains("1986: mini against wright, n = 17", "(l/min)", "margin ±22.52");
  }

  @Test
  void there_is_no_default_margin() throws IOException {
    Cli run = agree("a,b\n1,1\n2,2\n", "--columns", "a,b");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--margin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,b,c", "a,"})
  void columns_that_are_no_pair_are_usage(String columns) throws IOException {
    Cli run = agree("a,b\n1,1\n2,2\n", "--columns", columns, "--margin", "1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("two columns are written REFERENCE,METHOD");
  }

  @Test
  void a_table_that_does_not_exist_is_bad_input() {
    Cli run =
        Cli.run("agree", "--table", folder.resolve("no.csv"), "--columns", "a,b", "--margin", "1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("no.csv", "[NO_SUCH_FILE]");
  }

  @Test
  void the_json_of_an_earlier_run_does_not_survive_a_failure() throws IOException {
    Path earlier = Files.createDirectories(folder.resolve("out")).resolve("agreement.json");
    Files.writeString(earlier, "{}");
    WrittenFiles.of(folder.resolve("out")).begin(List.of("agreement.json"));

    agree("a\n1\n", "--columns", "a,b", "--margin", "1", "--out", folder.resolve("out"));

    assertThat(earlier).doesNotExist();
  }

  @Test
  void the_volumes_of_331_images_agree_as_docs_metrics_says() {
    Cli run =
        Cli.run(
            "agree",
            "--table",
            RealData.path("mr-muscle/volumes_manual_vs_ai_331.csv"),
            "--columns",
            "volume1_gd,volume1_ai",
            "--columns",
            "volume2_gd,volume2_ai",
            "--margin",
            "5%");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("volume1_ai against volume1_gd: 331 rows")
        .contains("ICC(2,1)            0.9990  (95 % 0.9988 to 0.9992)")
        .contains("ICC(2,1)            0.9975  (95 % 0.9970 to 0.9980)")
        .contains("yes, within 12.54 (5% of the reference): p < 1e-15");
  }
}
