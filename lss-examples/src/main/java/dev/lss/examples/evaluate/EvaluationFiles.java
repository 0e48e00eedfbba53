package dev.lss.examples.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/** The files of an evaluation: tables, box plots and, last, {@value #MAIN}. */
public final class EvaluationFiles {

  /** The file that says that the others are complete. */
  public static final String MAIN = "evaluation.json";

  /** Matches the names of all other files. */
  public static final String NAMES =
      "evaluation\\.csv|(summary|comparison)\\.(csv|md|tex)|box-.*\\.(svg|pdf|png)";

  private EvaluationFiles() {}

  /**
   * Returns the files by name, in the order in which they are to be written.
   *
   * @param plots whether box plots are wanted
   */
  public static Map<String, byte[]> of(Evaluation evaluation, boolean plots) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("evaluation.csv", EvaluationCsv.of(evaluation).csv());
    if (evaluation.foundAnything() && evaluation.hasSeveralCases()) {
      var printed = SummaryTables.printed(evaluation);
      files.put("summary.csv", SummaryTables.summary(evaluation).csv());
      files.put("summary.md", printed.markdown());
      files.put("summary.tex", printed.latex());
    }
    if (!evaluation.contrasts().isEmpty()) {
      var printed = SummaryTables.printedComparison(evaluation);
      files.put("comparison.csv", SummaryTables.comparison(evaluation).csv());
      files.put("comparison.md", printed.markdown());
      files.put("comparison.tex", printed.latex());
    }
    if (plots && evaluation.foundAnything()) {
      evaluation
          .settings()
          .measures()
          .forEach(measure -> files.putAll(BoxPlot.files(measure, evaluation.statistics())));
    }
    files.put(MAIN, EvaluationJson.write(evaluation));
    return files;
  }
}
