package dev.lss.examples.cli;

import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what was found, for people. Programs read {@code result.json}. */
final class ResultTable {

  private ResultTable() {}

  static void print(SegmentationResult result, PrintWriter out) {
    if (!result.measurements().vertebrae().isEmpty()) {
      out.println("level  volume (ml)  mean HU  body HU  at the border");
      for (VertebraMeasurement vertebra : result.measurements().vertebrae()) {
        out.println(row(vertebra));
      }
    }
    for (Notice notice : result.notices()) {
      out.println("notice " + notice.code() + ": " + notice.message());
    }
    out.flush();
  }

  private static String row(VertebraMeasurement vertebra) {
    String body =
        vertebra.bodyMeanHu().isPresent()
            ? String.format(Locale.ROOT, "%.0f", vertebra.bodyMeanHu().getAsDouble())
            : "-";
    return String.format(
        Locale.ROOT,
        "%-5s  %11.2f  %7.0f  %7s  %s",
        vertebra.level(),
        vertebra.volumeMm3() / 1000,
        vertebra.meanHu(),
        body,
        vertebra.touchesBorder() ? "yes" : "no");
  }
}
