package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How one case was judged. Immutable.
 *
 * @param name name of the case
 * @param matching how labels were matched
 * @param labels the structures
 * @param macroDice mean Dice over the structures where it is defined
 * @param pooledDice Dice of the counts summed over the structures
 * @param unionDice Dice of "any structure" with "any structure"
 * @param identification how many vertebrae have their right name, by VerSe's rule; empty when no
 *     structure is known to be a vertebra
 * @param notices what is doubtful
 */
public record CaseResult(
    String name,
    Matching.Kind matching,
    List<LabelResult> labels,
    double macroDice,
    double pooledDice,
    double unionDice,
    Optional<Identification> identification,
    List<Notice> notices) {

  /** Copies the lists. */
  public CaseResult {
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
  public static CaseResult of(
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
    LabelOverlaps overlaps = LabelOverlaps.of(reference, prediction, places, Settings.EMPTY);
    Optional<LabelSurfaces> surfaces =
        settings.distances()
            ? Optional.of(LabelSurfaces.of(reference, prediction, places, settings.surfaces()))
            : Optional.empty();
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
    return new CaseResult(
        name,
        matching.kind(),
        labels,
        overlaps.macroDice(),
        overlaps.pooledDice(),
        overlaps.unionDice(),
        matches.stream().anyMatch(match -> match.vertebra().isPresent())
            ? Optional.of(
                Identification.of(
                    byLevel(referenceCentroids, matches),
                    byLevel(predictionCentroids, matches),
                    Identification.Rule.VERSE))
            : Optional.empty(),
        all);
  }

  private static SortedMap<Integer, Vector3> byLevel(
      SortedMap<Integer, Vector3> centroids, List<LabelMatch> matches) {
    SortedMap<Integer, Vector3> byLevel = new TreeMap<>();
    for (int place : centroids.keySet()) {
      Optional<VertebraLevel> level = matches.get(place - 1).vertebra();
      level.ifPresent(l -> byLevel.put(l.verseId(), Objects.requireNonNull(centroids.get(place))));
    }
    return byLevel;
  }
}
