package dev.lss.core.ct;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Vector3;
import dev.lss.core.ct.HeatMaps.Peak;
import dev.lss.core.naming.LevelDecoder;
import dev.lss.core.naming.LevelDecoder.Path;
import dev.lss.core.naming.NamingModel;
import dev.lss.core.naming.SpineBody;
import dev.lss.core.naming.SpineLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which level each vertebra of a chain is: of all namings the most probable one, by what the heat
 * maps say at each vertebra, by how far neighbours are apart, and by the sacrum's peak below the
 * chain. Evidence decides between namings; it never breaks the order. What speaks against the
 * naming becomes a doubt.
 *
 * @param levels of each vertebra, lowest first
 * @param missed how many vertebrae are missing between each vertebra and the next one above
 * @param probability that these levels are right, calibrated, in [0, 1]
 * @param anchored whether a sacrum, or T12 with its upper neighbour, is in view where the naming
 *     says
 * @param doubts what contradicts the naming
 */
record LevelNaming(
    List<SpineLevel> levels,
    List<Integer> missed,
    double probability,
    boolean anchored,
    List<Doubt> doubts) {

  /** What can speak against a naming. */
  enum Doubt {
    /** The levels are not probable enough. */
    UNSURE,
    /** A sacrum lies directly below a vertebra that is not named L5. */
    SACRUM_MISMATCH,
    /** A thirteenth thoracic vertebra, or a missing twelfth. */
    NOT_TWELVE_THORACIC,
    /** A sixth lumbar vertebra, or a strong peak below L5 that was left out. */
    SIX_LUMBAR,
    /** A naming without any lumbar vertebra explains as much, so none is named lumbar. */
    NO_SURE_LUMBAR
  }

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

  /** A naming with lumbar vertebrae must beat every naming without one by this much. */
  private static final double NO_LUMBAR = DecodingConstants.of("naming.noLumbar");

  /** Weights of what the places of vertebrae say, and of what the maps say. */
  private static final double PLACES = DecodingConstants.of("naming.places");

  private static final double EVIDENCE = DecodingConstants.of("naming.evidence");

  /** The log odds of being right, with a sacrum where the naming says and without. */
  private static final double SLOPE = DecodingConstants.of("naming.slope");

  private static final double OFFSET = DecodingConstants.of("naming.offset");
  private static final double SLOPE_WITHOUT = DecodingConstants.of("naming.slopeWithout");
  private static final double OFFSET_WITHOUT = DecodingConstants.of("naming.offsetWithout");

  /** Less probable levels are doubtful. */
  private static final double SURE = DecodingConstants.of("naming.sure");

  /** Names in the chest make no difference: its vertebrae are not labelled. */
  private static final Set<SpineLevel> CHEST = EnumSet.range(SpineLevel.C1, SpineLevel.T11);

  private static final Set<SpineLevel> NOT_LUMBAR =
      EnumSet.complementOf(EnumSet.range(SpineLevel.L1, SpineLevel.L6));

  LevelNaming {
    levels = List.copyOf(levels);
    missed = List.copyOf(missed);
    doubts = List.copyOf(doubts);
  }

  /** A level that whoever asks knows, of the vertebra with this index in a chain. */
  record Held(int vertebra, SpineLevel level) {}

  /** Names a chain of at least one vertebra; none is lumbar when that is not sure. */
  static LevelNaming of(SpineChain chain, HeatMaps maps) {
    int count = chain.vertebrae().size();
    Optional<Peak> sacrum = sacrumBelow(chain.vertebrae().get(0), maps);
    List<Peak> peaks = reversed(chain.vertebrae());
    sacrum.ifPresent(peaks::add);
    List<double[]> rows = peaks.stream().map(maps::evidence).toList();

    LevelDecoder decoder =
        LevelDecoder.of(
            NamingModel.learned(),
            bodies(peaks, maps),
            PLACES,
            evidence(peaks, rows, sacrum.isPresent()));
    Path path = decoder.best();
    List<SpineLevel> levels = path.levels();
    boolean sacrumFits = endsInSacrum(path);
    double probability = calibrated(decoder.probability(path, CHEST), levels.size(), sacrumFits);
    if (levels.subList(0, count).stream().anyMatch(SpineLevel::isLumbar)
        && !isSurelyLumbar(decoder, levels, peaks.subList(0, count), rows)) {
      return new LevelNaming(
          Collections.nCopies(count, SpineLevel.T11),
          Collections.nCopies(count - 1, 0),
          probability,
          false,
          List.of(Doubt.NO_SURE_LUMBAR));
    }
    return new LevelNaming(
        reversed(levels.subList(0, count)),
        reversed(path.missed().subList(0, count - 1)),
        probability,
        sacrumFits || hasRibs(levels.subList(0, count), rows),
        doubts(path, chain, probability, sacrum.isPresent() && !sacrumFits));
  }

  /**
   * Names a chain of at least one vertebra from the one whose level is known. The others are
   * counted from it, whatever the heat maps say for them.
   *
   * @throws InvalidStudyException {@code LEVEL_IMPOSSIBLE} when the others can have no level then
   */
  static LevelNaming of(SpineChain chain, HeatMaps maps, Held held) {
    int count = chain.vertebrae().size();
    List<Peak> peaks = reversed(chain.vertebrae());
    LevelDecoder decoder =
        LevelDecoder.of(
                NamingModel.learned(),
                bodies(peaks, maps),
                1,
                new double[count][SpineLevel.all().size()])
            .only(count - 1 - held.vertebra(), EnumSet.of(held.level()));
    if (decoder.logTotal() == Double.NEGATIVE_INFINITY) {
      throw new InvalidStudyException(
          "LEVEL_IMPOSSIBLE",
          "with %s as the level of vertebra %s of %s from below the others have no level"
              .formatted(held.level(), held.vertebra() + 1, count));
    }
    Path path = decoder.best();
    double probability = calibrated(decoder.probability(path, CHEST), count, true);
    SpineLevel lowest = path.levels().get(count - 1);
    boolean conflict =
        sacrumBelow(chain.vertebrae().get(0), maps).isPresent()
            && lowest != SpineLevel.L5
            && lowest != SpineLevel.L6;
    return new LevelNaming(
        reversed(path.levels()),
        reversed(path.missed()),
        probability,
        true,
        doubts(path, chain, probability, conflict));
  }

  private static List<Doubt> doubts(
      Path path, SpineChain chain, double probability, boolean conflict) {
    List<Doubt> doubts = new ArrayList<>();
    if (probability < SURE) {
      doubts.add(Doubt.UNSURE);
    }
    if (conflict) {
      doubts.add(Doubt.SACRUM_MISMATCH);
    }
    if (isOtherThanTwelve(path)) {
      doubts.add(Doubt.NOT_TWELVE_THORACIC);
    }
    SpineLevel lowest = path.levels().get(chain.vertebrae().size() - 1);
    if (path.levels().contains(SpineLevel.L6)
        || (chain.leftOutBelow() && lowest == SpineLevel.L5)) {
      doubts.add(Doubt.SIX_LUMBAR);
    }
    return doubts;
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
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

  private static List<SpineBody> bodies(List<Peak> peaks, HeatMaps maps) {
    Vector3 mm = maps.spacingMm();
    return peaks.stream()
        .map(peak -> SpineBody.at(Vector3.of(axis -> peak.at().get(axis) * mm.get(axis))))
        .toList();
  }

  /** What the maps say for each level of each vertebra, and of the sacrum's peak if it is last. */
  private static double[][] evidence(
      List<Peak> downwards, List<double[]> rows, boolean endsInSacrum) {
    List<SpineLevel> all = SpineLevel.all();
    double[][] evidence = new double[rows.size()][all.size()];
    for (int n = 0; n < evidence.length; n++) {
      boolean isSacrum = endsInSacrum && n == evidence.length - 1;
      for (int level = 0; level < evidence[n].length; level++) {
        evidence[n][level] =
            EVIDENCE * evidence(all.get(level), rows.get(n), downwards.get(n), isSacrum);
      }
    }
    return evidence;
  }

  /** The logarithm of what the maps say for a level at a vertebra, or at a peak of the sacrum. */
  private static double evidence(SpineLevel level, double[] row, Peak peak, boolean isSacrum) {
    if (isSacrum && level == SpineLevel.S) {
      return log(peak.value());
    }
    int channel = channel(level);
    return log(channel < 0 ? 0 : row[channel]) + (isSacrum ? log(1 - peak.value()) : 0);
  }

  /**
   * Returns the heat map of a level; -1 for the neck and the rare thirteenth thoracic vertebra. The
   * rare sixth lumbar one looks like the fifth.
   */
  private static int channel(SpineLevel level) {
    if (level == SpineLevel.S) {
      return HeatMaps.S1;
    }
    if (level.isLumbar()) {
      int place = SpineLevel.all().indexOf(level) - SpineLevel.all().indexOf(SpineLevel.L1);
      return Math.min(HeatMaps.L1 + place, HeatMaps.L5);
    }
    if (level == SpineLevel.T12) {
      return HeatMaps.T12;
    }
    return level.isThoracic() && level != SpineLevel.T13 ? HeatMaps.THORACIC : -1;
  }

  private static double log(double evidence) {
    return Math.log(Math.max(evidence, FLOOR));
  }

  /** A sacrum right below L5 or L6. */
  private static boolean endsInSacrum(Path path) {
    int last = path.levels().size() - 1;
    return last > 0
        && path.levels().get(last) == SpineLevel.S
        && (path.levels().get(last - 1) == SpineLevel.L5
            || path.levels().get(last - 1) == SpineLevel.L6)
        && path.missed().get(last - 1) == 0;
  }

  /** A thirteenth thoracic vertebra, or none between T11 and L1. */
  private static boolean isOtherThanTwelve(Path path) {
    List<SpineLevel> levels = path.levels();
    for (int n = 1; n < levels.size(); n++) {
      if (levels.get(n - 1) == SpineLevel.T11
          && levels.get(n) == SpineLevel.L1
          && path.missed().get(n - 1) == 0) {
        return true;
      }
    }
    return levels.contains(SpineLevel.T13);
  }

  /** T12 and its upper neighbour, both clear, as where their ribs are in view. */
  private static boolean hasRibs(List<SpineLevel> downwards, List<double[]> rows) {
    for (int n = 1; n < downwards.size(); n++) {
      if (downwards.get(n) == SpineLevel.T12
          && rows.get(n)[HeatMaps.T12] >= ANCHOR
          && rows.get(n - 1)[HeatMaps.THORACIC] >= ANCHOR) {
        return true;
      }
    }
    return false;
  }

  /**
   * Those that would be named lumbar are clear vertebrae, some looks lumbar, and the namings
   * without a lumbar vertebra explain much less.
   */
  private static boolean isSurelyLumbar(
      LevelDecoder decoder, List<SpineLevel> levels, List<Peak> vertebrae, List<double[]> rows) {
    LevelDecoder without = decoder;
    for (int n = 0; n < levels.size(); n++) {
      without = without.only(n, NOT_LUMBAR);
    }
    int count = 0;
    double height = 0;
    boolean looksLumbar = false;
    for (int n = 0; n < vertebrae.size(); n++) {
      if (levels.get(n).isLumbar()) {
        count++;
        height += Math.min(1, vertebrae.get(n).value());
        looksLumbar |= lumbarEvidence(rows.get(n)) >= LUMBAR;
      }
    }
    return looksLumbar
        && height >= FAINT * count
        && decoder.logTotal() - without.logTotal() >= NO_LUMBAR;
  }

  /** The probability of being right, from the model's own. */
  private static double calibrated(double raw, int bodies, boolean isAnchored) {
    double odds = NamingModel.learned().odds(raw, 0, bodies);
    double here = isAnchored ? SLOPE * odds + OFFSET : SLOPE_WITHOUT * odds + OFFSET_WITHOUT;
    return 1 / (1 + Math.exp(-here));
  }
}
