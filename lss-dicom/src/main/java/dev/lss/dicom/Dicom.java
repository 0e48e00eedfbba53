package dev.lss.dicom;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.ResourceException;
import dev.lss.dicom.data.ByteSource;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.seg.SegFile;
import dev.lss.dicom.series.Grouping;
import dev.lss.dicom.series.SeriesOptions;
import dev.lss.dicom.series.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the DICOM series in folders, zips and files. A DICOMDIR is not needed and not followed.
 * Thread-safe, no state.
 */
public final class Dicom {

  private static final String MEDIA_DIRECTORY = "1.2.840.10008.1.3.10";

  /** Objects with rows and columns that are no picture of a patient. */
  private static final Set<String> DERIVED =
      Set.of(
          "1.2.840.10008.5.1.4.1.1.66.4",
          "1.2.840.10008.5.1.4.1.1.66.7",
          "1.2.840.10008.5.1.4.1.1.481.2");

  private Dicom() {}

  /** Finds series with the strict options. */
  public static DicomScan scan(Path... paths) throws IOException {
    return scan(List.of(paths), DicomOptions.defaults());
  }

  /**
   * Finds series.
   *
   * @param paths folders, which are walked without following links, zips and files
   * @throws InvalidStudyException when nothing can be used: the error of the only file, else {@code
   *     NO_PIXELS}
   * @throws IOException when a path is not there or may not be read
   */
  public static DicomScan scan(List<Path> paths, DicomOptions options) throws IOException {
    return scan(Sources.of(paths), options);
  }

  /**
   * Finds series among files that lie in memory, such as those that a network connection brought.
   * Messages call them by their number, from 1.
   *
   * @param files whole files with their file meta information (PS3.10); nobody may write to them
   *     any more
   * @throws InvalidStudyException when nothing can be used
   */
  public static DicomScan scanInMemory(List<byte[]> files, DicomOptions options) {
    try {
      return scan(Sources.inMemory(files), options);
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory cannot be read", e);
    }
  }

  private static DicomScan scan(Sources sources, DicomOptions options) throws IOException {
    List<Slice> slices = new ArrayList<>();
    List<InvalidStudyException> problems = new ArrayList<>();
    int strangers = 0;
    int others = 0;
    int segmentations = 0;
    boolean knowsCharacters = true;
    for (ByteSource source : sources.all()) {
      try {
        DicomFile file = DicomFile.read(source);
        knowsCharacters &= file.data().knowsItsCharacters();
        if (isPicture(file)) {
          slices.addAll(Slice.of(file));
        } else {
          others++;
          segmentations += SegFile.isOne(file) ? 1 : 0;
        }
      } catch (InvalidStudyException e) {
        if (e.code().equals("NOT_DICOM") && sources.all().size() > 1) {
          strangers++;
        } else {
          problems.add(e);
        }
      } catch (ResourceException e) {
        throw e;
      } catch (IOException e) {
        problems.add(DicomFault.of("UNREADABLE", source.name(), "it cannot be read", e));
      }
    }
    if (slices.isEmpty()) {
      throw problems.size() == 1
          ? problems.get(0)
          : new InvalidStudyException(
              "NO_PIXELS",
              "none of %s file(s) from %s on holds an image that can be used%s"
                  .formatted(
                      sources.all().size(),
                      sources.all().get(0).name(),
                      segmentations == 0
                          ? ""
                          : "; a segmentation is labels and no image: give it as labels, and the"
                              + " series that it was made of as image"));
    }
    var how = new SeriesOptions(options.gapTolerance(), options.correctsTilt());
    List<DicomSeries> series =
        Grouping.of(withoutCopies(slices), how).stream().map(DicomSeries::new).toList();
    List<Notice> notices = notices(strangers, others, problems.size(), knowsCharacters);
    long patients = slices.stream().map(Slice::patientKey).distinct().count();
    if (patients > 1) {
      notices.add(
          new Notice(
              "SEVERAL_PATIENTS",
              "images of %s patients or studies are there; none were mixed".formatted(patients)));
    }
    return new DicomScan(series, problems, notices);
  }

  private static boolean isPicture(DicomFile file) {
    String sopClass = Slice.sopClass(file);
    boolean hasPixels = file.data().has(dev.lss.dicom.data.Tag.ROWS);
    return hasPixels && !DERIVED.contains(sopClass) && !sopClass.equals(MEDIA_DIRECTORY);
  }

  private static List<Notice> notices(
      int strangers, int others, int broken, boolean knowsCharacters) {
    List<Notice> notices = new ArrayList<>();
    if (strangers > 0) {
      notices.add(
          new Notice("FILES_NOT_DICOM", "%s file(s) are no DICOM files".formatted(strangers)));
    }
    if (others > 0) {
      notices.add(
          new Notice(
              "OBJECTS_NOT_IMAGES",
              "%s DICOM object(s) are no images, such as reports or segmentations"
                  .formatted(others)));
    }
    if (broken > 0) {
      notices.add(
          new Notice(
              "FILES_UNUSABLE",
              "%s DICOM file(s) could not be used; slices may be missing".formatted(broken)));
    }
    if (!knowsCharacters) {
      notices.add(
          new Notice(
              "CHARACTERS_UNKNOWN",
              "a character set is not known; descriptions may hold wrong letters"));
    }
    return notices;
  }

  /** Leaves out files that are byte by byte the same as one before, by their identifiers. */
  private static List<Slice> withoutCopies(List<Slice> slices) throws IOException {
    return Copies.leaveOut(slices);
  }
}
