package dev.lss.metrics;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.LabelVolume;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How two label maps of one image overlap, label by label. Immutable.
 *
 * <p>Three numbers carry the name "overall Dice", and they differ: {@link #macroDice} weighs every
 * label alike, {@link #pooledDice} every voxel, and {@link #unionDice} looks at labelled or not, so
 * that a swap of two labels costs nothing. Report which.
 *
 * @param byLabel the overlap of each label that was judged, in ascending order of label
 * @param union the overlap of "any label" with "any label", every non-zero value included
 * @param emptyPolicy what Dice and IoU are when a label is in neither map
 */
public record LabelOverlaps(
    SortedMap<Integer, Overlap> byLabel, Overlap union, EmptyPolicy emptyPolicy) {

  /** Copies the map. */
  public LabelOverlaps {
    byLabel = Collections.unmodifiableSortedMap(new TreeMap<>(byLabel));
  }

  /**
   * Compares two label maps on these labels.
   *
   * @param labels the labels to judge, each 1 to 65535; one that is in neither map is judged by the
   *     policy
   * @throws InvalidStudyException when the grids differ; the message holds both
   */
  public static LabelOverlaps of(
      LabelVolume reference,
      LabelVolume prediction,
      Collection<Integer> labels,
      EmptyPolicy emptyPolicy) {
    LabelValues.require(labels);
    Counts counts = Counts.of(reference, prediction);
    SortedMap<Integer, Overlap> byLabel = new TreeMap<>();
    for (int label : labels) {
      byLabel.put(label, counts.ofLabel(label, emptyPolicy));
    }
    return new LabelOverlaps(byLabel, counts.ofUnion(emptyPolicy), emptyPolicy);
  }

  /**
   * Compares two label maps on every label that is in either.
   *
   * @throws InvalidStudyException when the grids differ; the message holds both
   */
  public static LabelOverlaps of(
      LabelVolume reference, LabelVolume prediction, EmptyPolicy emptyPolicy) {
    return of(reference, prediction, LabelValues.in(reference, prediction), emptyPolicy);
  }

  /**
   * Returns the overlap of one label.
   *
   * @throws IllegalArgumentException when the label was not judged
   */
  public Overlap of(int label) {
    Overlap overlap = byLabel.get(label);
    if (overlap == null) {
      throw new IllegalArgumentException(
          "label %s was not judged; judged: %s".formatted(label, byLabel.keySet()));
    }
    return overlap;
  }

  /** Returns how many labels have no defined Dice. */
  public int undefined() {
    return (int) byLabel.values().stream().filter(o -> Double.isNaN(o.dice())).count();
  }

  /** Returns the mean Dice over the labels where it is defined; NaN when it is nowhere. */
  public double macroDice() {
    double sum = 0;
    int defined = 0;
    for (Overlap overlap : byLabel.values()) {
      double dice = overlap.dice();
      if (!Double.isNaN(dice)) {
        sum += dice;
        defined++;
      }
    }
    return defined == 0 ? Double.NaN : sum / defined;
  }

  /** Returns the Dice of the counts summed over the judged labels. */
  public double pooledDice() {
    return Overlap.pooledDice(byLabel.values(), emptyPolicy);
  }

  /** Returns the Dice of "any label" with "any label". */
  public double unionDice() {
    return union.dice();
  }
}
