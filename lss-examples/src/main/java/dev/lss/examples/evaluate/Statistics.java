package dev.lss.examples.evaluate;

import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.ClusterBootstrap;
import dev.lss.metrics.agreement.ClusterBootstrap.Draws;
import dev.lss.metrics.agreement.ClusterBootstrap.Statistic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One prediction over its cases: every measure of every structure, and of the mean over the
 * structures of a case. Immutable.
 *
 * @param prediction what is summarised
 * @param measures the measures
 * @param byLabel by structure, {@link #MEAN_OF_LABELS} last, and then by measure
 */
record Statistics(
    Prediction prediction, List<Measure> measures, Map<String, Map<Measure, Cases>> byLabel) {

  /** Stands among the structures for the mean over them, case by case. */
  static final String MEAN_OF_LABELS = "mean of labels";

  static final double CONFIDENCE = 0.95;

  private static final int WORST = 5;

  /**
   * One measure of one structure over the cases. Immutable.
   *
   * @param byCase value by name of the case, as the settings count what is missing
   * @param summary of all of them
   * @param bootstrap uncertainty of the mean over the cases; empty for fewer than two finite values
   */
  record Cases(Map<String, Double> byCase, Summary summary, Optional<ClusterBootstrap> bootstrap) {

    static Cases of(Map<String, Double> byCase) {
      List<double[]> finite =
          byCase.values().stream().filter(Double::isFinite).map(x -> new double[] {x}).toList();
      return new Cases(
          Collections.unmodifiableMap(byCase),
          Summary.of(byCase.values()),
          finite.size() < 2
              ? Optional.empty()
              : Optional.of(ClusterBootstrap.of(finite, Statistic.MEAN_OF_CASES, Draws.STANDARD)));
    }
  }

  /** A structure of a case with a value. */
  record Value(String name, String label, double value) {}

  static Statistics of(Prediction prediction, Settings settings) {
    List<Measure> measures = settings.measures();
    Map<String, Map<Measure, Map<String, Double>>> values = new LinkedHashMap<>();
    for (String label : labels(prediction)) {
      values.put(label, new LinkedHashMap<>());
    }
    Map<Measure, Map<String, Double>> means = new LinkedHashMap<>();
    for (CaseResult judged : prediction.cases()) {
      for (Measure measure : measures) {
        for (LabelResult label : judged.labels()) {
          values
              .computeIfAbsent(label.match().name(), n -> new LinkedHashMap<>())
              .computeIfAbsent(measure, m -> new LinkedHashMap<>())
              .put(judged.name(), judged.value(label, measure, settings));
        }
        means
            .computeIfAbsent(measure, m -> new LinkedHashMap<>())
            .put(judged.name(), judged.mean(measure, settings));
      }
    }
    values.put(MEAN_OF_LABELS, means);
    Map<String, Map<Measure, Cases>> byLabel = new LinkedHashMap<>();
    values.forEach(
        (label, byMeasure) -> {
          Map<Measure, Cases> cases = new LinkedHashMap<>();
          byMeasure.forEach((measure, byCase) -> cases.put(measure, Cases.of(byCase)));
          byLabel.put(label, Collections.unmodifiableMap(cases));
        });
    return new Statistics(prediction, measures, Collections.unmodifiableMap(byLabel));
  }

  private static Set<String> labels(Prediction prediction) {
    Set<String> labels = new LinkedHashSet<>();
    prediction
        .cases()
        .forEach(judged -> judged.labels().forEach(label -> labels.add(label.match().name())));
    return labels;
  }

  Cases cases(String label, Measure measure) {
    return byLabel
        .getOrDefault(label, Map.of())
        .getOrDefault(measure, Cases.of(new LinkedHashMap<>()));
  }

  /** Returns the structures and cases that are worst by a measure, the worst first. */
  List<Value> worst(Measure measure) {
    List<Value> all = new ArrayList<>();
    byLabel.forEach(
        (label, byMeasure) -> {
          if (!label.equals(MEAN_OF_LABELS)) {
            cases(label, measure)
                .byCase()
                .forEach((name, value) -> all.add(new Value(name, label, value)));
          }
        });
    all.removeIf(value -> Double.isNaN(value.value()));
    all.sort(Comparator.comparingDouble(value -> -measure.badness(value.value())));
    return all.subList(0, Math.min(WORST, all.size()));
  }

  /**
   * Returns the uncertainty of the mean Dice over all structures of all cases, with the cases as
   * subjects; empty for fewer than two cases that have a Dice.
   */
  Optional<ClusterBootstrap> diceBootstrap(Settings settings) {
    Measure dice = measures.get(0);
    List<double[]> subjects =
        prediction.cases().stream()
            .map(
                judged ->
                    judged.labels().stream()
                        .mapToDouble(label -> judged.value(label, dice, settings))
                        .filter(Double::isFinite)
                        .toArray())
            .filter(values -> values.length > 0)
            .toList();
    return subjects.size() < 2
        ? Optional.empty()
        : Optional.of(ClusterBootstrap.of(subjects, Statistic.MEAN_OF_CASES, Draws.STANDARD));
  }
}
