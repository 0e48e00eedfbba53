package dev.lss.core.ct;

import dev.lss.core.ct.HeatMaps.Peak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which level each vertebra of a chain is: of the consecutive namings the one with the highest sum
 * of log evidence, the sacrum's peak included. Evidence decides between namings; it never breaks
 * the order. What speaks against the naming becomes a doubt.
 *
 * @param steps per vertebra, lowest first, its place above the sacrum: 0 is L5, 4 is L1, 5 is T12,
 *     6 is any higher one
 * @param anchored whether a sacrum, or T12 with its upper neighbour, is in view where the naming
 *     says
 * @param doubts what contradicts the naming
 */
record LevelNaming(List<Integer> steps, boolean anchored, List<Doubt> doubts) {

  /** What can speak against a naming. */
  enum Doubt {
    /** Another naming is nearly as good. */
    AMBIGUOUS,
    /** A sacrum lies directly below a vertebra that is not named L5. */
    SACRUM_MISMATCH,
    /** The evidence fits four lumbar vertebrae better. */
    FOUR_LUMBAR,
    /** The evidence fits six lumbar vertebrae better, or a strong peak below L5 was left out. */
    SIX_LUMBAR,
    /** A naming without any lumbar vertebra explains as much, so none is named lumbar. */
    NO_SURE_LUMBAR
  }

  /** Place above the sacrum of T12. */
  static final int T12_STEP = 5;

  /** Place above the sacrum of every vertebra above T12. */
  static final int THORACIC_STEP = 6;

  /** Channel of the n-th vertebra above the sacrum. */
  private static final int[] UPWARDS = {7, 6, 5, 4, 3, HeatMaps.T12, HeatMaps.THORACIC};

  /** Evidence below this says nothing. */
  private static final double FLOOR = DecodingConstants.of("naming.floor");

  private static final double SACRUM = DecodingConstants.of("naming.sacrum");
  private static final double SACRUM_NEAR_MM = DecodingConstants.of("naming.sacrumNearMm");
  private static final double SACRUM_FAR_MM = DecodingConstants.of("naming.sacrumFarMm");

  /** Evidence of T12 and of its upper neighbour that anchors a chain from above. */
  private static final double ANCHOR = DecodingConstants.of("naming.anchor");

  /** Some vertebra that is named lumbar must have this much lumbar evidence. */
  private static final double LUMBAR = DecodingConstants.of("naming.lumbar");

  /** The vertebrae that are named lumbar must on average be this high. */
  private static final double FAINT = DecodingConstants.of("naming.faint");

  /** Two namings whose scores differ by less are ambiguous. */
  private static final double CLOSE_CALL = DecodingConstants.of("naming.closeCall");

  /** A naming with lumbar vertebrae must beat every naming without one by this much. */
  private static final double NO_LUMBAR = DecodingConstants.of("naming.noLumbar");

  /** By how much a naming with four or six lumbar vertebrae must win to be worth a doubt. */
  private static final double VARIANT = DecodingConstants.of("naming.variant");

  LevelNaming {
    steps = List.copyOf(steps);
    doubts = List.copyOf(doubts);
  }

  /** Returns the heat map of the vertebra at this place above the sacrum. */
  static int channel(int step) {
    return UPWARDS[step];
  }

  /** Names a chain of at least one vertebra; no step is lumbar when that is not sure. */
  static LevelNaming of(SpineChain chain, HeatMaps maps) {
    List<double[]> rows = chain.vertebrae().stream().map(maps::evidence).toList();
    int count = rows.size();
    Optional<Peak> sacrum = sacrumBelow(chain.vertebrae().get(0), maps);

    double[] scores = new double[UPWARDS.length];
    int best = 0;
    for (int offset = 0; offset < scores.length; offset++) {
      scores[offset] =
          score(consecutive(offset, count), rows)
              + sacrumScore(offset, sacrum)
              + preferMiddle(offset, count);
      if (scores[offset] > scores[best]) {
        best = offset;
      }
    }
    int[] steps = consecutive(best, count);
    List<Doubt> doubts = new ArrayList<>();
    if (isCloseCall(scores, best)) {
      doubts.add(Doubt.AMBIGUOUS);
    }
    double four = bestVariant(rows, sacrum, false);
    double six = bestVariant(rows, sacrum, true);
    if ((best == 0 && chain.leftOutBelow()) || (six > scores[best] + VARIANT && six >= four)) {
      doubts.add(Doubt.SIX_LUMBAR);
    } else if (four > scores[best] + VARIANT) {
      doubts.add(Doubt.FOUR_LUMBAR);
    }
    if (sacrum.isPresent()
        && steps[0] > 0
        && (steps[0] < THORACIC_STEP || sacrum.get().value() >= ANCHOR)) {
      doubts.add(Doubt.SACRUM_MISMATCH);
    }
    if (best < T12_STEP && !isSurelyLumbar(scores, best, rows, chain)) {
      doubts.add(Doubt.NO_SURE_LUMBAR);
      return new LevelNaming(
          Arrays.stream(steps).mapToObj(s -> s < T12_STEP ? THORACIC_STEP : s).toList(),
          false,
          doubts);
    }
    boolean anchored = (sacrum.isPresent() && steps[0] == 0) || hasThoracicAnchor(steps, rows);
    return new LevelNaming(Arrays.stream(steps).boxed().toList(), anchored, doubts);
  }

