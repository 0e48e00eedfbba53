package dev.lss.examples.evaluate;

import dev.lss.examples.text.CsvTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes an evaluation as a table: a row for each structure of each case. A value that is not
 * defined is an empty cell; an infinite one is {@code inf}.
 */
public final class EvaluationCsv {

  private EvaluationCsv() {}

  /** Returns the table as UTF-8 bytes. */
  public static byte[] write(Evaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of(
                "case",
                "name",
                "referenceLabel",
                "predictionLabel",
                "truePositives",
                "falsePositives",
                "falseNegatives",
                "trueNegatives"));
    List<String> figures =
        evaluation.cases().stream()
            .flatMap(c -> c.labels().stream())
            .findFirst()
            .map(label -> List.copyOf(label.figures().keySet()))
            .orElse(List.of());
    header.addAll(figures);
    return CsvTable.bytes(
        Stream.concat(
            Stream.of(header),
            evaluation.cases().stream()
                .flatMap(c -> c.labels().stream().map(label -> row(c.name(), label)))));
  }

  private static List<String> row(String name, LabelResult label) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(label.match().name());
    cells.add(String.valueOf(label.match().reference()));
    cells.add(String.valueOf(label.match().prediction()));
    cells.add(String.valueOf(label.overlap().truePositives()));
    cells.add(String.valueOf(label.overlap().falsePositives()));
    cells.add(String.valueOf(label.overlap().falseNegatives()));
    cells.add(String.valueOf(label.overlap().trueNegatives()));
    label.figures().values().forEach(value -> cells.add(cell(value)));
    return cells;
  }

  private static String cell(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return Double.isInfinite(value) ? "inf" : String.valueOf(value);
  }
}
