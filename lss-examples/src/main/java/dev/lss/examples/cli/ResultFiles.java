package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.StageTiming;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.nifti.Nifti;
import dev.lss.core.raster.Rasters;
import dev.lss.core.report.PeakMemory;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.ResultJson;
import dev.lss.core.volume.VolumeFiles;
import dev.lss.core.volume.VolumeImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes the files of a result as its task shows it, {@code result.json} last. */
final class ResultFiles {

  /** The names of a volume. */
  static final String OF_VOLUME = "labels\\.nii\\.gz|overlay\\.png|" + DicomOutput.NAMES;

  /** The names of a picture. */
  static final String OF_PICTURE = "labels\\.png|overlay\\.png|report\\.dcm";

  /** The names of a clip. */
  static final String OF_CLIP = "labels/[0-9]{4,}\\.png|overlay\\.png";

  /** The names of a report on labels that exist already. */
  static final String OF_REPORT = "overlay\\.png";

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

  /** Returns where the files go. */
  OutputFolder folder() {
    return folder;
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
   * @param image the file whose grid they have; empty when there is none, or it is a picture
   */
  void labels(LabelVolume labels, Optional<VolumeImage> image) throws IOException {
    boolean unplaced = labels.geometry().space() == GridGeometry.Space.IMAGE_PLANE;
    if (unplaced || (image.isEmpty() && labels.extents().k() == 1)) {
      Rasters.writeLabels(folder.file("labels.png"), labels);
    } else if (image.isPresent()) {
      VolumeFiles.writeLabels(folder.file("labels.nii.gz"), labels, image.get());
    } else {
      Nifti.writeLabels(folder.file("labels.nii.gz"), labels);
    }
  }

  /** Writes picture and JSON. */
  void report(SegmentationResult result, LumbarStudy study, Series reference) throws IOException {
    byte[] picture = presentation.picture(study, reference, result);
    AtomicFiles.write(folder.file("overlay.png"), file -> file.write(picture));
    folder.seal();
    folder.finish(ResultJson.write(result, presentation, timings(), PeakMemory.residentBytes()));
  }

  /** Writes the labels of every frame as {@code labels/NNNN.png}, from 0000 on. */
  void labels(List<SegmentationResult> frames) throws IOException {
    List<String> names =
        IntStream.range(0, frames.size())
            .mapToObj(f -> String.format(Locale.ROOT, "labels/%04d.png", f))
            .toList();
    folder.files(names);
    for (int f = 0; f < frames.size(); f++) {
      Rasters.writeLabels(folder.path().resolve(names.get(f)), frames.get(f).labels());
    }
  }

  /** Writes JSON of a clip, and a picture of the frame in which most was measured. */
  void report(List<SegmentationResult> frames, Clip clip) throws IOException {
    int shown =
        IntStream.range(0, frames.size())
            .boxed()
            .max(
                Comparator.<Integer>comparingInt(f -> frames.get(f).measurements().all().size())
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
    String name = "frame %s of %s".formatted(shown, frames.size());
    picture(frames.get(shown), clip.frame(shown).withName(name));
    folder.seal();
    folder.finish(
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
}
