package dev.lss.examples.evaluate;

import dev.lss.examples.text.TextTable;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluation as a table: a row for each structure of each case. A value that is not defined is
 * an empty cell; an infinite one is {@code inf}.
 */
final class EvaluationCsv {

  private EvaluationCsv() {}

  static TextTable of(Evaluation evaluation) {
    List<String> header =
        new ArrayList<>(
            List.of(
                "prediction",
                "case",
                "name",
                "referenceLabels",
                "predictionLabels",
                "truePositives",
                "falsePositives",
                "falseNegatives",
                "trueNegatives"));
    evaluation.settings().measures().forEach(measure -> header.add(measure.key()));
    List<List<String>> rows = new ArrayList<>();
    for (Prediction prediction : evaluation.predictions()) {
      for (CaseResult judged : prediction.cases()) {
        for (LabelResult label : judged.labels()) {
          rows.add(row(evaluation.settings(), prediction.name(), judged.name(), label));
        }
      }
    }
    return new TextTable(header, rows);
  }

  private static List<String> row(
      Settings settings, String prediction, String name, LabelResult label) {
    List<String> cells = new ArrayList<>();
    cells.add(prediction);
    cells.add(name);
    cells.add(label.match().name());
    cells.add(LabelMatch.text(label.match().reference()));
    cells.add(LabelMatch.text(label.match().prediction()));
    cells.add(String.valueOf(label.overlap().truePositives()));
    cells.add(String.valueOf(label.overlap().falsePositives()));
    cells.add(String.valueOf(label.overlap().falseNegatives()));
    cells.add(String.valueOf(label.overlap().trueNegatives()));
    settings.measures().forEach(m -> cells.add(SummaryTables.exact(label.value(m))));
    return cells;
  }
}
