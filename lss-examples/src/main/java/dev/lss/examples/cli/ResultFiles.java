package dev.lss.examples.cli;

import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.StageTiming;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.Rasters;
import dev.lss.core.report.PeakMemory;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.ResultJson;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.core.volume.VolumeImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes the files of a result as its task shows it, {@code result.json} last. */
final class ResultFiles {

  private static final String FRAME_LABELS = "labels";

  private final OutputFolder folder;
  private final Presentation presentation;
  private final Stopwatch stopwatch;

  /**
   * Writes nothing yet.
   *
   * @param folder where to
   * @param presentation how the task shows results
   * @param stopwatch times {@code write}; it must run since the first file was begun
   */
  ResultFiles(OutputFolder folder, Presentation presentation, Stopwatch stopwatch) {
    this.folder = folder;
    this.presentation = presentation;
    this.stopwatch = stopwatch;
  }

  /** Returns the result with notices of the reader in front of its own. */
  static SegmentationResult withNotices(List<Notice> first, SegmentationResult result) {
    List<Notice> notices = new ArrayList<>(first);
    notices.addAll(result.notices());
    return result.toBuilder().notices(notices).build();
  }

  /**
   * Writes {@code labels.nii.gz}, or {@code labels.png} of a picture.
   *
   * @param image the file whose grid they have; empty when there is none
   */
  void labels(LabelVolume labels, Optional<VolumeImage> image) throws IOException {
    if (labels.geometry().space() == GridGeometry.Space.IMAGE_PLANE) {
      Rasters.writeLabels(folder.file("labels.png"), labels);
    } else if (image.isPresent()) {
      VolumeFiles.writeLabels(folder.file("labels.nii.gz"), labels, image.get());
    } else {
      Nifti.writeLabels(folder.file("labels.nii.gz"), labels);
    }
  }

  /** Writes picture and JSON. */
  void report(SegmentationResult result, Series reference) throws IOException {
    picture(result, reference);
    json(ResultJson.write(result, presentation, timings(), PeakMemory.residentBytes()));
  }

  /**
   * Writes the labels of every frame as {@code labels/NNNN.png}, from 0000 on. Frames of a longer
   * clip before it are removed.
   */
  void labels(List<SegmentationResult> frames) throws IOException {
    Path labels = Files.createDirectories(folder.file(FRAME_LABELS));
    removePictures(labels);
    for (int f = 0; f < frames.size(); f++) {
      Rasters.writeLabels(
          labels.resolve(String.format(Locale.ROOT, "%04d.png", f)), frames.get(f).labels());
    }
  }

  /** Writes JSON of a clip, and a picture of the frame in which most was measured. */
  void report(List<SegmentationResult> frames, RasterClip clip, SeriesRole role)
      throws IOException {
    int shown =
        IntStream.range(0, frames.size())
            .boxed()
            .max(
                Comparator.<Integer>comparingInt(f -> frames.get(f).measurements().all().size())
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
    picture(frames.get(shown), PictureFile.series(role, clip.frame(shown)));
    json(
        ResultJson.write(
            frames,
            measurements -> presentation.json(frames, measurements),
            timings(),
            PeakMemory.residentBytes()));
  }

  private void picture(SegmentationResult result, Series image) throws IOException {
    byte[] picture = presentation.picture(image, result);
    AtomicFiles.write(folder.file("overlay.png"), file -> file.write(picture));
  }

  private List<StageTiming> timings() {
    stopwatch.end("write");
    return stopwatch.timings();
  }

  private void json(byte[] json) throws IOException {
    AtomicFiles.write(folder.file(OutputFolder.RESULT), file -> file.write(json));
  }

  private static void removePictures(Path labels) throws IOException {
    try (Stream<Path> files = Files.list(labels)) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).matches("[0-9]{4,}\\.png")) {
          Files.delete(file);
        }
      }
    }
  }
}
