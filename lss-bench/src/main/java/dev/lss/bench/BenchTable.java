package dev.lss.bench;

import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A report for people: a table of this machine, and which backend was fastest on it. */
public final class BenchTable {

  private BenchTable() {}

  /** Prints the report. */
  public static void print(BenchReport report, PrintWriter out) {
    Machine at = report.machine();
    out.printf("%s, %s processors, %s%n", at.cpu(), at.processors(), at.system());
    out.printf("Java %s, LSS %s, %s%n", at.java(), at.lss(), at.date());
    if (at.isBusy()) {
      out.printf(
          Locale.ROOT,
          "not to be relied on: other work ran, the load was %.1f before%n",
          at.load().getAsDouble());
    }
    out.printf("CT: %s phantom; fastest of %s after warm-up%n%n", report.size(), report.runs());
    out.println(
        "backend  device  arith.  thr.  start     network   x onnx  segment   x onnx  ours      share  peak");
    report.rows().forEach(row -> out.println(line(report, row)));
    out.println();
    report.fastest().ifPresent(row -> out.println(winner(report, row)));
    report
        .fasterWithLessPrecision()
        .ifPresent(
            row -> out.println("with less precision, and slightly other labels: " + named(row)));
    out.println("start: until the first network is open; network: one call of the fine network;");
    out.println("segment: a whole segmentation; ours: what of it no network ran, and its share of");
    out.println("the networks' time; x onnx: times as fast as onnx fp32 with as many threads.");
    out.flush();
  }

  private static String line(BenchReport report, BenchReport.Row row) {
    BenchCase what = row.what();
    String device =
        row.outcome() instanceof Outcome.Measured m
            ? m.device()
            : what.device().map(Device::toString).orElse("-");
    String head =
        String.format(
            Locale.ROOT,
            "%-7s  %-6s  %-6s  %4d  ",
            what.backend(),
            device,
            what.precision(),
            what.threads());
    if (row.outcome() instanceof Outcome.Measured m) {
      return head
          + String.format(
              Locale.ROOT,
              "%s  %s  %s  %s  %s  %s  %4.0f %%  %s",
              seconds(m.coldStartMs()),
              seconds(m.forwardBestMs()),
              times(report, row, Outcome.Measured::forwardBestMs),
              seconds(m.pipelineMs()),
              times(report, row, Outcome.Measured::pipelineMs),
              seconds(m.aroundMs()),
              100 * m.aroundMs() / m.networkMs(),
              m.peakBytes().isPresent() ? "%s MB".formatted(m.peakBytes().getAsLong() >> 20) : "-");
    }
    return head + "not measured: " + ((Outcome.Failed) row.outcome()).reason();
  }

  private static String winner(BenchReport report, BenchReport.Row row) {
    Optional<Double> times = report.timesAsFast(row, Outcome.Measured::pipelineMs);
    return "fastest here: "
        + named(row)
        + times
            .filter(ratio -> ratio != 1)
            .map(ratio -> String.format(Locale.ROOT, " (%.2f times as fast as onnx)", ratio))
            .orElse("");
  }

  private static String named(BenchReport.Row row) {
    return "%s; --backend %s%s"
        .formatted(
            row.what(),
            row.what().backend(),
            row.what().precision() == Precision.FP32
                ? ""
                : " --precision " + row.what().precision());
  }

  private static String seconds(double millis) {
    return String.format(Locale.ROOT, "%6.3f s", millis / 1000);
  }

  private static String times(
      BenchReport report, BenchReport.Row row, ToDoubleFunction<Outcome.Measured> millis) {
    return report
        .timesAsFast(row, millis)
        .map(ratio -> String.format(Locale.ROOT, "%6.2f", ratio))
        .orElse("     -");
  }
}
