package dev.lss.examples.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a prediction ranks among all by one measure: it is ranked in every structure of every case,
 * ties share their mean rank, and the ranks are averaged (rank, then aggregate; Wiesenfarth et al.,
 * Scientific Reports 2021). Immutable.
 *
 * @param measure the measure
 * @param prediction name of the prediction
 * @param meanRank from 1, the best, to the number of predictions; NaN when nothing could be ranked
 * @param n structures of cases that were ranked: those where every prediction has a value
 */
record Ranking(Measure measure, String prediction, double meanRank, int n) {

  /** Returns the predictions by every measure, the best first; empty for one prediction. */
  static List<Ranking> of(List<Statistics> predictions) {
    List<Ranking> all = new ArrayList<>();
    if (predictions.size() < 2) {
      return all;
    }
    for (Measure measure : predictions.get(0).measures()) {
      double[] sums = new double[predictions.size()];
      int n = 0;
      for (String label : predictions.get(0).byLabel().keySet()) {
        if (label.equals(Statistics.MEAN_OF_LABELS)) {
          continue;
        }
        for (String name : predictions.get(0).cases(label, measure).byCase().keySet()) {
          double[] badness =
              predictions.stream()
                  .map(p -> p.cases(label, measure).byCase().getOrDefault(name, Double.NaN))
                  .mapToDouble(measure::badness)
                  .toArray();
          n += add(badness, sums);
        }
      }
      List<Ranking> ranked = new ArrayList<>();
      for (int i = 0; i < sums.length; i++) {
        ranked.add(new Ranking(measure, predictions.get(i).prediction().name(), sums[i] / n, n));
      }
      ranked.sort(Comparator.comparingDouble(Ranking::meanRank));
      all.addAll(ranked);
    }
    return all;
  }

  /** Adds the ranks of one structure of one case; returns 0 when a prediction has no value. */
  private static int add(double[] badness, double[] sums) {
    for (double value : badness) {
      if (Double.isNaN(value)) {
        return 0;
      }
    }
    for (int i = 0; i < badness.length; i++) {
      double rank = 0.5;
      for (double other : badness) {
        rank += other < badness[i] ? 1 : other == badness[i] ? 0.5 : 0;
      }
      sums[i] += rank;
    }
    return 1;
  }
}