  /** Returns whether any vertebra of a chain has enough evidence of a lumbar level. */
  static boolean looksLumbar(SpineChain chain, HeatMaps maps) {
    return chain.vertebrae().stream()
        .anyMatch(vertebra -> lumbarEvidence(maps.evidence(vertebra)) >= LUMBAR);
  }

  private static double lumbarEvidence(double[] row) {
    double lumbar = 0;
    for (int channel = HeatMaps.L1; channel <= HeatMaps.L5; channel++) {
      lumbar += row[channel];
    }
    return lumbar;
  }

  /** The highest S1 peak about one step below the lowest vertebra. */
  private static Optional<Peak> sacrumBelow(Peak lowest, HeatMaps maps) {
    for (Peak p : maps.peaks(HeatMaps.S1, SACRUM)) {
      double distance = maps.distanceMm(p, lowest);
      if (p.at().z() < lowest.at().z() && distance >= SACRUM_NEAR_MM && distance <= SACRUM_FAR_MM) {
        return Optional.of(p);
      }
    }
    return Optional.empty();
  }

  private static int[] consecutive(int offset, int count) {
    int[] steps = new int[count];
    for (int n = 0; n < count; n++) {
      steps[n] = Math.min(offset + n, THORACIC_STEP);
    }
    return steps;
  }

  private static double logEvidence(double evidence) {
    return Math.log(Math.max(evidence, FLOOR));
  }

  private static double score(int[] steps, List<double[]> rows) {
    double total = 0;
    for (int n = 0; n < steps.length; n++) {
      total += logEvidence(rows.get(n)[UPWARDS[steps[n]]]);
    }
    return total;
  }

  /** A sacrum directly below the chain speaks for L5 at its lower end. */
  private static double sacrumScore(int offset, Optional<Peak> sacrum) {
    return sacrum.map(p -> logEvidence(offset == 0 ? p.value() : 1 - p.value())).orElse(0.0);
  }

  /** Breaks ties when the maps say nothing: the middle of the chain is L3. */
  private static double preferMiddle(int offset, int count) {
    return -0.01 * Math.abs(offset + 0.5 * (count - 1) - 2);
  }

  private static boolean isCloseCall(double[] scores, int best) {
    for (int offset = 0; offset < scores.length; offset++) {
      if (offset != best && scores[best] - scores[offset] < CLOSE_CALL) {
        return true;
      }
    }
    return false;
  }

  /**
   * Those that would be named lumbar are clear vertebrae, some looks lumbar, and no naming without
   * a lumbar vertebra explains as much.
   */
  private static boolean isSurelyLumbar(
      double[] scores, int best, List<double[]> rows, SpineChain chain) {
    double without = Math.max(scores[T12_STEP], scores[THORACIC_STEP]);
    if (scores[best] - without < NO_LUMBAR) {
      return false;
    }
    int count = Math.min(rows.size(), T12_STEP - best);
    double height = 0;
    boolean looksLumbar = false;
    for (int n = 0; n < count; n++) {
      double[] row = rows.get(n);
      height += Math.min(1, chain.vertebrae().get(n).value());
      looksLumbar |= lumbarEvidence(row) >= LUMBAR;
    }
    return looksLumbar && height >= FAINT * count;
  }

  private static boolean hasThoracicAnchor(int[] steps, List<double[]> rows) {
    for (int n = 0; n < steps.length - 1; n++) {
      if (steps[n] == T12_STEP
          && rows.get(n)[HeatMaps.T12] >= ANCHOR
          && rows.get(n + 1)[HeatMaps.THORACIC] >= ANCHOR) {
        return true;
      }
    }
    return false;
  }

  /** Best score of a naming with one lumbar level skipped (four in all) or doubled (six in all). */
  private static double bestVariant(List<double[]> rows, Optional<Peak> sacrum, boolean doubled) {
    double best = Double.NEGATIVE_INFINITY;
    for (int offset = 0; offset < THORACIC_STEP; offset++) {
      int[] plain = consecutive(offset, rows.size());
      for (int at = 1; at < plain.length && plain[at] <= T12_STEP; at++) {
        int[] steps = plain.clone();
        for (int n = at; n < steps.length; n++) {
          steps[n] = Math.min(THORACIC_STEP, offset + n + (doubled ? -1 : 1));
        }
        best = Math.max(best, score(steps, rows) + sacrumScore(offset, sacrum));
      }
    }
    return best;
  }
}
