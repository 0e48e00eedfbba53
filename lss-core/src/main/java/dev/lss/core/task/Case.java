package dev.lss.core.task;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The series of a study that a task looks at, one for each need, and the grid on which its labels
 * are wanted. Immutable.
 */
public final class Case {

  /** How far the corners of two channels' grids may be apart, in voxels. */
  private static final double TOLERANCE_VOXELS = 1e-2;

  private final Map<SeriesRole, Series> series;
  private final Optional<Series> best;
  private final Series reference;
  private final Optional<KnownLevel> knownLevel;
  private final Optional<LabelVolume> spine;

  private Case(Map<SeriesRole, Series> series, Optional<Series> best, LumbarStudy study) {
    this.series = series;
    this.best = best;
    this.reference = study.reference();
    this.knownLevel = study.knownLevel();
    this.spine = study.spine();
  }

  /**
   * Chooses the series of a task out of a study.
   *
   * @param task id of the task, for messages
   * @throws InvalidStudyException {@code MISSING_SERIES} when one is not there, or none of those of
   *     which one is enough; {@code AMBIGUOUS_SERIES} when several are and none is preferred,
   *     {@code NOT_A_PLANE} or {@code NOT_A_VOLUME} when one is of the other kind, {@code
   *     NON_FINITE_SAMPLES} when a voxel is NaN or infinite
   */
  public static Case of(LumbarStudy study, List<SeriesNeed> needs, String task) {
    Map<SeriesRole, Series> chosen = new LinkedHashMap<>();
    for (SeriesNeed need : needs) {
      List<Series> there = study.byRole(need.role());
      if (there.isEmpty() && !need.optional()) {
        throw new InvalidStudyException(
            "MISSING_SERIES",
            "the task %s takes the series %s, there is no series \"%s\""
                .formatted(task, needs.stream().map(SeriesNeed::role).toList(), need.role()));
      }
      if (!there.isEmpty()) {
        Series one = only(there, need);
        requireKind(one, need, task);
        requireFinite(one);
        chosen.put(need.role(), one);
      }
    }
    Optional<Series> best = best(chosen.values(), needs);
    if (best.isEmpty() && needs.stream().anyMatch(SeriesNeed::alternative)) {
      throw new InvalidStudyException(
          "MISSING_SERIES",
          "the task %s takes one of the series %s, there is only %s"
              .formatted(
                  task,
                  needs.stream().filter(SeriesNeed::alternative).map(SeriesNeed::role).toList(),
                  study.series().stream().map(Series::role).toList()));
    }
    return new Case(chosen, best, study);
  }

  /**
   * Returns the best of the series of which one is enough: the first, in the order of the needs,
   * whose slices lie in the preferred plane, else the first that is isotropic, else the first.
   * Empty when the needs hold no alternatives or none of them is there.
   */
  public static Optional<Series> best(Collection<Series> series, List<SeriesNeed> needs) {
    Optional<Series> best = Optional.empty();
    int rank = Integer.MAX_VALUE;
    for (SeriesNeed need : needs) {
      if (!need.alternative()) {
        continue;
      }
      for (Series one : series) {
        int its =
            need.prefers().equals(Optional.of(one.plane()))
                ? 0
                : one.plane() == SlicePlane.ISOTROPIC ? 1 : 2;
        if (one.role().equals(need.role()) && its < rank) {
          best = Optional.of(one);
          rank = its;
        }
      }
    }
    return best;
  }

  private static Series only(List<Series> there, SeriesNeed need) {
    List<Series> preferred =
        there.size() == 1
            ? there
            : there.stream()
                .filter(one -> need.prefers().equals(Optional.of(one.plane())))
                .toList();
    if (preferred.size() != 1) {
      throw new InvalidStudyException(
          "AMBIGUOUS_SERIES",
          "the study holds %s series %s (%s); leave the one that is meant"
              .formatted(there.size(), need.role(), there.stream().map(Series::plane).toList()));
    }
    return preferred.get(0);
  }

