package dev.lss.examples.cli;

import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.core.report.Presentation;
import dev.lss.core.report.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what was found, for people. Programs read {@code result.json}. */
final class ResultText {

  private ResultText() {}

  static void print(SegmentationResult result, Presentation presentation, PrintWriter out) {
    printTables(presentation.tables(result.measurements()), out);
    printNotices(result.notices(), out);
  }

  /** Prints what was found over the frames of a clip; a notice of several frames comes once. */
  static void print(List<SegmentationResult> frames, Presentation presentation, PrintWriter out) {
    out.println(frames.size() + " frames");
    printTables(presentation.tables(frames), out);
    Map<String, Notice> once = new LinkedHashMap<>();
    frames.stream()
        .flatMap(frame -> frame.notices().stream())
        .forEach(notice -> once.putIfAbsent(notice.code(), notice));
    printNotices(once.values(), out);
  }

  /** Prints the line that says where the files are. */
  static void printWritten(Path folder, PrintWriter out) {
    out.println("written to " + folder);
    out.flush();
  }

  private static void printTables(List<TextTable> tables, PrintWriter out) {
    tables.forEach(table -> table.lines().forEach(out::println));
  }

  private static void printNotices(Collection<Notice> notices, PrintWriter out) {
    for (Notice notice : notices) {
      out.println("notice " + notice.code() + ": " + notice.message());
    }
    out.flush();
  }
}
