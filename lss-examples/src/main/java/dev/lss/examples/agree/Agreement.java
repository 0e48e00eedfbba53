package dev.lss.examples.agree;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.examples.text.CsvTable;
import dev.lss.metrics.agreement.PairedSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All comparisons that were asked of a table. Immutable.
 *
 * @param margin the margin of equivalence
 * @param comparisons by columns and then by group, at least one
 * @param notices rows and groups that were left out
 */
public record Agreement(Margin margin, List<Comparison> comparisons, List<Notice> notices) {

  /**
   * Two columns.
   *
   * @param reference name of the column that counts as true
   * @param method name of the column that is judged
   */
  public record Columns(String reference, String method) {}

  /** Copies the lists. */
  public Agreement {
    comparisons = List.copyOf(comparisons);
    notices = List.copyOf(notices);
  }

  /**
   * Compares columns of a table, and each group of its rows for itself.
   *
   * @param by the column that tells the groups apart
   * @throws InvalidStudyException {@code NO_SUCH_COLUMN}, {@code NOT_A_NUMBER}; {@code NO_GROUP}
   *     for a row without group; {@code TOO_FEW_ROWS} when no comparison has two complete rows;
   *     {@code NO_MARGIN} when the margin is per cent of a mean of 0
   */
  public static Agreement of(
      CsvTable table, List<Columns> columns, Optional<String> by, Margin margin) {
    Map<Optional<String>, int[]> groups = groups(table, by);
    List<Comparison> comparisons = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    for (Columns pair : columns) {
      double[] reference = table.numbers(pair.reference());
      double[] method = table.numbers(pair.method());
      groups.forEach(
          (group, rows) -> {
            double[] r = Arrays.stream(rows).mapToDouble(n -> reference[n]).toArray();
            double[] m = Arrays.stream(rows).mapToDouble(n -> method[n]).toArray();
            compare(pair, group, r, m, margin, notices).ifPresent(comparisons::add);
          });
    }
    if (comparisons.isEmpty()) {
      throw new InvalidStudyException(
          "TOO_FEW_ROWS", "agreement needs at least two rows in which both columns have a value");
    }
    return new Agreement(margin, comparisons, notices);
  }

  private static Map<Optional<String>, int[]> groups(CsvTable table, Optional<String> by) {
    Map<Optional<String>, List<Integer>> rows = new LinkedHashMap<>();
    List<String> names = by.isPresent() ? table.column(by.get()) : List.of();
    for (int n = 0; n < table.rows().size(); n++) {
      if (by.isPresent() && names.get(n).isEmpty()) {
        throw new InvalidStudyException(
            "NO_GROUP", "column \"%s\" is empty in line %d".formatted(by.get(), table.line(n)));
      }
      Optional<String> group = by.isPresent() ? Optional.of(names.get(n)) : Optional.empty();
      rows.computeIfAbsent(group, g -> new ArrayList<>()).add(n);
    }
    Map<Optional<String>, int[]> groups = new LinkedHashMap<>();
    rows.forEach(
        (group, list) -> groups.put(group, list.stream().mapToInt(Integer::intValue).toArray()));
    return groups;
  }

  private static Optional<Comparison> compare(
      Columns pair,
      Optional<String> group,
      double[] reference,
      double[] method,
      Margin margin,
      List<Notice> notices) {
    int complete = 0;
    for (int n = 0; n < reference.length; n++) {
      complete += Double.isNaN(reference[n] + method[n]) ? 0 : 1;
    }
    String where = pair.method() + group.map(g -> ", " + g).orElse("");
    if (complete < reference.length) {
      notices.add(
          new Notice(
              "ROWS_LEFT_OUT",
              "%s: %d of %d rows lack a value and were left out"
                  .formatted(where, reference.length - complete, reference.length)));
    }
    if (complete < 2) {
      notices.add(
          new Notice(
              "TOO_FEW_ROWS",
              "%s: fewer than two complete rows, so nothing was computed".formatted(where)));
      return Optional.empty();
    }
    PairedSample sample = PairedSample.of(reference, method);
    if (margin.percent() && sample.referenceMean() == 0) {
      throw new InvalidStudyException(
          "NO_MARGIN",
          "%s: the reference's mean is 0, and so is any share of it; give --margin as a number"
              .formatted(where));
    }
    return Optional.of(Comparison.of(pair.reference(), pair.method(), group, sample, margin));
  }
}
