package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.core.io.FileKind;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.volume.VolumeImage;
import dev.lss.dicom.Dicom;
import dev.lss.dicom.DicomLabels;
import dev.lss.dicom.DicomScan;
import dev.lss.dicom.DicomSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** DICOM on the command line: a folder, a zip or a file, of which one series is taken. */
final class DicomInput {

  private static final int LOOKED_AT = 32;
  private static final int DEEPEST = 8;

  private DicomInput() {}

  /**
   * An image with the series that it came from, which segmentations of it refer to.
   *
   * @param role what it was read for
   * @param image the image
   * @param series the series
   */
  record Read(SeriesRole role, VolumeImage image, DicomSeries series) {}

  /**
   * Returns whether a path is a DICOM file, a zip, or a folder with DICOM among its first files.
   */
  static boolean isOne(Path path) {
    try {
      if (Files.isRegularFile(path)) {
        FileKind kind = FileKind.of(path);
        return kind == FileKind.DICOM || kind == FileKind.ZIP;
      }
      if (!Files.isDirectory(path)) {
        return false;
      }
      try (Stream<Path> files = Files.walk(path, DEEPEST)) {
        for (Path file : files.filter(Files::isRegularFile).limit(LOOKED_AT).toList()) {
          if (FileKind.of(file) == FileKind.DICOM) {
            return true;
          }
        }
        return false;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Looks at what is there; every failure is one of the input. */
  static DicomScan scan(Path path) {
    try {
      return Dicom.scan(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Reads the series of a role: the only one, or the one with most slices; where nothing says what
   * the only readable series shows, that one.
   *
   * @throws InvalidStudyException {@code MISSING_SERIES} or {@code AMBIGUOUS_SERIES}, with what is
   *     there
   */
  static Read read(Path path, SeriesRole role) {
    DicomScan scan = scan(path);
    return read(path, scan, choose(path, scan, role), role);
  }

  /**
   * Returns the series of a role as a clip; empty where the file is no DICOM or the series is no
   * clip.
   *
   * @throws InvalidStudyException {@code MISSING_SERIES} or {@code AMBIGUOUS_SERIES}, with what is
   *     there
   */
  static Optional<Clip> clip(SeriesFile file) {
    if (!isOne(file.path())) {
      return Optional.empty();
    }
    DicomScan scan = scan(file.path());
    DicomSeries chosen = choose(file.path(), scan, file.role());
    if (chosen.problem().isPresent() || chosen.kind() != DicomSeries.Kind.CLIP) {
      return Optional.empty();
    }
    List<Notice> notices = new ArrayList<>(scan.notices());
    notices.addAll(chosen.notices());
    notices.removeIf(notice -> notice.code().equals("UNCALIBRATED")); // tasks say it themselves
    notices.add(chosenNotice(chosen, file.role(), scan));
    return Optional.of(Clip.of(file.path(), file.role(), chosen, notices));
  }

  private static Notice chosenNotice(DicomSeries chosen, SeriesRole role, DicomScan scan) {
    return new Notice(
        "SERIES_CHOSEN",
        "%s was read for %s, one of %s series".formatted(chosen, role, scan.series().size()));
  }

  /**
   * Reads the series for a task that takes one of several: of each role the one with most slices,
   * and of those only such whose slices lie in the preferred plane where there are any; series that
   * say nothing but that they are MR only where no other is there.
   *
   * @throws InvalidStudyException {@code MISSING_SERIES} or {@code AMBIGUOUS_SERIES}, with what is
   *     there
   */
  static List<Read> readAny(Path path, List<SeriesNeed> needs) {
    DicomScan scan = scan(path);
    List<SeriesNeed> wanted = needs.stream().filter(n -> n.kind().takesVolumes()).toList();
    Map<SeriesNeed, List<DicomSeries>> found = new LinkedHashMap<>();
    for (SeriesNeed need : wanted) {
      List<DicomSeries> fitting =
          need.role().equals(SeriesRole.MR)
              ? scan.series().stream().filter(DicomInput::saysOnlyMr).toList()
              : scan.byRole(need.role());
      found.put(need, fitting.stream().filter(s -> s.kind() == DicomSeries.Kind.VOLUME).toList());
    }
    if (found.entrySet().stream().anyMatch(e -> isKnown(e.getKey()) && !e.getValue().isEmpty())) {
      found.keySet().removeIf(need -> need.role().equals(SeriesRole.MR));
    }
    boolean inPlane =
        found.entrySet().stream()
            .anyMatch(e -> e.getValue().stream().anyMatch(s -> isPreferred(s, e.getKey())));
    List<Read> read = new ArrayList<>();
    found.forEach(
        (need, all) -> {
          List<DicomSeries> fitting =
              all.stream().filter(s -> !inPlane || isPreferred(s, need)).toList();
          if (!fitting.isEmpty()) {
            DicomSeries chosen = mostSlices(path, fitting, need.role());
            read.add(read(path, scan, chosen, need.role()));
          }
        });
    if (read.isEmpty()) {
      throw new InvalidStudyException(
          "MISSING_SERIES",
          "%s holds no volume of %s; there are: %s"
              .formatted(
                  path, wanted.stream().map(SeriesNeed::role).toList(), listed(scan.series())));
    }
    return read;
  }

  private static boolean isKnown(SeriesNeed need) {
    return need.alternative() && !need.role().equals(SeriesRole.MR);
  }

  private static boolean saysOnlyMr(DicomSeries series) {
    return series.problem().isEmpty()
        && series.role().isEmpty()
        && series.modality().equals("MR")
        && series.pictures() > 1;
  }

  private static boolean isPreferred(DicomSeries series, SeriesNeed need) {
    return need.prefers().equals(Optional.of(SlicePlane.of(series.geometry())));
  }

  private static DicomSeries mostSlices(Path path, List<DicomSeries> fitting, SeriesRole role) {
    int most = fitting.stream().mapToInt(DicomSeries::pictures).max().orElseThrow();
    List<DicomSeries> best = fitting.stream().filter(s -> s.pictures() == most).toList();
    if (best.size() > 1) {
      throw new InvalidStudyException(
          "AMBIGUOUS_SERIES",
          "%s holds several series of %s; give the files of one: %s"
              .formatted(path, role, listed(best)));
    }
    return best.get(0);
  }

  private static Read read(Path path, DicomScan scan, DicomSeries chosen, SeriesRole role) {
    try {
      DicomSeries.Image image = chosen.read(role);
      Series series = image.series();
      List<Notice> notices = new ArrayList<>(scan.notices());
      notices.addAll(image.notices());
      notices.removeIf(notice -> notice.code().equals("UNCALIBRATED")); // tasks say it themselves
      notices.add(chosenNotice(chosen, role, scan));
      return new Read(
          role,
          new VolumeImage(
              series.volume(), Optional.empty(), series.source().orElseThrow(), notices),
          chosen);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Looks at a segmentation; every failure is one of the input. */
  static DicomLabels labels(Path path) {
    try {
      return DicomLabels.read(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static DicomSeries choose(Path path, DicomScan scan, SeriesRole role) {
    List<DicomSeries> fitting = scan.byRole(role);
    if (fitting.isEmpty()) {
      Optional<InvalidStudyException> broken =
          scan.series().stream()
              .filter(s -> s.role().filter(role::equals).isPresent())
              .flatMap(s -> s.problem().stream())
              .findFirst();
      if (broken.isPresent()) {
        throw broken.get();
      }
      fitting =
          scan.series().stream()
              .filter(s -> s.role().isEmpty() || scan.series().size() == 1)
              .toList();
      if (fitting.size() != 1) {
        throw new InvalidStudyException(
            "MISSING_SERIES",
            "%s holds no series that says it is %s; there are: %s"
                .formatted(path, role, listed(scan.series())));
      }
    }
    return mostSlices(path, fitting, role);
  }

  private static String listed(List<DicomSeries> series) {
    return series.stream().limit(20).map(DicomSeries::toString).collect(Collectors.joining("; "));
  }

  static InvalidStudyException unreadable(Path path, IOException e) {
    return Files.exists(path)
        ? new InvalidStudyException(
            "UNREADABLE", "%s cannot be read: %s".formatted(path, e.getMessage()), e)
        : new InvalidStudyException("NO_SUCH_FILE", "there is no file or folder " + path);
  }
}
