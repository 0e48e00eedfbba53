package dev.lss.metrics;

import dev.lss.api.image.Vector3;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many vertebrae of the reference were found under their right name, from one point for each,
 * by the rules of the VerSe challenge (Sekuboyina et al., Medical Image Analysis 73, 2021, and its
 * evaluation code). Immutable.
 *
 * <p>A predicted level is a hit when the nearest reference point is that of the same level and lies
 * at most 20 mm away. Compare like with like: VerSe's points lie in the vertebral bodies, and the
 * centroid of a whole vertebra lies about 1 cm behind.
 *
 * @param rule among which reference points the nearest is looked for
 * @param referenceLevels levels of the reference
 * @param missedLevels levels of the reference that were not predicted; no hits
 * @param spuriousLevels predicted levels that the reference lacks; they do not change the rate
 * @param hits levels that were identified
 * @param meanDistanceMm mean distance over the levels that both have; NaN without any
 * @param meanHitDistanceMm mean distance over the hits; NaN without any
 * @param bestShift the number, -2 to 2, by which naming all predicted levels lower would raise the
 *     rate most; 0 when none would
 */
public record Identification(
    Rule rule,
    int referenceLevels,
    int missedLevels,
    int spuriousLevels,
    int hits,
    double meanDistanceMm,
    double meanHitDistanceMm,
    int bestShift) {

  /** How far a predicted point may be from its reference point, in mm. */
  public static final double LARGEST_DISTANCE_MM = 20;

  private static final int LARGEST_SHIFT = 2;

  /** Among which reference points the nearest one is looked for. */
  public enum Rule {
    /** Among the levels that both have, as in the challenge's code. */
    VERSE,
    /** Among all levels of the reference; differs only when levels were missed. */
    STRICT
  }

  /**
   * Compares two sets of points.
   *
   * @param reference a point in mm for each level; levels are numbers that grow by one from
   *     vertebra to vertebra, downwards, such as the VerSe ids of L1 to L5, 20 to 24
   * @param prediction the same of the prediction
   */
  public static Identification of(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction, Rule rule) {
    SortedSet<Integer> common = common(reference, prediction);
    double sum = 0;
    double hitSum = 0;
    int hits = 0;
    for (int level : common) {
      double distance = distance(reference, prediction, level);
      sum += distance;
      if (isHit(reference, prediction, level, rule)) {
        hits++;
        hitSum += distance;
      }
    }
    return new Identification(
        rule,
        reference.size(),
        reference.size() - common.size(),
        prediction.size() - common.size(),
        hits,
        sum / common.size(),
        hitSum / hits,
        bestShift(reference, prediction, rule));
  }

  /** Returns hits over levels of the reference, in [0, 1]; NaN when the reference has none. */
  public double rate() {
    return (double) hits / referenceLevels;
  }

  private static SortedSet<Integer> common(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction) {
    SortedSet<Integer> common = new TreeSet<>(reference.keySet());
    common.retainAll(prediction.keySet());
    return common;
  }

  private static double distance(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction, int level) {
    return Centroids.distanceMm(reference, prediction, level);
  }

  private static boolean isHit(
      SortedMap<Integer, Vector3> reference,
      SortedMap<Integer, Vector3> prediction,
      int level,
      Rule rule) {
    double own = distance(reference, prediction, level);
    if (!(own <= LARGEST_DISTANCE_MM)) {
      return false;
    }
    Vector3 point = Objects.requireNonNull(prediction.get(level));
    for (var other : reference.entrySet()) {
      boolean counts = rule == Rule.STRICT || prediction.containsKey(other.getKey());
      double distance = point.minus(other.getValue()).norm();
      // Of two that are equally near the first wins.
      if (counts && (distance < own || (distance == own && other.getKey() < level))) {
        return false;
      }
    }
    return true;
  }

  private static int bestShift(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction, Rule rule) {
    int best = 0;
    int bestHits = hits(reference, prediction, rule);
    for (int size = 1; size <= LARGEST_SHIFT; size++) {
      for (int shift : new int[] {-size, size}) {
        SortedMap<Integer, Vector3> shifted = new TreeMap<>();
        int by = shift;
        prediction.forEach((level, point) -> shifted.put(level + by, point));
        int hits = hits(reference, shifted, rule);
        if (hits > bestHits) {
          bestHits = hits;
          best = shift;
        }
      }
    }
    return best;
  }

  private static int hits(
      SortedMap<Integer, Vector3> reference, SortedMap<Integer, Vector3> prediction, Rule rule) {
    return (int)
        common(reference, prediction).stream()
            .filter(level -> isHit(reference, prediction, level, rule))
            .count();
  }
}
