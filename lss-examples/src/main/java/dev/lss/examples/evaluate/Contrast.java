package dev.lss.examples.evaluate;

import dev.lss.metrics.agreement.ClusterBootstrap;
import dev.lss.metrics.agreement.ClusterBootstrap.Draws;
import dev.lss.metrics.agreement.ClusterBootstrap.Statistic;
import dev.lss.metrics.agreement.Holm;
import dev.lss.metrics.agreement.Interval;
import dev.lss.metrics.agreement.PairedSample;
import dev.lss.metrics.agreement.WilcoxonSignedRank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two predictions of the same cases, by one measure of one structure: Wilcoxon's signed rank test
 * of the paired values. Of errors with a sign the sizes are compared. Immutable.
 *
 * @param measure the measure
 * @param label the structure
 * @param first name of one prediction
 * @param second name of the other
 * @param n cases in which both have a finite value
 * @param leftOut cases of either in which one has none
 * @param meanDifference mean of second minus first; NaN without cases
 * @param interval its interval by bootstrap over the cases; NaN for fewer than two
 * @param p of the test; NaN for fewer than two cases
 * @param holm p corrected for all structures and pairs of this measure
 */
record Contrast(
    Measure measure,
    String label,
    String first,
    String second,
    int n,
    int leftOut,
    double meanDifference,
    Interval interval,
    double p,
    double holm) {

  static final double LEVEL = 0.05;

  /** Compares every pair of predictions by every measure of every structure. */
  static List<Contrast> of(List<Statistics> predictions) {
    List<Contrast> all = new ArrayList<>();
    if (predictions.size() < 2) {
      return all;
    }
    for (Measure measure : predictions.get(0).measures()) {
      List<Contrast> structures = new ArrayList<>();
      List<Contrast> means = new ArrayList<>();
      for (int i = 0; i < predictions.size(); i++) {
        for (int j = i + 1; j < predictions.size(); j++) {
          for (String label : predictions.get(i).byLabel().keySet()) {
            Contrast one = of(measure, label, predictions.get(i), predictions.get(j));
            (label.equals(Statistics.MEAN_OF_LABELS) ? means : structures).add(one);
          }
        }
      }
      all.addAll(corrected(structures));
      all.addAll(corrected(means));
    }
    return all;
  }

  private static Contrast of(Measure measure, String label, Statistics first, Statistics second) {
    var ours = first.cases(label, measure).byCase();
    var theirs = second.cases(label, measure).byCase();
    List<double[]> pairs = new ArrayList<>();
    int cases = 0;
    for (var entry : ours.entrySet()) {
      double a = entry.getValue();
      double b = theirs.getOrDefault(entry.getKey(), Double.NaN);
      cases += Double.isNaN(a) && Double.isNaN(b) ? 0 : 1;
      if (Double.isFinite(a) && Double.isFinite(b)) {
        boolean signed = measure.better() == Measure.Better.NEAR_ZERO;
        pairs.add(new double[] {signed ? Math.abs(a) : a, signed ? Math.abs(b) : b});
      }
    }
    cases += (int) theirs.keySet().stream().filter(name -> !ours.containsKey(name)).count();
    String a = first.prediction().name();
    String b = second.prediction().name();
    int n = pairs.size();
    double mean =
        pairs.stream().mapToDouble(pair -> pair[1] - pair[0]).average().orElse(Double.NaN);
    if (n < 2) {
      return new Contrast(
          measure, label, a, b, n, cases - n, mean, Interval.UNDEFINED, Double.NaN, Double.NaN);
    }
    PairedSample sample =
        PairedSample.of(
            pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
            pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    List<double[]> differences =
        Arrays.stream(sample.differences()).mapToObj(d -> new double[] {d}).toList();
    Interval interval =
        ClusterBootstrap.of(differences, Statistic.MEAN_OF_CASES, Draws.STANDARD)
            .percentileInterval(Statistics.CONFIDENCE);
    double p = WilcoxonSignedRank.of(sample).p();
    return new Contrast(measure, label, a, b, n, cases - n, mean, interval, p, p);
  }

  private static List<Contrast> corrected(List<Contrast> family) {
    double[] holm = Holm.adjusted(family.stream().mapToDouble(Contrast::p).toArray());
    return IntStream.range(0, holm.length).mapToObj(n -> family.get(n).withHolm(holm[n])).toList();
  }

  private Contrast withHolm(double corrected) {
    return new Contrast(
        measure, label, first, second, n, leftOut, meanDifference, interval, p, corrected);
  }

  /** Returns the prediction that is surely better after correction; empty text when none is. */
  String better() {
    if (!(holm < LEVEL) || meanDifference == 0) {
      return "";
    }
    boolean secondIsLarger = meanDifference > 0;
    return secondIsLarger == (measure.better() == Measure.Better.HIGHER) ? second : first;
  }
}
