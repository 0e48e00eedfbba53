package dev.lss.examples.agree;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.examples.text.CsvTable;
import dev.lss.metrics.agreement.PairedSample;
import dev.lss.metrics.agreement.Ratings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The answer to a {@link Question}. Immutable.
 *
 * @param question what was asked
 * @param comparisons of pairs, by columns and then by group
 * @param raters of several raters, by columns and then by group; with {@code comparisons} at least
 *     one
 * @param notices rows and groups that were left out
 */
public record Agreement(
    Question question,
    List<Comparison> comparisons,
    List<RaterAgreement> raters,
    List<Notice> notices) {

  /** A mean that is so small a share of the values is 0 but for rounding. */
  private static final double ROUNDING = 1e-12;

  /** Copies the lists. */
  public Agreement {
    comparisons = List.copyOf(comparisons);
    raters = List.copyOf(raters);
    notices = List.copyOf(notices);
  }

  /**
   * Compares columns of a table, and each group of its rows for itself.
   *
   * @throws InvalidStudyException {@code NO_SUCH_COLUMN}, {@code NOT_A_NUMBER}; {@code NO_GROUP}
   *     for a row without group; {@code TOO_FEW_ROWS} when no comparison has two complete rows;
   *     {@code NO_MARGIN} when the margin is per cent of a mean of 0
   */
  public static Agreement of(CsvTable table, Question question) {
    Map<Optional<String>, int[]> groups = groups(table, question.by());
    List<Comparison> comparisons = new ArrayList<>();
    List<RaterAgreement> raters = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    for (Question.Columns pair : question.pairs()) {
      List<double[]> columns = numbers(table, List.of(pair.reference(), pair.method()));
      groups.forEach(
          (group, rows) ->
              complete(columns, rows, pair.method(), group, notices)
                  .map(c -> PairedSample.of(c[0], c[1]))
                  .map(sample -> compare(pair, group, sample, question.margin().orElseThrow()))
                  .ifPresent(comparisons::add));
    }
    for (List<String> names : question.raters()) {
      List<double[]> columns = numbers(table, names);
      groups.forEach(
          (group, rows) ->
              complete(columns, rows, String.join(", ", names), group, notices)
                  .map(c -> RaterAgreement.of(names, group, Ratings.ofColumns(c)))
                  .ifPresent(raters::add));
    }
    if (comparisons.isEmpty() && raters.isEmpty()) {
      throw new InvalidStudyException(
          "TOO_FEW_ROWS", "agreement needs at least two rows in which all columns have a value");
    }
    Stream.concat(
            question.pairs().stream().flatMap(p -> Stream.of(p.reference(), p.method())),
            question.raters().stream().flatMap(List::stream))
        .distinct()
        .filter(table::hasDecimalCommas)
        .forEach(
            name ->
                notices.add(
                    new Notice(
                        "DECIMAL_COMMAS",
                        "column \"%s\" was read with decimal commas".formatted(name))));
    return new Agreement(question, comparisons, raters, notices);
  }

  private static List<double[]> numbers(CsvTable table, List<String> names) {
    return names.stream().map(table::numbers).toList();
  }

  private static Map<Optional<String>, int[]> groups(CsvTable table, Optional<String> by) {
    if (by.isEmpty()) {
      return Map.of(Optional.empty(), IntStream.range(0, table.rows().size()).toArray());
    }
    Map<Optional<String>, IntStream.Builder> rows = new LinkedHashMap<>();
    List<String> names = table.column(by.get());
    for (int n = 0; n < names.size(); n++) {
      if (names.get(n).isEmpty()) {
        throw new InvalidStudyException(
            "NO_GROUP", "column \"%s\" is empty in line %s".formatted(by.get(), table.line(n)));
      }
      rows.computeIfAbsent(Optional.of(names.get(n)), g -> IntStream.builder()).add(n);
    }
    Map<Optional<String>, int[]> groups = new LinkedHashMap<>();
    rows.forEach((group, builder) -> groups.put(group, builder.build().toArray()));
    return groups;
  }

  /** Returns the rows of a group; empty, with a notice, when fewer than two are complete. */
  private static Optional<double[][]> complete(
      List<double[]> columns,
      int[] rows,
      String name,
      Optional<String> group,
      List<Notice> notices) {
    double[][] values =
        columns.stream()
            .map(column -> Arrays.stream(rows).mapToDouble(n -> column[n]).toArray())
            .toArray(double[][]::new);
    long complete =
        IntStream.range(0, rows.length)
            .filter(n -> Arrays.stream(values).noneMatch(column -> Double.isNaN(column[n])))
            .count();
    String where = name + group.map(g -> ", " + g).orElse("");
    if (complete < rows.length) {
      notices.add(
          new Notice(
              "ROWS_LEFT_OUT",
              "%s: %s of %s rows lack a value and were left out"
                  .formatted(where, rows.length - complete, rows.length)));
    }
    if (complete < 2) {
      notices.add(
          new Notice(
              "TOO_FEW_ROWS",
              "%s: fewer than two complete rows, so nothing was computed".formatted(where)));
      return Optional.empty();
    }
    return Optional.of(values);
  }

  private static Comparison compare(
      Question.Columns pair, Optional<String> group, PairedSample sample, Margin margin) {
    double largest =
        IntStream.range(0, sample.n())
            .mapToDouble(n -> Math.abs(sample.reference(n)))
            .max()
            .orElse(0);
    if (margin.percent() && Math.abs(sample.referenceMean()) <= ROUNDING * largest) {
      throw new InvalidStudyException(
          "NO_MARGIN",
          "%s: the reference's mean is 0, and so is any share of it; give --margin as a number"
              .formatted(pair.method() + group.map(g -> ", " + g).orElse("")));
    }
    return Comparison.of(pair.reference(), pair.method(), group, sample, margin);
  }
}
