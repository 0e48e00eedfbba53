package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import java.util.List;

/**
 * What was found in files: series that can be read or say why not, and files that could not be
 * used. Immutable.
 */
public final class DicomScan {

  private final List<DicomSeries> series;
  private final List<InvalidStudyException> problems;
  private final List<Notice> notices;

  DicomScan(List<DicomSeries> series, List<InvalidStudyException> problems, List<Notice> notices) {
    this.series = List.copyOf(series);
    this.problems = List.copyOf(problems);
    this.notices = List.copyOf(notices);
  }

  /** Returns all series, in the order of their first files; each part of a series is one. */
  public List<DicomSeries> series() {
    return series;
  }

  /** Returns the series of a role that can be read, the one with most slices first. */
  public List<DicomSeries> byRole(SeriesRole role) {
    return series.stream()
        .filter(s -> s.problem().isEmpty() && s.role().filter(role::equals).isPresent())
        .sorted((a, b) -> Integer.compare(b.pictures(), a.pictures()))
        .toList();
  }

  /** Returns why files could not be used, one error a file; each names its file. */
  public List<InvalidStudyException> problems() {
    return problems;
  }

  /** Returns what else was noticed, such as files that are no DICOM. */
  public List<Notice> notices() {
    return notices;
  }
}
