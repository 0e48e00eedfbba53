package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.RasterImage;
import dev.lss.core.task.Case;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.core.volume.VolumeImage;
import dev.lss.dicom.DicomSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A study that was read from files. Immutable.
 *
 * @param study the series
 * @param notices what the readers found doubtful
 * @param reference the reference as it was read, for labels on its grid; empty for a picture
 * @param dicom the series of DICOM that series of the study came from
 */
record StudyFiles(
    LumbarStudy study,
    List<Notice> notices,
    Optional<VolumeImage> reference,
    Map<Series, DicomSeries> dicom) {

  /** Copies list and map. */
  StudyFiles {
    notices = List.copyOf(notices);
    dicom = Map.copyOf(dicom);
  }

  /** Returns the series of DICOM that a series of the study came from; empty for other files. */
  Optional<DicomSeries> dicomOf(Series series) {
    return Optional.ofNullable(dicom.get(series));
  }

  /**
   * Reads the series.
   *
   * @param files the files, at least one
   * @param reference role of the reference, that of one of the files; empty for the first
   * @param needs what the task takes; without a reference of the caller the best of its
   *     alternatives is the reference
   * @param pictures scale and view of pictures
   * @param rule what voxels become that are NaN or infinite
   * @throws InvalidStudyException when one cannot be read or is a clip
   */
  static StudyFiles read(
      List<SeriesFile> files,
      Optional<SeriesRole> reference,
      List<SeriesNeed> needs,
      PictureOptions pictures,
      NonFiniteRule rule) {
    List<Series> series = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    Map<Series, VolumeImage> placed = new HashMap<>();
    Map<Series, DicomSeries> dicom = new HashMap<>();
    for (SeriesFile file : files) {
      if (file.isAnyPicture()) {
        series.add(picture(file, pictures, notices));
        continue;
      }
      for (Read one : read(file, needs, rule)) {
        series.add(one.series());
        one.dicom().ifPresent(found -> dicom.put(one.series(), found));
        notices.addAll(one.image().notices());
        if (one.series().geometry().space() == GridGeometry.Space.PATIENT_LPS) {
          placed.put(one.series(), one.image());
        }
      }
    }
    Series chosen =
        reference.isPresent()
            ? withRole(reference.get(), series)
            : Case.best(series, needs).orElse(series.get(0));
    LumbarStudy study = LumbarStudy.of(series).withReference(chosen);
    return new StudyFiles(study, notices, Optional.ofNullable(placed.get(chosen)), dicom);
  }

  /** A series as it was read from a volume file or DICOM. */
  private record Read(Series series, VolumeImage image, Optional<DicomSeries> dicom) {}

  private static List<Read> read(SeriesFile file, List<SeriesNeed> needs, NonFiniteRule rule) {
    if (!DicomInput.isOne(file.path())) {
      VolumeImage image = InputFile.readImage(file.path(), rule);
      return List.of(new Read(series(file.role(), image), image, Optional.empty()));
    }
    List<DicomInput.Read> found =
        file.anyRole()
            ? DicomInput.readAny(file.path(), needs)
            : List.of(DicomInput.read(file.path(), file.role()));
    return found.stream()
        .map(
            one ->
                new Read(series(one.role(), one.image()), one.image(), Optional.of(one.series())))
        .toList();
  }

  private static Series series(SeriesRole role, VolumeImage image) {
    return Series.of(role, image.volume()).withSource(image.source());
  }

  /**
   * Refuses volumes that would need more heap than there is, by their headers alone. What has none
   * that says it, as a picture or a folder of DICOM, is judged when it is read; and so is what the
   * process may hold, because what the runtime takes is known only then.
   *
   * @throws dev.lss.api.ResourceException {@code TOO_LARGE} with the numbers
   */
  static void requireFits(
      List<SeriesFile> files, Task task, ModelDescription model, RuntimeOptions options) {
    Map<SeriesRole, GridGeometry> grids = new LinkedHashMap<>();
    long bytes = 0;
    for (SeriesFile file : files) {
      if (file.isAnyPicture() || DicomInput.isOne(file.path())) {
        return;
      }
      VolumeSize size = InputFile.readSize(file.path());
      if (size.grid().space() != GridGeometry.Space.PATIENT_LPS
          || grids.put(file.role(), size.grid()) != null) {
        return; // the task says what is wrong, or chooses
      }
      bytes += size.heapBytes();
    }
    task.memory(model, grids, options).withHeap(bytes).requireFits();
  }

  private static Series picture(SeriesFile file, PictureOptions options, List<Notice> notices) {
    try (RasterClip clip = PictureFile.open(file.path(), options.pixelSize())) {
      if (!clip.isSingle()) {
        throw new InvalidStudyException(
            "SEVERAL_PAGES",
            "a task that takes several images takes no clip, %s is one".formatted(file.path()));
      }
      RasterImage picture = clip.frame(0);
      if (!file.isPlacedPicture()) {
        return PictureFile.series(file.role(), picture);
      }
      notices.addAll(picture.notices());
      notices.add(
          new Notice(
              "PICTURE_AS_SLICE",
              "%s was taken as a slice of 1 mm; its volumes are areas times 1 mm"
                  .formatted(file.role())));
      Volume slice = options.view().orElseThrow().place(picture.plane());
      return Series.of(file.role(), slice).withSource(picture.source());
    } catch (IOException e) {
      throw PictureFile.unreadable(file.path(), e);
    }
  }

  private static Series withRole(SeriesRole role, List<Series> series) {
    return series.stream()
        .filter(one -> one.role().equals(role))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidStudyException(
                    "MISSING_SERIES",
                    "--reference %s: there are only %s"
                        .formatted(role, series.stream().map(Series::role).toList())));
  }

  /** Returns one picture as a study. */
  static StudyFiles of(Series picture) {
    return new StudyFiles(LumbarStudy.of(picture), List.of(), Optional.empty(), Map.of());
  }
}
