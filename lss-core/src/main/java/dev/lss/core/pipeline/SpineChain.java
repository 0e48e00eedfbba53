package dev.lss.core.pipeline;

import dev.lss.core.pipeline.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The vertebrae of one spine, lowest first: the heaviest upward path through the maxima of the "any
 * vertebra" map whose steps have plausible lengths and directions.
 *
 * @param vertebrae the peaks, lowest first; empty when no spine is believable
 * @param rival whether a second path of other peaks is almost as heavy
 */
record SpineChain(List<Peak> vertebrae, boolean rival) {

  /** A maximum below this is no candidate. */
  private static final double WEAK = 0.10;

  /** The ends of a chain must reach this. */
  private static final double STRONG = 0.30;

  /** Some vertebra of a chain must reach this. */
  private static final double SURE = 0.45;

  /** A chain of one vertebra must reach this, and so must a sliver that ends a chain. */
  private static final double ALONE = 0.60;

  /** A centre closer than this to the first or last slice belongs to a sliver. */
  private static final double BORDER_MM = 7.0;

  /** Maxima closer than this are one vertebra. */
  private static final double MERGE_MM = 15.0;

  private static final double NEAREST_MM = 17.0;
  private static final double FARTHEST_MM = 62.0;

  /** Steps shorter or longer than usual cost something. */
  private static final double SHORT_MM = 22.0;

  private static final double LONG_MM = 42.0;

  /** The largest sideways step per step upwards. */
  private static final double LEAN = 1.3;

  /** A second chain with this share of the first one's weight is a rival. */
  private static final double RIVAL = 0.6;

  private static final double NO_LINK = Double.NaN;

  SpineChain {
    vertebrae = List.copyOf(vertebrae);
  }

  /** Finds the chain. */
  static SpineChain find(HeatMaps maps) {
    List<Peak> candidates = thin(maps.peaks(HeatMaps.ANY, WEAK), maps);
    Path heaviest = heaviest(candidates, maps);
    List<Peak> chain = withoutIntruders(trim(heaviest.peaks, maps), maps);
    double tallest = chain.stream().mapToDouble(Peak::value).max().orElse(0);
    if (tallest < SURE || (chain.size() == 1 && tallest < ALONE)) {
      return new SpineChain(List.of(), false);
    }
    List<Peak> others = new ArrayList<>(candidates);
    others.removeAll(heaviest.peaks);
    double rest = heaviest(others, maps).weight;
    return new SpineChain(chain, rest >= RIVAL * heaviest.weight && rest >= 1);
  }

  private static List<Peak> thin(List<Peak> found, HeatMaps maps) {
    List<Peak> kept = new ArrayList<>();
    for (Peak p : found) {
      if (kept.stream().noneMatch(q -> maps.distanceMm(p, q) < MERGE_MM)) {
        kept.add(p);
      }
    }
    return kept;
  }

  /**
   * What it costs that {@code high} is the next vertebra above {@code low}; NaN when it cannot be.
   */
  private static double linkCost(Peak low, Peak high, HeatMaps maps) {
    double up = (high.at().z() - low.at().z()) * maps.spacingMm().z();
    double distance = maps.distanceMm(low, high);
    if (up <= 0 || distance < NEAREST_MM || distance > FARTHEST_MM) {
      return NO_LINK;
    }
    double side = Math.sqrt(Math.max(0, distance * distance - up * up));
    if (side > LEAN * up) {
      return NO_LINK;
    }
    double cost = 0;
    if (distance < SHORT_MM) {
      cost += (SHORT_MM - distance) * 0.06;
    }
    if (distance > LONG_MM) {
      cost += (distance - LONG_MM) * 0.03;
    }
    if (side > 0.7 * up) {
      cost += 0.3;
    }
    return cost;
  }

  private record Path(double weight, List<Peak> peaks) {}

  /** The path with the largest sum of heights less link costs, by dynamic programming upwards. */
  private static Path heaviest(List<Peak> candidates, HeatMaps maps) {
    List<Peak> upwards = new ArrayList<>(candidates);
    upwards.sort(
        Comparator.comparingDouble((Peak p) -> p.at().z())
            .thenComparingDouble(p -> p.at().y())
            .thenComparingDouble(p -> p.at().x()));
    double[] weight = new double[upwards.size()];
    int[] back = new int[upwards.size()];
    int heaviest = -1;
    for (int n = 0; n < upwards.size(); n++) {
      double best = 0;
      back[n] = -1;
      for (int m = 0; m < n; m++) {
        double through = weight[m] - linkCost(upwards.get(m), upwards.get(n), maps);
        if (through > best) { // false for NaN
          best = through;
          back[n] = m;
        }
      }
      weight[n] = best + upwards.get(n).value();
      if (heaviest < 0 || weight[n] > weight[heaviest]) {
        heaviest = n;
      }
    }
    List<Peak> path = new ArrayList<>();
    for (int n = heaviest; n >= 0; n = back[n]) {
      path.add(upwards.get(n));
    }
    Collections.reverse(path);
    return new Path(heaviest < 0 ? 0 : weight[heaviest], path);
  }

  /** Cuts off ends that are weak, or slivers at the first or last slice that are not strong. */
  private static List<Peak> trim(List<Peak> chain, HeatMaps maps) {
    int from = 0;
    int to = chain.size();
    while (from < to && !isBelievableEnd(chain.get(from), maps)) {
      from++;
    }
    while (from < to && !isBelievableEnd(chain.get(to - 1), maps)) {
      to--;
    }
    return chain.subList(from, to);
  }

  private static boolean isBelievableEnd(Peak p, HeatMaps maps) {
    double slices = Math.min(p.at().z(), maps.extents().k() - 1 - p.at().z());
    boolean sliver = slices * maps.spacingMm().z() < BORDER_MM;
    return p.value() >= (sliver ? ALONE : STRONG);
  }

  /** Removes weak peaks between two neighbours that are one plausible step apart without them. */
  private static List<Peak> withoutIntruders(List<Peak> found, HeatMaps maps) {
    List<Peak> chain = new ArrayList<>(found);
    if (chain.size() < 4) {
      return chain;
    }
    double[] steps = new double[chain.size() - 1];
    for (int n = 0; n < steps.length; n++) {
      steps[n] = maps.distanceMm(chain.get(n), chain.get(n + 1));
    }
    Arrays.sort(steps);
    double usual = steps[steps.length / 2];
    int n = 1;
    while (n < chain.size() - 1) {
      double across = maps.distanceMm(chain.get(n - 1), chain.get(n + 1));
      if (chain.get(n).value() < STRONG && across < 1.4 * usual) {
        chain.remove(n);
      } else {
        n++;
      }
    }
    return chain;
  }
}
