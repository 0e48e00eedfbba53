package dev.lss.core.ct;

import dev.lss.core.ct.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vertebrae of one spine, lowest first: of the upward paths through the maxima of the "any
 * vertebra" map whose steps have plausible lengths and directions, the one that scores best under
 * some consecutive naming. Maxima that fit no naming, as pieces of the sacrum or half vertebrae
 * between two whole ones, are left out.
 *
 * @param vertebrae the peaks, lowest first; empty when no spine is believable
 * @param leftOutBelow whether a strong peak one step below the lowest vertebra was left out
 * @param rival whether a second path of other peaks is almost as heavy
 */
record SpineChain(List<Peak> vertebrae, boolean leftOutBelow, boolean rival) {

  /** A maximum below this is no candidate. */
  private static final double WEAK = DecodingConstants.of("chain.weak");

  /** The ends of a chain must reach this. */
  private static final double STRONG = DecodingConstants.of("chain.strong");

  /** Some vertebra of a chain must reach this. */
  private static final double SURE = DecodingConstants.of("chain.sure");

  /** A chain of one vertebra must reach this. */
  private static final double ALONE = DecodingConstants.of("chain.alone");

  /** From this height on a maximum below L5 is a sixth lumbar vertebra. */
  private static final double SIXTH = DecodingConstants.of("chain.sixth");

  /** A sliver that ends a chain must reach this. */
  private static final double SLIVER = DecodingConstants.of("chain.sliver");

  /** A centre closer than this to the first or last slice belongs to a sliver. */
  private static final double BORDER_MM = DecodingConstants.of("chain.borderMm");

  /** Maxima closer than this are one vertebra. */
  private static final double MERGE_MM = DecodingConstants.of("chain.mergeMm");

  private static final double NEAREST_MM = DecodingConstants.of("chain.nearestMm");
  private static final double FARTHEST_MM = DecodingConstants.of("chain.farthestMm");

  /** Steps shorter or longer than usual cost something. */
  private static final double SHORT_MM = DecodingConstants.of("chain.shortMm");

  private static final double LONG_MM = DecodingConstants.of("chain.longMm");

  /** What a peak adds to a path's score for being in it. */
  private static final double IN_CHAIN = DecodingConstants.of("chain.inChain");

  /** What it adds for its height; the log evidence of its name is added to both. */
  private static final double HEIGHT = DecodingConstants.of("chain.height");

  /** Evidence for a name below this is as good as none. */
  private static final double UNNAMED = DecodingConstants.of("chain.unnamed");

  private static final double SHORT_COST = DecodingConstants.of("chain.shortCost");
  private static final double LONG_COST = DecodingConstants.of("chain.longCost");

  /** A step that leans more than this costs something. */
  private static final double SLANT = DecodingConstants.of("chain.slant");

  private static final double SLANT_COST = DecodingConstants.of("chain.slantCost");

  /** Weight of the cost of a link. */
  private static final double LINK = DecodingConstants.of("chain.link");

  /** The largest sideways step per step upwards. */
  private static final double LEAN = DecodingConstants.of("chain.lean");

  /** A second chain with this share of the first one's weight is a rival. */
  private static final double RIVAL = DecodingConstants.of("chain.rival");

  /** What it costs that one vertebra is missing between two. */
  private static final double MISSED = DecodingConstants.of("chain.missed");

  /** Channel of the n-th vertebra above the sacrum. */
  private static final int[] UPWARDS = {7, 6, 5, 4, 3, HeatMaps.T12, HeatMaps.THORACIC};

  private static final double NO_LINK = Double.NaN;

  SpineChain {
    vertebrae = List.copyOf(vertebrae);
  }

  /** Finds the chain. */
  static SpineChain find(HeatMaps maps) {
    List<Peak> candidates = thin(maps.peaks(HeatMaps.ANY, WEAK), maps);
    List<Peak> chain = best(candidates, maps);
    double tallest = chain.stream().mapToDouble(Peak::value).max().orElse(0);
    if (tallest < SURE || (chain.size() == 1 && tallest < ALONE)) {
      return new SpineChain(List.of(), false, false);
    }
    boolean leftOutBelow =
        candidates.stream()
            .anyMatch(p -> p.value() >= SIXTH && !Double.isNaN(linkCost(p, chain.get(0), maps)));
    List<Peak> others = new ArrayList<>(candidates);
    others.removeAll(chain);
    double rest = heaviest(others, maps);
    return new SpineChain(chain, leftOutBelow, rest >= RIVAL * heaviest(chain, maps) && rest >= 1);
  }

  /** Returns the chain without some of its vertebrae. */
  SpineChain without(List<Peak> others) {
    return new SpineChain(
        vertebrae.stream().filter(peak -> !others.contains(peak)).toList(), leftOutBelow, rival);
  }

  /** Returns the chain with one more vertebra between two neighbours. */
  SpineChain with(Peak more, int above) {
    List<Peak> longer = new ArrayList<>(vertebrae);
    longer.add(above + 1, more);
    return new SpineChain(longer, leftOutBelow, rival);
  }

