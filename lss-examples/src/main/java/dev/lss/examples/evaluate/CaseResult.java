package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.metrics.Centroids;
import dev.lss.metrics.Identification;
import dev.lss.metrics.LabelOverlaps;
import dev.lss.metrics.LabelSurfaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How one case was judged. Immutable.
 *
 * @param name name of the case
 * @param diagonalMm length of the image's diagonal; NaN without a millimetre scale
 * @param matching how labels were matched
 * @param labels the structures
 * @param macroDice mean Dice over the structures where it is defined
 * @param pooledDice Dice of the counts summed over the structures
 * @param unionDice Dice of "any structure" with "any structure"
 * @param identification how many vertebrae have their right name, by VerSe's rule; empty when no
 *     structure is known to be a vertebra
 * @param notices what is doubtful
 */
record CaseResult(
    String name,
    double diagonalMm,
    Matching.Kind matching,
    List<LabelResult> labels,
    double macroDice,
    double pooledDice,
    double unionDice,
    Optional<Identification> identification,
    List<Notice> notices) {

  /** Copies the lists. */
  CaseResult {
    labels = List.copyOf(labels);
    notices = List.copyOf(notices);
  }

  /**
   * Judges one case.
   *
   * @param notices what is known to be doubtful before
   * @throws InvalidStudyException {@code GRID_MISMATCH} when the grids differ, with both in the
   *     message, and what {@link LabelSurfaces} refuses
   */
  static CaseResult of(
      String name,
      LabelVolume referenceMap,
      LabelVolume predictionMap,
      Matching matching,
      Settings settings,
      List<Notice> notices) {
    LabelVolume reference = matching.ofReference(referenceMap);
    LabelVolume prediction = matching.ofPrediction(predictionMap);
    List<LabelMatch> matches = matching.labels();
    List<Integer> places = IntStream.rangeClosed(1, matches.size()).boxed().toList();
    LabelOverlaps overlaps =
        LabelOverlaps.of(reference, prediction, places, settings.emptyPolicy());
    Optional<LabelSurfaces> surfaces =
        settings
            .surfaces()
            .map(s -> LabelSurfaces.of(reference, prediction, places, settings.surfaceOptions()));
    SortedMap<Integer, Vector3> referenceCentroids = Centroids.of(reference);
    SortedMap<Integer, Vector3> predictionCentroids = Centroids.of(prediction);
    List<LabelResult> labels = new ArrayList<>();
    for (int place : places) {
      labels.add(
          LabelResult.of(
              matches.get(place - 1),
              overlaps.of(place),
              surfaces.map(all -> all.of(place)),
              Centroids.distanceMm(referenceCentroids, predictionCentroids, place),
              settings));
    }
    List<Notice> all = new ArrayList<>(notices);
    all.addAll(matching.leftOut(referenceMap, predictionMap));
    all.addAll(matching.unknownLevels());
    return new CaseResult(
        name,
        diagonalMm(reference.geometry()),
        matching.kind(),
        labels,
        overlaps.macroDice(),
        overlaps.pooledDice(),
        overlaps.unionDice(),
        matches.stream().anyMatch(match -> match.level().isPresent())
            ? Optional.of(
                Identification.of(
                    byLevel(referenceCentroids, matches),
                    byLevel(predictionCentroids, matches),
                    Identification.Rule.VERSE))
            : Optional.empty(),
        all);
  }

  private static double diagonalMm(GridGeometry grid) {
    if (!grid.calibrated()) {
      return Double.NaN;
    }
    Extents extents = grid.extents();
    Vector3 spacing = grid.spacingMm();
    return new Vector3(
            extents.i() * spacing.x(), extents.j() * spacing.y(), extents.k() * spacing.z())
        .norm();
  }

  private static SortedMap<Integer, Vector3> byLevel(
      SortedMap<Integer, Vector3> centroids, List<LabelMatch> matches) {
    SortedMap<Integer, Vector3> byLevel = new TreeMap<>();
    for (int place : centroids.keySet()) {
      OptionalInt level = matches.get(place - 1).level();
      level.ifPresent(l -> byLevel.put(l, Objects.requireNonNull(centroids.get(place))));
    }
    return byLevel;
  }

  /**
   * Returns the mean of a measure over the structures where it is defined; NaN where it is nowhere.
   */
  double mean(Measure measure, Settings settings) {
    return labels.stream()
        .mapToDouble(label -> value(label, measure, settings))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** Returns a measure of a structure, as the settings count what is missing. */
  double value(LabelResult label, Measure measure, Settings settings) {
    return settings.handling().missing() == Settings.Missing.WORST
        ? label.worst(measure, diagonalMm)
        : label.value(measure);
  }
}
