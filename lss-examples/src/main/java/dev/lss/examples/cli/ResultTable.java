package dev.lss.examples.cli;

import dev.lss.api.ClipResult;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaSummary;
import dev.lss.api.FasciaSummary.Statistic;
import dev.lss.api.LengthUnit;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.VertebraMeasurement;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

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
    if (!result.measurements().fascia().isEmpty()) {
      printFascia(result.measurements().fascia(), out);
    }
    printNotices(result.notices(), out);
  }

  /** Prints what was found over the frames of a clip. */
  static void print(ClipResult clip, PrintWriter out) {
    out.println(clip.frames().size() + " frames");
    if (!clip.summary().isEmpty()) {
      String unit = clip.summary().get(0).unit() == LengthUnit.MM ? "mm" : "px";
      out.printf("layer  frames  thickness (%s): mean     SD    min    max%n", unit);
    }
    for (FasciaSummary layer : clip.summary()) {
      Statistic thickness = layer.thickness();
      out.printf(
          Locale.ROOT,
          "%5d  %6d  %20.2f  %5.2f  %5.2f  %5.2f%n",
          layer.layer(),
          layer.frames(),
          thickness.mean(),
          thickness.sd(),
          thickness.min(),
          thickness.max());
    }
    Map<String, Notice> once = new LinkedHashMap<>();
    clip.frames().stream()
        .flatMap(frame -> frame.notices().stream())
        .forEach(notice -> once.putIfAbsent(notice.code(), notice));
    printNotices(once.values(), out);
  }

  private static void printFascia(List<FasciaMeasurement> layers, PrintWriter out) {
    String unit = layers.get(0).unit() == LengthUnit.MM ? "mm" : "px";
    out.printf(
        "layer  thickness (%1$s)     SD  length (%1$s)  depth (%1$s)  angle  echo ratio%n", unit);
    for (FasciaMeasurement layer : layers) {
      OptionalDouble ratio = layer.echo().ratio();
      out.printf(
          Locale.ROOT,
          "%5d  %14.2f  %5.2f  %11.1f  %10.1f  %5.1f  %10s%n",
          layer.layer(),
          layer.thickness().mean(),
          layer.thickness().sd(),
          layer.length(),
          layer.depth(),
          layer.angleDeg(),
          ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-");
    }
  }

  private static void printNotices(Collection<Notice> notices, PrintWriter out) {
    for (Notice notice : notices) {
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