  private static void requireKind(Series series, SeriesNeed need, String task) {
    GridGeometry grid = series.geometry();
    boolean picture = grid.space() == GridGeometry.Space.IMAGE_PLANE;
    if (need.kind() == SeriesNeed.Kind.PICTURE && !(picture && grid.extents().k() == 1)) {
      throw new InvalidStudyException(
          "NOT_A_PLANE",
          "the task %s takes one image plane at a time, was given %s"
              .formatted(task, grid.describe()));
    }
    if (!need.kind().takesPictures() && picture) {
      throw new InvalidStudyException(
          "NOT_A_VOLUME",
          "the task %s takes volumes in the patient, was given %s"
              .formatted(task, grid.describe()));
    }
  }

  private static void requireFinite(Series series) {
    if (VoxelArrays.numbers(series.volume()).isPresent()) {
      return; // such numbers are finite
    }
    float[] samples = VoxelArrays.samples(series.volume());
    for (int n = 0; n < samples.length; n++) {
      if (!Float.isFinite(samples[n])) {
        int i = series.geometry().extents().i();
        int j = series.geometry().extents().j();
        throw new InvalidStudyException(
            "NON_FINITE_SAMPLES",
            "voxel (%s, %s, %s) of the series %s is %s; put a number there, such as that of air"
                .formatted(n % i, n / i % j, n / (i * j), series, samples[n]));
      }
    }
  }

  /**
   * Returns the series of a role.
   *
   * @throws IllegalArgumentException when the task did not ask for it or it is not there
   */
  public Series series(SeriesRole role) {
    return find(role)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the case holds %s, not %s".formatted(series.keySet(), role)));
  }

  /** Returns the series of a role; empty when an optional one is not there. */
  public Optional<Series> find(SeriesRole role) {
    return Optional.ofNullable(series.get(role));
  }

  /** Returns all chosen series, in the order of the needs. */
  public List<Series> series() {
    return List.copyOf(series.values());
  }

  /**
   * Returns the series that is to be segmented or whose labels are measured: of alternatives the
   * best, {@link #best}; else the first of the needs.
   *
   * @throws IllegalStateException when the case holds no series
   */
  public Series chosen() {
    if (series.isEmpty()) {
      throw new IllegalStateException("the case holds no series");
    }
    return best.orElseGet(() -> series.values().iterator().next());
  }

  /** Returns the level of one vertebra, where whoever asks knows it. */
  public Optional<KnownLevel> knownLevel() {
    return knownLevel;
  }

  /** Returns labels of vertebrae and discs, {@link LumbarStudy#withSpine}, where there are any. */
  public Optional<LabelVolume> spine() {
    return spine;
  }

  /** Returns the series whose grid the labels will have. */
  public Series reference() {
    return reference;
  }

  /**
   * Returns the images of these roles, in this order, which must lie on one grid.
   *
   * @throws InvalidStudyException {@code GRIDS_DIFFER} when two do not, to 0.01 voxel
   */
  public List<Volume> onOneGrid(List<SeriesRole> roles) {
    List<Volume> channels = new ArrayList<>();
    Series first = series(roles.get(0));
    for (SeriesRole role : roles) {
      Series one = series(role);
      if (!one.geometry().sameAs(first.geometry(), TOLERANCE_VOXELS)) {
        throw new InvalidStudyException(
            "GRIDS_DIFFER",
            "all channels must lie on one grid: %s has %s, %s has %s%s"
                .formatted(
                    first.role(),
                    describe(first.geometry()),
                    one.role(),
                    describe(one.geometry()),
                    first.geometry().describeDistance(one.geometry())));
      }
      channels.add(one.volume());
    }
    return channels;
  }

  /**
   * Refuses labels that do not lie on the grid of a series.
   *
   * @throws InvalidStudyException {@code GRID_MISMATCH} with both grids
   */
  public static void requireOn(LabelVolume labels, Series series) {
    if (!labels.geometry().sameAs(series.geometry(), TOLERANCE_VOXELS)) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          "labels must lie on the image's grid: the image has %s, the labels have %s%s"
              .formatted(
                  describe(series.geometry()),
                  describe(labels.geometry()),
                  series.geometry().describeDistance(labels.geometry())));
    }
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
}
