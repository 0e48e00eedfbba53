package dev.lss.examples.cli;

import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.image.Volume;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.report.Overlay;
import dev.lss.core.report.PeakMemory;
import dev.lss.core.report.ResultJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of a result that every command writes, {@code result.json} last. */
final class ResultFiles {

  private ResultFiles() {}

  /** Returns the result with notices of the reader in front of its own. */
  static SegmentationResult withNotices(List<Notice> first, SegmentationResult result) {
    List<Notice> notices = new ArrayList<>(first);
    notices.addAll(result.notices());
    return new SegmentationResult(
        result.task(),
        result.labels(),
        result.labelTable(),
        result.measurements(),
        notices,
        result.provenance(),
        result.timings());
  }

  /** Writes the picture and then the JSON; the stopwatch runs since the first file was begun. */
  static void write(
      OutputFolder folder, SegmentationResult result, Volume image, Stopwatch stopwatch)
      throws IOException {
    byte[] picture = Overlay.png(image, result.labels(), result.labelTable());
    AtomicFiles.write(folder.file("overlay.png"), file -> file.write(picture));
    stopwatch.end("write");
    byte[] json = ResultJson.write(result, stopwatch.timings(), PeakMemory.residentBytes());
    AtomicFiles.write(folder.file(OutputFolder.RESULT), file -> file.write(json));
  }
}
