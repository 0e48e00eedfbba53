package dev.lss.core.muscle;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.core.measure.HounsfieldUnits;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Chooses what tells fat from muscle: a Dixon pair before an in- and opposed-phase pair before CT
 * before the brightness of the series that was segmented. Only series on the grid of the labels
 * count; a pair of which one was segmented and the other lies elsewhere is refused.
 */
final class FatSources {

  private static final double TOLERANCE_VOXELS = 1e-2;

  /** Fat is bright in these. */
  private static final Set<SeriesRole> FAT_IS_BRIGHT =
      Set.of(
          SeriesRole.T1, SeriesRole.T2, SeriesRole.IN_PHASE, SeriesRole.DIXON_FAT, SeriesRole.MR);

  private FatSources() {}

  /**
   * Returns the source.
   *
   * @param study all series, at most one of each role
   * @param labelled the series on whose grid the labels lie
   * @param muscles array indices of the voxels of each muscle
   * @param notices where to say what is doubtful
   * @throws InvalidStudyException {@code GRIDS_DIFFER}
   */
  static FatSource of(
      List<Series> study, Series labelled, List<int[]> muscles, List<Notice> notices) {
    Optional<Pair> dixon = Pair.of(study, labelled, SeriesRole.DIXON_WATER, SeriesRole.DIXON_FAT);
    if (dixon.isPresent()) {
      return dixon(dixon.get(), notices);
    }
    Optional<Pair> phases = Pair.of(study, labelled, SeriesRole.IN_PHASE, SeriesRole.OPPOSED_PHASE);
    if (phases.isPresent()) {
      notices.add(
          new Notice(
              "IN_OPPOSED_AMBIGUOUS",
              "fat from in and opposed phase is the share of whichever of fat and water is less, and"
                  + " the decay between the echoes shifts it"));
      return new InOpposedFat(phases.get().first(), phases.get().second());
    }
    if (labelled.role().equals(SeriesRole.CT)) {
      Optional<Notice> doubt = HounsfieldUnits.doubt(labelled.volume());
      doubt.ifPresent(notices::add);
      return doubt.isPresent() ? new UnknownFat("NOT_HU") : new HounsfieldFat(labelled.volume());
    }
    if (!FAT_IS_BRIGHT.contains(labelled.role())) {
      notices.add(
          new Notice(
              "FAT_NOT_KNOWN",
              "fat is not bright in %s alone; give the other image of the pair, or T1 or T2"
                  .formatted(labelled.role())));
      return new UnknownFat("FAT_NOT_BRIGHT");
    }
    notices.add(
        new Notice(
            "FAT_FROM_BRIGHTNESS",
            "fat was told from muscle by the brightness of %s%s: less exact than Dixon, and of no use"
                    .formatted(
                        labelled.role(),
                        labelled.role().equals(SeriesRole.MR)
                            ? ", in which fat is taken to be bright"
                            : "")
                + " for the psoas"));
    return new ThresholdFat(labelled.volume(), BiasField.of(labelled.volume(), muscles));
  }

  private static FatSource dixon(Pair pair, List<Notice> notices) {
    int across = SliceAxis.of(pair.first().geometry()).axis();
    OptionalDouble water = RicianNoise.sigma(pair.first(), across);
    OptionalDouble fat = RicianNoise.sigma(pair.second(), across);
    DixonFat source = new DixonFat(pair.first(), pair.second(), water, fat);
    if (!source.knowsNoise()) {
      notices.add(
          new Notice(
              "NOISE_NOT_KNOWN",
              "no corner of the water and fat images shows noise alone, so small fractions of fat"
                  + " were not freed of its bias"));
    }
    return source;
  }

  /** Two images on the grid of the labels. */
  private record Pair(Volume first, Volume second) {

    static Optional<Pair> of(
        List<Series> study, Series labelled, SeriesRole one, SeriesRole other) {
      Optional<Series> first = find(study, one);
      Optional<Series> second = find(study, other);
      if (first.isEmpty() || second.isEmpty()) {
        return Optional.empty();
      }
      boolean isPart = labelled.role().equals(one) || labelled.role().equals(other);
      GridGeometry grid = labelled.geometry();
      for (Series series : List.of(first.get(), second.get())) {
        if (!grid.sameAs(series.geometry(), TOLERANCE_VOXELS)) {
          if (!isPart) {
            return Optional.empty();
          }
          throw new InvalidStudyException(
              "GRIDS_DIFFER",
              "%s and %s must lie on one grid: %s has %s, %s has %s%s"
                  .formatted(
                      one,
                      other,
                      labelled.role(),
                      describe(grid),
                      series.role(),
                      describe(series.geometry()),
                      grid.describeDistance(series.geometry())));
        }
      }
      return Optional.of(new Pair(first.get().volume(), second.get().volume()));
    }

    private static String describe(GridGeometry grid) {
      return String.format(
          Locale.ROOT,
          "%s from (%.1f, %.1f, %.1f) mm",
          grid.describe(),
          grid.affine().origin().x(),
          grid.affine().origin().y(),
          grid.affine().origin().z());
    }

    private static Optional<Series> find(List<Series> study, SeriesRole role) {
      return study.stream().filter(series -> series.role().equals(role)).findFirst();
    }
  }
}
