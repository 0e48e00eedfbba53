package dev.lss.examples.evaluate;

import dev.lss.api.Notice;
import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.ClusterBootstrap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All cases together. Immutable.
 *
 * @param settings what was measured
 * @param cases the cases, at least one
 * @param notices what is doubtful about the whole
 */
public record Evaluation(Settings settings, List<CaseResult> cases, List<Notice> notices) {

  /** Copies the lists. */
  public Evaluation {
    cases = List.copyOf(cases);
    notices = List.copyOf(notices);
  }

  /** Returns whether there was any structure to judge. */
  public boolean foundAnything() {
    return cases.stream().anyMatch(c -> !c.labels().isEmpty());
  }

  /** Returns, by structure and then by measure, the summary over the cases that were judged. */
  Map<String, Map<String, Summary>> summaries() {
    Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();
    for (CaseResult judged : cases) {
      for (LabelResult label : judged.labels()) {
        var byFigure = values.computeIfAbsent(label.match().name(), n -> new LinkedHashMap<>());
        label
            .figures()
            .forEach((f, value) -> byFigure.computeIfAbsent(f, n -> new ArrayList<>()).add(value));
      }
    }
    Map<String, Map<String, Summary>> summaries = new LinkedHashMap<>();
    values.forEach(
        (name, byFigure) -> {
          Map<String, Summary> one = new LinkedHashMap<>();
          byFigure.forEach((figure, list) -> one.put(figure, Summary.of(list)));
          summaries.put(name, Collections.unmodifiableMap(one));
        });
    return Collections.unmodifiableMap(summaries);
  }

  /**
   * Returns the uncertainty of the mean Dice over all structures of all cases, with the cases as
   * subjects; empty for fewer than two cases that have a Dice.
   */
  Optional<ClusterBootstrap> diceBootstrap() {
    List<double[]> subjects =
        cases.stream()
            .map(
                c ->
                    c.labels().stream()
                        .mapToDouble(label -> label.overlap().dice())
                        .filter(Double::isFinite)
                        .toArray())
            .filter(dice -> dice.length > 0)
            .toList();
    return subjects.size() < 2
        ? Optional.empty()
        : Optional.of(
            ClusterBootstrap.of(
                subjects,
                ClusterBootstrap.Statistic.MEAN_OF_CASES,
                ClusterBootstrap.Draws.STANDARD));
  }
}
