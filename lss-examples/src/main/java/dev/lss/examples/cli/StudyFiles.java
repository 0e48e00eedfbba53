package dev.lss.examples.cli;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.io.VolumeSize;
import dev.lss.core.raster.PixelSize;
import dev.lss.core.raster.RasterClip;
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
   * @param pixelSize scale of pictures
   * @param rule what voxels become that are NaN or infinite
   * @throws InvalidStudyException when one cannot be read or is a clip
   */
  static StudyFiles read(
      List<SeriesFile> files,
      Optional<SeriesRole> reference,
      Optional<PixelSize> pixelSize,
      NonFiniteRule rule) {
    List<Series> series = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    List<Optional<VolumeImage>> images = new ArrayList<>();
    Map<Series, DicomSeries> dicom = new HashMap<>();
    for (SeriesFile file : files) {
      if (file.isPicture()) {
        series.add(picture(file, pixelSize));
        images.add(Optional.empty());
      } else {
        Optional<DicomInput.Read> fromDicom =
            DicomInput.isOne(file.path())
                ? Optional.of(DicomInput.read(file.path(), file.role()))
                : Optional.empty();
        VolumeImage image =
            fromDicom
                .map(DicomInput.Read::image)
                .orElseGet(() -> InputFile.readImage(file.path(), rule));
        Series one = Series.of(file.role(), image.volume()).withSource(image.source());
        fromDicom.ifPresent(found -> dicom.put(one, found.series()));
        series.add(one);
        notices.addAll(image.notices());
        boolean isPlaced = image.volume().geometry().space() == GridGeometry.Space.PATIENT_LPS;
        images.add(isPlaced ? Optional.of(image) : Optional.empty());
      }
    }
    int chosen = reference.isEmpty() ? 0 : indexOf(reference.get(), files);
    LumbarStudy study = LumbarStudy.of(series).withReference(series.get(chosen));
    return new StudyFiles(study, notices, images.get(chosen), dicom);
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
      if (file.isPicture() || DicomInput.isOne(file.path())) {
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

  private static Series picture(SeriesFile file, Optional<PixelSize> pixelSize) {
    try (RasterClip clip = PictureFile.open(file.path(), pixelSize)) {
      if (!clip.isSingle()) {
        throw new InvalidStudyException(
            "SEVERAL_PAGES",
            "a task that takes several images takes no clip, %s is one".formatted(file.path()));
      }
      return PictureFile.series(file.role(), clip.frame(0));
    } catch (IOException e) {
      throw PictureFile.unreadable(file.path(), e);
    }
  }

  private static int indexOf(SeriesRole role, List<SeriesFile> files) {
    for (int n = 0; n < files.size(); n++) {
      if (files.get(n).role().equals(role)) {
        return n;
      }
    }
    throw new IllegalArgumentException("no file has the role " + role);
  }

  /** Returns one picture as a study. */
  static StudyFiles of(Series picture) {
    return new StudyFiles(LumbarStudy.of(picture), List.of(), Optional.empty(), Map.of());
  }
}
