package dev.lss.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.ToDoubleFunction;

/** A report for scripts; the fields are described in docs/performance.md. */
public final class BenchJson {

  /** Name and version of the schema. */
  public static final String SCHEMA = "lss-bench/1";

  private BenchJson() {}

  /** Puts all of a report into a document. */
  public static void put(BenchReport report, ObjectNode document) {
    Machine at = report.machine();
    ObjectNode machine = document.putObject("machine");
    machine
        .put("cpu", at.cpu())
        .put("processors", at.processors())
        .put("system", at.system())
        .put("java", at.java())
        .put("lss", at.lss())
        .put("date", at.date().toString());
    at.load()
        .ifPresentOrElse(
            load -> machine.put("load", OutcomeJson.rounded(load)), () -> machine.putNull("load"));
    document.put("size", report.size().toString()).put("runs", report.runs());
    ArrayNode rows = document.putArray("rows");
    report.rows().forEach(row -> put(report, row, rows.addObject()));
    report
        .fastest()
        .ifPresentOrElse(
            row -> document.put("fastest", row.what().backend()),
            () -> document.putNull("fastest"));
  }

  private static void put(BenchReport report, BenchReport.Row row, ObjectNode node) {
    BenchCase what = row.what();
    node.put("backend", what.backend())
        .put("precision", what.precision().toString())
        .put("threads", what.threads());
    OutcomeJson.put(row.outcome(), node);
    if (row.outcome() instanceof Outcome.Measured measured) {
      node.put("aroundMs", OutcomeJson.rounded(measured.aroundMs()));
      putTimes(report, row, "forwardTimesOnnx", Outcome.Measured::forwardBestMs, node);
      putTimes(report, row, "pipelineTimesOnnx", Outcome.Measured::pipelineMs, node);
    }
  }

  private static void putTimes(
      BenchReport report,
      BenchReport.Row row,
      String field,
      ToDoubleFunction<Outcome.Measured> millis,
      ObjectNode node) {
    report
        .timesAsFast(row, millis)
        .ifPresentOrElse(
            ratio -> node.put(field, OutcomeJson.rounded(ratio)), () -> node.putNull(field));
  }
}
