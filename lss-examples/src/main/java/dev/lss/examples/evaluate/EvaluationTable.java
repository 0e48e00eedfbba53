package dev.lss.examples.evaluate;

import dev.lss.api.Notice;
import dev.lss.metrics.Identification;
import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.ClusterBootstrap;
import dev.lss.metrics.agreement.Interval;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Prints an evaluation for people: of one case the figures of each structure, of several their
 * means, medians and quartiles over the cases, and the worst; of several predictions how they
 * compare. Programs read the JSON or the CSV.
 */
public final class EvaluationTable {

  private final Evaluation evaluation;
  private final PrintWriter out;
  private final List<Measure> columns;
  private final int nameWidth;

  private EvaluationTable(Evaluation evaluation, PrintWriter out) {
    this.evaluation = evaluation;
    this.out = out;
    columns = evaluation.settings().mainMeasures();
    nameWidth =
        evaluation.statistics().stream()
            .flatMap(one -> one.byLabel().keySet().stream())
            .filter(label -> evaluation.hasSeveralCases() || !isMean(label))
            .mapToInt(String::length)
            .max()
            .orElse(0);
  }

  private static boolean isMean(String label) {
    return label.equals(Statistics.MEAN_OF_LABELS);
  }

  /** Prints the tables and the notices. */
  public static void print(Evaluation evaluation, PrintWriter out) {
    EvaluationTable table = new EvaluationTable(evaluation, out);
    for (Statistics one : evaluation.statistics()) {
      if (evaluation.predictions().size() > 1) {
        table.line("%s:", one.prediction().name());
      }
      if (evaluation.hasSeveralCases() && evaluation.foundAnything()) {
        table.several(one);
      } else {
        one.prediction().cases().stream()
            .filter(judged -> !judged.labels().isEmpty())
            .forEach(table::one);
      }
    }
    table.comparison();
    evaluation.notices().forEach(notice -> table.notice("", notice));
    for (Prediction prediction : evaluation.predictions()) {
      for (CaseResult judged : prediction.cases()) {
        judged.notices().forEach(notice -> table.notice(judged.name() + ": ", notice));
      }
      for (Prediction.Failure failure : prediction.failures()) {
        table.notice(failure.name() + ": ", new Notice(failure.code(), failure.message()));
      }
    }
    out.flush();
  }

  private void one(CaseResult judged) {
    header("", columns);
    for (LabelResult label : judged.labels()) {
      row(label.match().name(), "", label::value);
    }
    line(
        "Dice: mean over labels %s, pooled %s, of the union %s",
        number(judged.macroDice()), number(judged.pooledDice()), number(judged.unionDice()));
    judged.identification().ifPresent(i -> identified(i.hits(), i.referenceLevels(), i.rule()));
  }

  private void identified(long hits, long levels, Identification.Rule rule) {
    line("identified %s of %s vertebrae (rule %s)", hits, levels, rule);
  }

  private void several(Statistics one) {
    header("    n", columns);
    for (String label : one.byLabel().keySet()) {
      Summary dice = one.cases(label, columns.get(0)).summary();
      row(
          label,
          String.format(Locale.ROOT, "%5d", dice.n() - dice.undefined()),
          measure -> one.cases(label, measure).summary().mean());
      infinite(one, label);
    }
    line("means over the cases where a value is defined and finite; n counts those with a Dice");
    line("");
    line("%s  median (lower to upper quartile)", pad(""));
    List<String> titles = columns.stream().map(m -> quartiles(m.title())).toList();
    line("%s  %s", pad("label"), String.join("  ", titles).stripTrailing());
    for (String label : one.byLabel().keySet()) {
      List<String> cells =
          columns.stream()
              .map(m -> quartiles(SummaryTables.median(m, one.cases(label, m).summary())))
              .toList();
      line("%s  %s", pad(label), String.join("  ", cells).stripTrailing());
    }
    line("");
    worst(one);
    long levels = 0;
    long hits = 0;
    for (CaseResult judged : one.prediction().cases()) {
      levels += judged.identification().map(i -> (long) i.referenceLevels()).orElse(0L);
      hits += judged.identification().map(i -> (long) i.hits()).orElse(0L);
    }
    if (levels > 0) {
      identified(hits, levels, Identification.Rule.VERSE);
    }
    one.diceBootstrap(evaluation.settings()).ifPresent(this::bootstrap);
  }

  private static String quartiles(String cell) {
    return String.format(Locale.ROOT, "%-26s", cell);
  }

  private void infinite(Statistics one, String label) {
    int most =
        one.byLabel().getOrDefault(label, Map.of()).values().stream()
            .mapToInt(cases -> cases.summary().infinite())
            .max()
            .orElse(0);
    if (most > 0) {
      line("  %s is missing on one side in %s cases, which distances leave out", label, most);
    }
  }

  private void worst(Statistics one) {
    List<Statistics.Value> worst = one.worst(columns.get(0));
    if (!worst.isEmpty()) {
      List<String> words =
          worst.stream()
              .map(v -> "%s %s %s".formatted(v.name(), v.label(), number(v.value())))
              .toList();
      line("lowest Dice: %s", String.join(", ", words));
    }
  }

  private void bootstrap(ClusterBootstrap bootstrap) {
    Interval interval = bootstrap.percentileInterval(Statistics.CONFIDENCE);
    line(
        "mean Dice %s, 95 %% interval %s to %s (bootstrap over %s cases%s)",
        number(bootstrap.estimate()),
        number(interval.low()),
        number(interval.high()),
        bootstrap.subjects(),
        bootstrap.hasFewSubjects() ? ", too few to rely on" : "");
  }

  private void comparison() {
    for (Contrast c : evaluation.contrasts()) {
      if (c.measure().isMain() && isMean(c.label())) {
        line(
            "%s of %s minus %s: %s (%s to %s), Wilcoxon p %s, Holm %s, %s cases%s",
            c.measure().title(),
            c.second(),
            c.first(),
            c.measure().format(c.meanDifference()),
            c.measure().format(c.interval().low()),
            c.measure().format(c.interval().high()),
            SummaryTables.p(c.p()),
            SummaryTables.p(c.holm()),
            c.n(),
            c.leftOut() == 0 ? "" : ", %s left out".formatted(c.leftOut()));
      }
    }
    for (Measure measure : columns) {
      List<String> places = new ArrayList<>();
      for (Ranking r : evaluation.rankings()) {
        if (r.measure().equals(measure)) {
          places.add(r.prediction() + String.format(Locale.ROOT, " %.2f", r.meanRank()));
        }
      }
      if (!places.isEmpty()) {
        line("mean rank by %s: %s", measure.title(), String.join(", ", places));
      }
    }
  }

  private void header(String extra, List<Measure> measures) {
    StringBuilder text = new StringBuilder(pad("label")).append(extra);
    measures.forEach(measure -> text.append("  ").append(cell(measure, measure.title())));
    line("%s", text);
  }

  private void row(String name, String extra, ToDoubleFunction<Measure> value) {
    StringBuilder text = new StringBuilder(pad(name)).append(extra);
    for (Measure measure : columns) {
      String cell = measure.format(value.applyAsDouble(measure));
      text.append("  ").append(cell(measure, cell));
    }
    line("%s", text);
  }

  private static String cell(Measure measure, String words) {
    int width = Math.max(6, measure.title().length());
    return " ".repeat(Math.max(0, width - words.length())) + words;
  }

  private String pad(String name) {
    return name + " ".repeat(Math.max(0, Math.max(nameWidth, 5) - name.length()));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private void notice(String of, Notice notice) {
    line("notice %s: %s%s", notice.code(), of, notice.message());
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
