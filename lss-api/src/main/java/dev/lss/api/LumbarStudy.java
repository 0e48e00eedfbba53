package dev.lss.api;

import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The series of one examination, one of which is the reference: labels come back on its grid.
 * Several series may have one role; they are told apart by plane or name. Immutable.
 */
public final class LumbarStudy {

  private final List<Series> series;
  private final Series reference;
  private final Optional<KnownLevel> knownLevel;
  private final Optional<LabelVolume> spine;

  private LumbarStudy(
      List<Series> series,
      Series reference,
      Optional<KnownLevel> knownLevel,
      Optional<LabelVolume> spine) {
    this.series = series;
    this.reference = reference;
    this.knownLevel = knownLevel;
    this.spine = spine;
  }

  /**
   * Returns a study whose first series is the reference.
   *
   * @throws InvalidStudyException {@code EMPTY_STUDY} without a series
   */
  public static LumbarStudy of(List<Series> series) {
    List<Series> copy = List.copyOf(series);
    if (copy.isEmpty()) {
      throw new InvalidStudyException("EMPTY_STUDY", "a study holds at least one series");
    }
    return new LumbarStudy(copy, copy.get(0), Optional.empty(), Optional.empty());
  }

  /** Returns a study whose first series is the reference; as {@link #of(List)}. */
  public static LumbarStudy of(Series... series) {
    return of(List.of(series));
  }

  /** Returns a study of one CT in Hounsfield units. */
  public static LumbarStudy ofCt(Volume ct) {
    return of(Series.of(SeriesRole.CT, ct));
  }

  /** Returns a study of one plane of B-mode ultrasound, grey values from 0 to 255. */
  public static LumbarStudy ofUltrasound(Volume plane) {
    return of(Series.of(SeriesRole.ULTRASOUND, plane));
  }

  /**
   * Returns this study with another reference.
   *
   * @param chosen one of {@link #series()}, the same object
   * @throws InvalidStudyException {@code FOREIGN_REFERENCE} when it is none of them
   */
  public LumbarStudy withReference(Series chosen) {
    Objects.requireNonNull(chosen, "reference");
    if (series.stream().noneMatch(one -> one == chosen)) {
      throw new InvalidStudyException(
          "FOREIGN_REFERENCE",
          "the reference must be a series of the study, was another " + chosen);
    }
    return new LumbarStudy(series, chosen, knownLevel, spine);
  }

  /**
   * Returns this study with the level of one vertebra, from which the task then counts the others.
   * A task that names no levels refuses it.
   */
  public LumbarStudy withKnownLevel(KnownLevel known) {
    return new LumbarStudy(series, reference, Optional.of(known), spine);
  }

  /**
   * Returns this study with labels of vertebrae and discs in the same space, at which the task then
   * measures. A task that measures at no levels refuses them.
   *
   * @param labels in LPS mm, on any grid: vertebrae by their VerSe ids (L1 to L5 are 20 to 24), a
   *     disc by 100 and the id of the vertebra above it, as {@code mr-spine} and {@code
   *     ct-vertebrae} write them
   */
  public LumbarStudy withSpine(LabelVolume labels) {
    return new LumbarStudy(series, reference, knownLevel, Optional.of(labels));
  }

  /** Returns the series, in the order in which they were given; at least one. */
  public List<Series> series() {
    return series;
  }

  /** Returns the series whose grid the labels will have. */
  public Series reference() {
    return reference;
  }

  /** Returns the level of one vertebra, where whoever asks knows it. */
  public Optional<KnownLevel> knownLevel() {
    return knownLevel;
  }

  /** Returns labels of vertebrae and discs in the same space, where whoever asks has them. */
  public Optional<LabelVolume> spine() {
    return spine;
  }

  /** Returns the series with this role, in order; may be empty. */
  public List<Series> byRole(SeriesRole role) {
    return series.stream().filter(s -> s.role().equals(role)).toList();
  }
}
