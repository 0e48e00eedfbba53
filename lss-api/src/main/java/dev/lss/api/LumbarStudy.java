package dev.lss.api;

import dev.lss.api.image.Volume;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The series of one examination. The first one is the reference: labels come back on its grid.
 * Immutable.
 *
 * @param series at least one; no role twice
 */
public record LumbarStudy(List<Series> series) {

  /** Refuses an empty study and two series of one role. */
  public LumbarStudy {
    series = List.copyOf(series);
    if (series.isEmpty()) {
      throw new InvalidStudyException("EMPTY_STUDY", "a study holds at least one series");
    }
    Set<SeriesRole> roles = new HashSet<>();
    for (Series one : series) {
      if (!roles.add(one.role())) {
        throw new InvalidStudyException(
            "REPEATED_ROLE", "a study holds one series of each role, found two of " + one.role());
      }
    }
  }

  /** Returns a study of one CT in Hounsfield units. */
  public static LumbarStudy ofCt(Volume ct) {
    return new LumbarStudy(List.of(Series.of(SeriesRole.CT, ct)));
  }

  /** Returns a study of one plane of B-mode ultrasound, grey values from 0 to 255. */
  public static LumbarStudy ofUltrasound(Volume plane) {
    return new LumbarStudy(List.of(Series.of(SeriesRole.ULTRASOUND, plane)));
  }

  /** Returns the series whose grid the labels will have. */
  public Series reference() {
    return series.get(0);
  }

  /** Returns the series with this role, or empty. */
  public Optional<Series> byRole(SeriesRole role) {
    return series.stream().filter(s -> s.role().equals(role)).findFirst();
  }
}
