package dev.lss.examples.cli;

import dev.lss.api.ClipResult;
import dev.lss.api.SegmentationResult;
import dev.lss.api.image.Volume;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.raster.RasterClip;
import dev.lss.core.raster.Rasters;
import dev.lss.core.report.PeakMemory;
import dev.lss.core.report.ResultJson;
import dev.lss.core.report.UltrasoundOverlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes the files of a result about pictures, {@code result.json} last. */
final class UltrasoundFiles {

  static final String LABELS = "labels.png";
  static final String FRAME_LABELS = "labels";

  private UltrasoundFiles() {}

  /** Writes labels, picture and JSON of one image. */
  static void write(
      OutputFolder folder, SegmentationResult result, Volume image, Stopwatch stopwatch)
      throws IOException {
    Rasters.writeLabels(folder.file(LABELS), result.labels());
    writeReport(folder, result, image, stopwatch);
  }

  /** Writes picture and JSON of one image. */
  static void writeReport(
      OutputFolder folder, SegmentationResult result, Volume image, Stopwatch stopwatch)
      throws IOException {
    overlay(folder, result, image);
    stopwatch.end("write");
    byte[] json = ResultJson.write(result, stopwatch.timings(), PeakMemory.residentBytes());
    AtomicFiles.write(folder.file(OutputFolder.RESULT), file -> file.write(json));
  }

  /**
   * Writes the labels of every frame as {@code labels/NNNN.png}, from 0000 on, a picture of the
   * frame that shows most layers, and the JSON. Frames of a longer clip before it are removed.
   */
  static void write(OutputFolder folder, ClipResult result, RasterClip clip, Stopwatch stopwatch)
      throws IOException {
    Path labels = Files.createDirectories(folder.file(FRAME_LABELS));
    removePictures(labels);
    for (int f = 0; f < result.frames().size(); f++) {
      Rasters.writeLabels(
          labels.resolve(String.format(Locale.ROOT, "%04d.png", f)),
          result.frames().get(f).labels());
    }
    writeReport(folder, result, clip, stopwatch);
  }

  /** Writes picture and JSON of a clip. */
  static void writeReport(
      OutputFolder folder, ClipResult result, RasterClip clip, Stopwatch stopwatch)
      throws IOException {
    List<SegmentationResult> frames = result.frames();
    int shown =
        IntStream.range(0, frames.size())
            .boxed()
            .max(
                Comparator.<Integer>comparingInt(f -> frames.get(f).measurements().fascia().size())
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
    overlay(folder, frames.get(shown), clip.frame(shown).plane());
    stopwatch.end("write");
    byte[] json = ResultJson.writeClip(result, stopwatch.timings(), PeakMemory.residentBytes());
    AtomicFiles.write(folder.file(OutputFolder.RESULT), file -> file.write(json));
  }

  private static void overlay(OutputFolder folder, SegmentationResult result, Volume image)
      throws IOException {
    byte[] picture = UltrasoundOverlay.png(image, result.labels(), result.measurements().fascia());
    AtomicFiles.write(folder.file("overlay.png"), file -> file.write(picture));
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
