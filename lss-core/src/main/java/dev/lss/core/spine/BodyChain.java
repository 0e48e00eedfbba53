package dev.lss.core.spine;

import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Which of some places are the bodies of one spine: the row from the head down whose sizes are
 * largest and whose steps are as long and as upright as those of spines.
 */
final class BodyChain {

  private static final double NEAREST_MM = 14;
  private static final double FARTHEST_MM = 80;
  private static final double USUAL_MM = 34;

  /** The least share of a step that leads down, and the most that leads across the slices. */
  private static final double DOWN = 0.4;

  private static final double ACROSS = 0.75;
  private static final double FULL_MM2 = 350;

  private BodyChain() {}

  /**
   * A place.
   *
   * @param index whose it is
   * @param mm back, down and across, in mm
   * @param sectionMm2 area of the largest section
   */
  record Place(int index, Vector3 mm, double sectionMm2) {}

  private record End(double score, Place place, int before) {}

  /** Returns the indices of the places of the spine, from the head down; empty without any. */
  static List<Integer> of(List<Place> places) {
    List<Place> down = new ArrayList<>(places);
    down.sort(Comparator.comparingDouble((Place p) -> p.mm.y()).thenComparingInt(p -> p.index));
    List<End> ends = new ArrayList<>();
    int best = -1;
    for (int n = 0; n < down.size(); n++) {
      Place here = down.get(n);
      double most = 0;
      int before = -1;
      for (int m = 0; m < n; m++) {
        double through = ends.get(m).score - cost(ends.get(m).place, here);
        if (through > most) { // false for NaN
          most = through;
          before = m;
        }
      }
      ends.add(new End(most + Math.min(1, here.sectionMm2 / FULL_MM2), here, before));
      best = best < 0 || ends.get(n).score > ends.get(best).score ? n : best;
    }
    List<Integer> chain = new ArrayList<>();
    for (int n = best; n >= 0; n = ends.get(n).before) {
      chain.add(ends.get(n).place.index);
    }
    Collections.reverse(chain);
    return chain;
  }

  /** What a step costs; NaN where there is none. */
  private static double cost(Place upper, Place lower) {
    Vector3 step = lower.mm.minus(upper.mm);
    double length = step.norm();
    if (length < NEAREST_MM
        || length > FARTHEST_MM
        || step.y() < DOWN * length
        || Math.abs(step.z()) > ACROSS * length) {
      return Double.NaN;
    }
    return 0.4 * Math.abs(length - USUAL_MM) / USUAL_MM + 0.2 * Math.abs(step.z()) / length;
  }
}
