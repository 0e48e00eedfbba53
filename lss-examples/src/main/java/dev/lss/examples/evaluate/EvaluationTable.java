package dev.lss.examples.evaluate;

import dev.lss.api.Notice;
import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.ClusterBootstrap;
import dev.lss.metrics.agreement.Interval;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints an evaluation for people: of one case the figures of each structure, of several their
 * means over the cases. Programs read the JSON or the CSV.
 */
public final class EvaluationTable {

  private final Evaluation evaluation;
  private final PrintWriter out;
  private final List<String> columns = new ArrayList<>(List.of("dice", "iou"));
  private final int nameWidth;

  private EvaluationTable(Evaluation evaluation, PrintWriter out) {
    this.evaluation = evaluation;
    this.out = out;
    if (evaluation.settings().distances()) {
      columns.addAll(List.of("hausdorff95Mm", "assdMm"));
      evaluation.settings().tolerancesMm().forEach(mm -> columns.add(Settings.surfaceDice(mm)));
    }
    columns.add("relativeVolumeError");
    nameWidth =
        evaluation.cases().stream()
            .flatMap(c -> c.labels().stream())
            .mapToInt(label -> label.match().name().length())
            .reduce("label".length(), Math::max);
  }

  /** Prints the table and the notices. */
  public static void print(Evaluation evaluation, PrintWriter out) {
    EvaluationTable table = new EvaluationTable(evaluation, out);
    if (evaluation.foundAnything()) {
      if (evaluation.cases().size() == 1) {
        table.one(evaluation.cases().get(0));
      } else {
        table.several();
      }
    }
    evaluation.notices().forEach(notice -> table.notice("", notice));
    for (CaseResult judged : evaluation.cases()) {
      judged.notices().forEach(notice -> table.notice(judged.name() + ": ", notice));
    }
    out.flush();
  }

  private void one(CaseResult judged) {
    header("");
    for (LabelResult label : judged.labels()) {
      row(label.match().name(), "", label.figures());
    }
    line(
        "Dice: mean over labels %s, pooled %s, of the union %s",
        number(judged.macroDice()), number(judged.pooledDice()), number(judged.unionDice()));
    judged
        .identification()
        .ifPresent(
            i ->
                line(
                    "identified %d of %d vertebrae (rule %s)",
                    i.hits(), i.referenceLevels(), i.rule()));
  }

  private void several() {
    header("    n");
    evaluation.summaries().forEach(this::means);
    line("means over the cases where a value is defined and finite; n counts those with a Dice");
    long levels = 0;
    long hits = 0;
    for (CaseResult judged : evaluation.cases()) {
      levels += judged.identification().map(i -> (long) i.referenceLevels()).orElse(0L);
      hits += judged.identification().map(i -> (long) i.hits()).orElse(0L);
    }
    if (levels > 0) {
      line("identified %d of %d vertebrae (rule VERSE)", hits, levels);
    }
    evaluation.diceBootstrap().ifPresent(this::bootstrap);
  }

  private void means(String name, Map<String, Summary> figures) {
    Map<String, Double> means =
        figures.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().mean()));
    Summary dice = figures.getOrDefault("dice", Summary.of(List.of()));
    row(name, "%5d".formatted(dice.n() - dice.undefined()), means);
    long infinite = figures.values().stream().mapToInt(Summary::infinite).max().orElse(0);
    if (infinite > 0) {
      line("  %s is missing on one side in %d cases, which distances leave out", name, infinite);
    }
  }

  private void bootstrap(ClusterBootstrap bootstrap) {
    Interval interval = bootstrap.percentileInterval(0.95);
    line(
        "mean Dice %s, 95 %% interval %s to %s (bootstrap over %d cases%s)",
        number(bootstrap.estimate()),
        number(interval.low()),
        number(interval.high()),
        bootstrap.subjects(),
        bootstrap.hasFewSubjects() ? ", too few to rely on" : "");
  }

  private void header(String extra) {
    StringBuilder text = new StringBuilder(pad("label")).append(extra);
    columns.forEach(column -> text.append("  ").append(title(column)));
    line("%s", text);
  }

  private static String title(String column) {
    return switch (column) {
      case "dice" -> "  Dice";
      case "iou" -> "   IoU";
      case "hausdorff95Mm" -> "HD95 (mm)";
      case "assdMm" -> "ASSD (mm)";
      case "relativeVolumeError" -> "volume error (%)";
      default -> column.replace("surfaceDice", "surface Dice ").replace("mm", " mm");
    };
  }

  private void row(String name, String extra, Map<String, Double> figures) {
    StringBuilder text = new StringBuilder(pad(name)).append(extra);
    for (String column : columns) {
      double value = figures.getOrDefault(column, Double.NaN);
      String cell =
          column.equals("relativeVolumeError")
              ? format(value, "%+.2f", 100)
              : format(value, column.endsWith("Mm") ? "%.3f" : "%.4f", 1);
      text.append("  ").append(("%" + title(column).length() + "s").formatted(cell));
    }
    line("%s", text);
  }

  private String pad(String name) {
    return ("%-" + nameWidth + "s").formatted(name);
  }

  private static String number(double value) {
    return format(value, "%.4f", 1);
  }

  private static String format(double value, String format, double factor) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return Double.isInfinite(value) ? "inf" : String.format(Locale.ROOT, format, value * factor);
  }

  private void notice(String of, Notice notice) {
    line("notice %s: %s%s", notice.code(), of, notice.message());
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
