package dev.lss.examples.agree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.examples.text.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementJsonTest {

  @TempDir private Path folder;

  private JsonNode write(double[]... rows) throws IOException {
    StringBuilder text = new StringBuilder("a,b\n");
    for (double[] row : rows) {
      text.append(row[0]).append(',').append(row[1]).append('\n');
    }
    CsvTable table = CsvTable.read(Files.writeString(folder.resolve("t.csv"), text));
    Agreement agreement =
        Agreement.of(
            table,
            new Question(
                List.of(new Question.Columns("a", "b")),
                List.of(List.of("a", "b")),
                Optional.empty(),
                Optional.of(new Margin(1, false))));
    return new ObjectMapper().readTree(AgreementJson.write(agreement, List.of()));
  }

  /**
   * Collects objects that hold a null, in themselves or in an interval, and those with a reason.
   */
  private static void collect(JsonNode node, List<String> nulls, List<String> reasons, String at) {
    boolean lacks = false;
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      boolean interval = value.has("low");
      lacks |= value.isNull() && !field.getKey().equals("group");
      lacks |= interval && (value.path("low").isNull() || value.path("high").isNull());
      if (!interval) {
        collect(value, nulls, reasons, at + "/" + field.getKey());
      }
    }
    for (int n = 0; node.isArray() && n < node.size(); n++) {
      collect(node.path(n), nulls, reasons, at + "/" + n);
    }
    if (lacks) {
      nulls.add(at);
    }
    if (node.has("undefinedReason")) {
      reasons.add(at);
    }
  }

  static Stream<List<double[]>> samples() {
    Random random = new Random(8);
    List<List<double[]>> samples = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      int values = 1 + random.nextInt(3);
      samples.add(
          Stream.generate(() -> new double[] {random.nextInt(values), random.nextInt(values) + 0.1})
              .limit(2 + random.nextInt(4))
              .toList());
    }
    samples.add(
        List.of(
            new double[] {1e308, -1e308},
            new double[] {-1e308, 1e308},
            new double[] {1e308, 1e307}));
    samples.add(Stream.generate(() -> new double[] {1e308, 1e308}).limit(3).toList());
    samples.add(
        Stream.generate(() -> new double[] {random.nextGaussian(), random.nextGaussian()})
            .limit(60)
            .toList());
    return samples.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatever_is_null_has_a_reason_and_nothing_else_has_one(List<double[]> sample)
      throws IOException {
    List<String> nulls = new ArrayList<>();
    List<String> reasons = new ArrayList<>();

    collect(write(sample.toArray(double[][]::new)), nulls, reasons, "");

    assertThat(reasons).containsExactlyInAnyOrderElementsOf(nulls);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pearson",
        "/spearman",
        "/lin",
        "/blandAltman/proportionalBias",
        "/tost",
        "/icc/ICC(3,1)"
      })
  void constant_columns_have_no_variance_whatever_their_decimals(String at) throws IOException {
    double[][] rows = new double[28][];
    Arrays.fill(rows, new double[] {3.1, 4.7});

    JsonNode one = write(rows).at("/comparisons/0" + at);

    assertThat(one.path("undefinedReason").asText()).isEqualTo("NO_VARIANCE");
  }

  @Test
  void three_rows_are_enough_for_the_p_of_ranks_but_not_for_pearsons_interval() throws IOException {
    JsonNode one = write(new double[][] {{1, 1}, {2, 3}, {3, 2}}).at("/comparisons/0");

    assertThat(one.path("spearman").has("undefinedReason")).isFalse();
    assertThat(one.at("/pearson/undefinedReason").asText()).isEqualTo("FEW_ROWS");
  }

  @Test
  void two_rows_have_no_p_of_a_correlation() throws IOException {
    JsonNode one = write(new double[][] {{1, 1}, {2, 3}}).at("/comparisons/0");

    assertThat(one.at("/spearman/p").isNull()).isTrue();
    assertThat(one.at("/spearman/undefinedReason").asText()).isEqualTo("FEW_ROWS");
    assertThat(one.at("/blandAltman/undefinedReason").asText()).isEqualTo("FEW_ROWS");
  }
}
