package dev.lss.examples.evaluate;

import dev.lss.examples.text.TextTable;
import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a paper needs of an evaluation, as tables: every digit for programs, rounded for people. */
final class SummaryTables {

  private SummaryTables() {}

  /** Returns a row for each prediction, structure and measure, with every digit. */
  static TextTable summary(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (Statistics one : evaluation.statistics()) {
      one.byLabel()
          .forEach(
              (label, byMeasure) ->
                  byMeasure.forEach(
                      (measure, cases) ->
                          rows.add(row(one.prediction().name(), label, measure, cases))));
    }
    return new TextTable(
        List.of(
            "prediction",
            "name",
            "measure",
            "n",
            "undefined",
            "infinite",
            "mean",
            "sd",
            "low95",
            "high95",
            "bcaLow95",
            "bcaHigh95",
            "minimum",
            "lowerQuartile",
            "median",
            "upperQuartile",
            "maximum"),
        rows);
  }

  private static List<String> row(
      String prediction, String label, Measure measure, Statistics.Cases cases) {
    Summary s = cases.summary();
    Interval percentile =
        cases
            .bootstrap()
            .map(b -> b.percentileInterval(Statistics.CONFIDENCE))
            .orElse(Interval.UNDEFINED);
    Interval bca =
        cases
            .bootstrap()
            .flatMap(b -> b.bcaInterval(Statistics.CONFIDENCE))
            .orElse(Interval.UNDEFINED);
    return List.of(
        prediction,
        label,
        measure.key(),
        String.valueOf(s.n()),
        String.valueOf(s.undefined()),
        String.valueOf(s.infinite()),
        exact(s.mean()),
        exact(s.sd()),
        exact(percentile.low()),
        exact(percentile.high()),
        exact(bca.low()),
        exact(bca.high()),
        exact(s.minimum()),
        exact(s.lowerQuartile()),
        exact(s.median()),
        exact(s.upperQuartile()),
        exact(s.maximum()));
  }

  /** Returns the main measures of every structure, rounded. */
  static TextTable printed(Evaluation evaluation) {
    List<Measure> main = evaluation.settings().mainMeasures();
    boolean several = evaluation.predictions().size() > 1;
    List<String> header = new ArrayList<>();
    if (several) {
      header.add("prediction");
    }
    header.addAll(List.of("label", "n"));
    for (Measure measure : main) {
      header.add(measure.title() + ", mean (95 % interval)");
      header.add("median (quartiles)");
    }
    List<List<String>> rows = new ArrayList<>();
    for (Statistics one : evaluation.statistics()) {
      for (String label : one.byLabel().keySet()) {
        List<String> cells = new ArrayList<>();
        if (several) {
          cells.add(one.prediction().name());
        }
        Summary dice = one.cases(label, one.measures().get(0)).summary();
        cells.addAll(List.of(label, String.valueOf(dice.n() - dice.undefined())));
        for (Measure measure : main) {
          Statistics.Cases cases = one.cases(label, measure);
          cells.add(mean(measure, cases) + infinite(cases.summary()));
          cells.add(median(measure, cases.summary()));
        }
        rows.add(cells);
      }
    }
    return new TextTable(header, rows);
  }

  private static String mean(Measure measure, Statistics.Cases cases) {
    Optional<Interval> interval =
        cases.bootstrap().map(b -> b.percentileInterval(Statistics.CONFIDENCE));
    String mean = measure.format(cases.summary().mean());
    return interval
        .map(
            i -> "%s (%s to %s)".formatted(mean, measure.format(i.low()), measure.format(i.high())))
        .orElse(mean);
  }

  private static String infinite(Summary summary) {
    return summary.infinite() == 0 ? "" : ", %s infinite".formatted(summary.infinite());
  }

  static String median(Measure measure, Summary s) {
    return Double.isNaN(s.median())
        ? "-"
        : "%s (%s to %s)"
            .formatted(
                measure.format(s.median()),
                measure.format(s.lowerQuartile()),
                measure.format(s.upperQuartile()));
  }

  /** Returns a row for every two predictions by each measure of each structure. */
  static TextTable comparison(Evaluation evaluation) {
    List<List<String>> rows =
        evaluation.contrasts().stream()
            .map(
                c ->
                    List.of(
                        c.measure().key(),
                        c.label(),
                        c.first(),
                        c.second(),
                        String.valueOf(c.n()),
                        String.valueOf(c.leftOut()),
                        exact(c.meanDifference()),
                        exact(c.interval().low()),
                        exact(c.interval().high()),
                        exact(c.p()),
                        exact(c.holm()),
                        c.better()))
            .toList();
    return new TextTable(
        List.of(
            "measure",
            "name",
            "first",
            "second",
            "n",
            "leftOut",
            "meanDifference",
            "low95",
            "high95",
            "p",
            "pHolm",
            "better"),
        rows);
  }

  /** Returns the comparisons by the main measures, rounded. */
  static TextTable printedComparison(Evaluation evaluation) {
    List<List<String>> rows =
        evaluation.contrasts().stream()
            .filter(c -> c.measure().isMain())
            .map(
                c ->
                    List.of(
                        c.measure().title(),
                        c.label(),
                        "%s minus %s".formatted(c.second(), c.first()),
                        String.valueOf(c.n()),
                        "%s (%s to %s)"
                            .formatted(
                                c.measure().format(c.meanDifference()),
                                c.measure().format(c.interval().low()),
                                c.measure().format(c.interval().high())),
                        p(c.p()),
                        p(c.holm()),
                        c.better().isEmpty() ? "-" : c.better()))
            .toList();
    return new TextTable(
        List.of(
            "measure",
            "label",
            "difference",
            "n",
            "mean (95 % interval)",
            "p",
            "p (Holm)",
            "better"),
        rows);
  }

  /** Returns a p-value as people read it. */
  static String p(double p) {
    return Double.isNaN(p) ? "-" : p < 1e-15 ? "< 1e-15" : String.format(Locale.ROOT, "%.3g", p);
  }

  /** Returns a number with all its digits; empty when it is not defined. */
  static String exact(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : String.valueOf(value);
  }
}