  /** Returns the lowest and the highest vertebra; none of an empty chain. */
  Set<Peak> ends() {
    return vertebrae.isEmpty()
        ? Set.of()
        : new LinkedHashSet<>(List.of(vertebrae.get(0), vertebrae.get(vertebrae.size() - 1)));
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
    return stepCost(
        (high.at().z() - low.at().z()) * maps.spacingMm().z(), maps.distanceMm(low, high));
  }

  /**
   * What it costs that one vertebra is missing between the two: that of two steps of half the
   * length, and something; NaN when it cannot be.
   */
  private static double bridgeCost(Peak low, Peak high, HeatMaps maps) {
    double up = (high.at().z() - low.at().z()) * maps.spacingMm().z();
    double distance = maps.distanceMm(low, high);
    return distance / 2 < SHORT_MM ? NO_LINK : MISSED + 2 * stepCost(up / 2, distance / 2);
  }

  private static double stepCost(double up, double distance) {
    if (up <= 0 || distance < NEAREST_MM || distance > FARTHEST_MM) {
      return NO_LINK;
    }
    double side = Math.sqrt(Math.max(0, distance * distance - up * up));
    if (side > LEAN * up) {
      return NO_LINK;
    }
    double cost = 0;
    if (distance < SHORT_MM) {
      cost += (SHORT_MM - distance) * SHORT_COST;
    }
    if (distance > LONG_MM) {
      cost += (distance - LONG_MM) * LONG_COST;
    }
    if (side > SLANT * up) {
      cost += SLANT_COST;
    }
    return cost;
  }

  private static List<Peak> upwards(List<Peak> candidates) {
    List<Peak> upwards = new ArrayList<>(candidates);
    upwards.sort(
        Comparator.comparingDouble((Peak p) -> p.at().z())
            .thenComparingDouble(p -> p.at().y())
            .thenComparingDouble(p -> p.at().x()));
    return upwards;
  }

  /** Weight of the path with the largest sum of heights less link costs, 0 without candidates. */
  private static double heaviest(List<Peak> candidates, HeatMaps maps) {
    List<Peak> upwards = upwards(candidates);
    double[] weight = new double[upwards.size()];
    double heaviest = 0;
    for (int n = 0; n < weight.length; n++) {
      double best = 0;
      for (int m = 0; m < n; m++) {
        double through = weight[m] - linkCost(upwards.get(m), upwards.get(n), maps);
        if (through > best) { // false for NaN
          best = through;
        }
      }
      weight[n] = best + upwards.get(n).value();
      heaviest = Math.max(heaviest, weight[n]);
    }
    return heaviest;
  }

  /** Best path that ends in a peak with that peak at a step above the sacrum. */
  private record End(double score, Peak peak, @Nullable End below) {}

  /** What a path has before its next peak; no end where it starts there. */
  private record Below(double score, @Nullable End end) {}

  /** The peaks of the best path under any naming, by dynamic programming upwards. */
  private static List<Peak> best(List<Peak> candidates, HeatMaps maps) {
    List<Peak> upwards = upwards(candidates);
    List<End[]> ends = new ArrayList<>();
    End top = null;
    for (Peak peak : upwards) {
      double[] evidence = maps.evidence(peak);
      boolean believable = isBelievableEnd(peak, maps);
      End[] here = new End[UPWARDS.length];
      for (int step = 0; step < here.length; step++) {
        Below below = bestBelow(peak, step, believable, upwards, ends, maps);
        double named = Math.log(Math.max(evidence[UPWARDS[step]], UNNAMED));
        double score = below.score + IN_CHAIN + HEIGHT * peak.value() + named;
        here[step] = new End(score, peak, below.end);
        if (believable && here[step].score > (top == null ? 0 : top.score)) {
          top = here[step];
        }
      }
      ends.add(here);
    }
    List<Peak> path = new ArrayList<>();
    for (End end = top; end != null; end = end.below) {
      path.add(end.peak);
    }
    Collections.reverse(path);
    return path;
  }

  /** The best path that this peak can continue as the given step. */
  private static Below bestBelow(
      Peak peak, int step, boolean mayStart, List<Peak> upwards, List<End[]> ends, HeatMaps maps) {
    Below best = new Below(mayStart ? 0 : Double.NEGATIVE_INFINITY, null);
    for (int m = 0; m < ends.size(); m++) {
      for (int missed = 0; missed < 2; missed++) {
        Peak low = upwards.get(m);
        double cost =
            LINK * (missed == 0 ? linkCost(low, peak, maps) : bridgeCost(low, peak, maps));
        for (int below = 0; below < UPWARDS.length; below++) {
          double through = ends.get(m)[below].score - cost;
          if (Math.min(below + 1 + missed, UPWARDS.length - 1) == step && through > best.score) {
            best =
                new Below(through, ends.get(m)[below]); // never for NaN, where no link is possible
          }
        }
      }
    }
    return best;
  }

  private static boolean isBelievableEnd(Peak p, HeatMaps maps) {
    double slices = Math.min(p.at().z(), maps.extents().k() - 1 - p.at().z());
    boolean sliver = slices * maps.spacingMm().z() < BORDER_MM;
    return p.value() >= (sliver ? SLIVER : STRONG);
  }
}
