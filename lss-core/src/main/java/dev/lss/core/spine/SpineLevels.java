package dev.lss.core.spine;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import dev.lss.core.naming.LevelDecoder;
import dev.lss.core.naming.NamingModel;
import dev.lss.core.naming.SpineBody;
import dev.lss.core.naming.SpineLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The levels of the vertebrae of a spine, from the head down: of all namings the most probable one,
 * by how far neighbours are apart and by the sacrum, where it is in view. Without a sacrum nothing
 * but distances speaks, which are much alike in many spines, and the result says so.
 *
 * @param levels of each vertebra
 * @param probability that these levels are right, in [0, 1], cut off after four decimals
 * @param notices what is doubtful
 */
record SpineLevels(List<SpineLevel> levels, double probability, List<Notice> notices) {

  /** Less probable levels are doubtful. */
  private static final double SURE = 0.9;

  /** How probable it is that what the network calls sacrum, or body, is that. */
  private static final double RELIABLE = 0.97;

  /** No body is farther from the point that names it. */
  private static final double NEAR_MM = 40;

  /** Names in the chest make no difference: its vertebrae are not labelled. */
  private static final Set<SpineLevel> CHEST = EnumSet.range(SpineLevel.C1, SpineLevel.T10);

  SpineLevels {
    levels = List.copyOf(levels);
    notices = List.copyOf(notices);
  }

  /**
   * Names the vertebrae of a spine.
   *
   * @param spine at least one vertebra
   * @param sacrumMm the middle of the first segment of the sacrum, where it is seen
   * @param known the vertebra whose level is known
   * @throws InvalidStudyException {@code LEVEL_NOT_FOUND} when no vertebra is near the known one,
   *     {@code LEVEL_IMPOSSIBLE} when the others can have no level then
   */
  static SpineLevels of(SpineCurve spine, Optional<Vector3> sacrumMm, Optional<KnownLevel> known) {
    List<SpineBody> bodies = new ArrayList<>();
    for (int n = 0; n < spine.size(); n++) {
      bodies.add(SpineBody.at(spine.centreMm(n)));
    }
    boolean counted = known.isEmpty() && sacrumMm.isPresent();
    if (counted) {
      bodies.add(SpineBody.at(sacrumMm.orElseThrow()));
    }
    LevelDecoder decoder =
        LevelDecoder.of(NamingModel.learned(), bodies, 1, evidence(bodies.size(), counted));
    if (known.isPresent()) {
      decoder = held(decoder, spine, known.get());
    }
    LevelDecoder.Path path = decoder.best();
    double raw = decoder.probability(path, CHEST);
    double odds = NamingModel.learned().odds(raw, 0, bodies.size());
    double own = 1 / (1 + Math.exp(-odds));
    double probability =
        counted || known.isPresent() ? Math.min(RELIABLE, own) : Math.min(raw, own);
    double stated = Math.floor(probability * 10_000) / 10_000;
    return new SpineLevels(
        path.levels().subList(0, spine.size()),
        stated,
        notices(path, spine, sacrumMm, known, stated));
  }

  /**
   * What the network says of each body, as logarithms: vertebrae are no sacrum, the last one is.
   */
  private static double[][] evidence(int bodies, boolean endsInSacrum) {
    double[][] evidence = new double[bodies][SpineLevel.all().size()];
    int sacrum = SpineLevel.all().indexOf(SpineLevel.S);
    for (int n = 0; n < bodies; n++) {
      boolean isSacrum = endsInSacrum && n == bodies - 1;
      Arrays.fill(evidence[n], Math.log(isSacrum ? 1 - RELIABLE : RELIABLE));
      evidence[n][sacrum] = Math.log(isSacrum ? RELIABLE : 1 - RELIABLE);
    }
    return evidence;
  }

  private static LevelDecoder held(LevelDecoder decoder, SpineCurve spine, KnownLevel known) {
    int body = known.atMm().map(point -> nearest(spine, point, known)).orElse(spine.size() - 1);
    LevelDecoder held = decoder.only(body, EnumSet.of(SpineLevel.of(known.level())));
    if (held.logTotal() == Double.NEGATIVE_INFINITY) {
      throw new InvalidStudyException(
          "LEVEL_IMPOSSIBLE",
          "with %s as the level of vertebra %s of %s from below the others have no level"
              .formatted(known.level(), spine.size() - body, spine.size()));
    }
    return held;
  }

  private static int nearest(SpineCurve spine, Vector3 point, KnownLevel known) {
    int nearest = 0;
    for (int n = 1; n < spine.size(); n++) {
      if (distance(spine, n, point) < distance(spine, nearest, point)) {
        nearest = n;
      }
    }
    if (distance(spine, nearest, point) > NEAR_MM) {
      throw new InvalidStudyException(
          "LEVEL_NOT_FOUND",
          String.format(
              Locale.ROOT,
              "no vertebra was found within %.0f mm of the point (%.1f, %.1f, %.1f) of %s, the"
                  + " nearest is %.0f mm away; points are LPS mm",
              NEAR_MM,
              point.x(),
              point.y(),
              point.z(),
              known.level(),
              distance(spine, nearest, point)));
    }
    return nearest;
  }

  private static double distance(SpineCurve spine, int body, Vector3 point) {
    return spine.centreMm(body).minus(point).norm();
  }

  private static List<Notice> notices(
      LevelDecoder.Path path,
      SpineCurve spine,
      Optional<Vector3> sacrumMm,
      Optional<KnownLevel> known,
      double probability) {
    List<Notice> notices = new ArrayList<>();
    SpineLevel lowest = path.levels().get(spine.size() - 1);
    boolean lowestLumbar = lowest == SpineLevel.L5 || lowest == SpineLevel.L6;
    String right = String.format(Locale.ROOT, " %.2f", probability);
    if (known.isEmpty() && sacrumMm.isEmpty()) {
      notices.add(
          new Notice(
              "LEVELS_WITHOUT_ANCHOR",
              "no sacrum was recognised below the lowest vertebra; the levels are in order, but all"
                  + " may be shifted, and are right with a probability of"
                  + right));
    } else if (probability < SURE) {
      notices.add(
          new Notice(
              "LEVELS_AMBIGUOUS",
              "another assignment of levels is nearly as likely; these are right with a probability"
                  + " of"
                  + right));
    }
    if (sacrumMm.isPresent() && !lowestLumbar) {
      notices.add(
          new Notice(
              "LEVEL_CONFLICT",
              "a sacrum seems to lie directly below a vertebra that is not named L5; the levels are"
                  + " doubtful"));
    }
    if (path.levels().contains(SpineLevel.L6)) {
      notices.add(
          new Notice(
              "TRANSITIONAL_VERTEBRA",
              "the spine looks as if it had six lumbar vertebrae; the levels are doubtful"));
    }
    if (path.levels().contains(SpineLevel.T13)) {
      notices.add(
          new Notice(
              "TRANSITIONAL_VERTEBRA",
              "the spine looks as if it had not twelve thoracic vertebrae; the levels are"
                  + " doubtful"));
    }
    for (int n = 0; n + 1 < path.levels().size(); n++) {
      if (path.missed().get(n) > 0 && path.levels().get(n).labelled().isPresent()) {
        notices.add(
            new Notice(
                "VERTEBRA_MISSING",
                "between %s and %s there is room for %s, which was not found"
                    .formatted(
                        path.levels().get(n),
                        path.levels().get(n + 1) == SpineLevel.S
                            ? "the sacrum"
                            : path.levels().get(n + 1),
                        path.missed().get(n) == 1
                            ? "one more vertebra"
                            : path.missed().get(n) + " more vertebrae")));
      }
    }
    return notices;
  }

  /** Returns the level of a vertebra that results label; empty above T11. */
  Optional<VertebraLevel> labelled(int vertebra) {
    return levels.get(vertebra).labelled();
  }
}
