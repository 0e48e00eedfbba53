package dev.lss.examples.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.core.report.ResultJson;
import dev.lss.examples.text.JsonText;
import dev.lss.metrics.Identification;
import dev.lss.metrics.Summary;
import dev.lss.metrics.agreement.ClusterBootstrap;
import dev.lss.metrics.agreement.Interval;

/**
 * Writes an evaluation as JSON, schema {@code lss-evaluation/1}; docs/metrics.md explains every
 * field. A value that is not defined, or infinite, is null, with the reason beside it.
 */
public final class EvaluationJson {

  /** Name and version of the schema. */
  public static final String SCHEMA = "lss-evaluation/1";

  private static final double CONFIDENCE = 0.95;

  private EvaluationJson() {}

  /** Returns the document as UTF-8 bytes. */
  public static byte[] write(Evaluation evaluation) {
    ObjectNode root = JsonText.document(SCHEMA, ResultJson.NOTICE);
    Settings settings = evaluation.settings();
    if (settings.distances()) {
      root.put("surfaceConvention", settings.convention().name());
    } else {
      root.putNull("surfaceConvention");
    }
    root.put("emptyPolicy", Settings.EMPTY.name());
    ArrayNode tolerances = root.putArray("tolerancesMm");
    settings.tolerancesMm().forEach(tolerances::add);
    ArrayNode cases = root.putArray("cases");
    evaluation.cases().forEach(judged -> write(judged, cases.addObject()));
    summary(evaluation, root.putObject("summary"));
    JsonText.put(root, "notices", evaluation.notices());
    return JsonText.bytes(root);
  }

  private static void write(CaseResult judged, ObjectNode node) {
    node.put("name", judged.name());
    node.put("matching", judged.matching().name());
    ArrayNode labels = node.putArray("labels");
    judged.labels().forEach(label -> write(label, labels.addObject()));
    JsonText.put(node, "macroDice", judged.macroDice());
    JsonText.put(node, "pooledDice", judged.pooledDice());
    JsonText.put(node, "unionDice", judged.unionDice());
    if (Double.isNaN(judged.unionDice())) {
      node.put("undefinedReason", "BOTH_EMPTY");
    }
    if (judged.identification().isPresent()) {
      write(judged.identification().get(), node.putObject("identification"));
    } else {
      node.putNull("identification");
    }
    JsonText.put(node, "notices", judged.notices());
  }

  private static void write(LabelResult label, ObjectNode node) {
    node.put("name", label.match().name());
    node.put("referenceLabel", label.match().reference());
    node.put("predictionLabel", label.match().prediction());
    node.put("truePositives", label.overlap().truePositives());
    node.put("falsePositives", label.overlap().falsePositives());
    node.put("falseNegatives", label.overlap().falseNegatives());
    node.put("trueNegatives", label.overlap().trueNegatives());
    label.figures().forEach((name, value) -> JsonText.put(node, name, value));
    label.undefinedReason().ifPresent(reason -> node.put("undefinedReason", reason));
  }

  private static void write(Identification found, ObjectNode node) {
    node.put("rule", found.rule().name());
    node.put("referenceLevels", found.referenceLevels());
    node.put("missedLevels", found.missedLevels());
    node.put("spuriousLevels", found.spuriousLevels());
    node.put("hits", found.hits());
    JsonText.put(node, "rate", found.rate());
    JsonText.put(node, "meanDistanceMm", found.meanDistanceMm());
    JsonText.put(node, "meanHitDistanceMm", found.meanHitDistanceMm());
    node.put("bestShift", found.bestShift());
    if (found.referenceLevels() == 0) {
      node.put("undefinedReason", "NO_REFERENCE_LEVEL");
    } else if (found.hits() == 0) {
      node.put("undefinedReason", "NO_HIT");
    }
  }

  private static void summary(Evaluation evaluation, ObjectNode node) {
    ObjectNode byLabel = node.putObject("byLabel");
    evaluation
        .summaries()
        .forEach(
            (name, figures) -> {
              ObjectNode one = byLabel.putObject(name);
              figures.forEach((figure, summary) -> write(summary, one.putObject(figure)));
            });
    if (evaluation.diceBootstrap().isPresent()) {
      write(evaluation.diceBootstrap().get(), node.putObject("meanDice"));
    } else {
      node.putNull("meanDice");
    }
  }

  private static void write(Summary summary, ObjectNode node) {
    node.put("n", summary.n());
    node.put("undefined", summary.undefined());
    node.put("infinite", summary.infinite());
    JsonText.put(node, "mean", summary.mean());
    JsonText.put(node, "sd", summary.sd());
    JsonText.put(node, "minimum", summary.minimum());
    JsonText.put(node, "lowerQuartile", summary.lowerQuartile());
    JsonText.put(node, "median", summary.median());
    JsonText.put(node, "upperQuartile", summary.upperQuartile());
    JsonText.put(node, "maximum", summary.maximum());
    if (Double.isNaN(summary.mean())) {
      node.put("undefinedReason", "NO_FINITE_VALUE");
    } else if (Double.isNaN(summary.sd())) {
      node.put("undefinedReason", "ONE_VALUE");
    }
  }

  private static void write(ClusterBootstrap bootstrap, ObjectNode node) {
    node.put("statistic", ClusterBootstrap.Statistic.MEAN_OF_CASES.name());
    node.put("subjects", bootstrap.subjects());
    node.put("fewSubjects", bootstrap.hasFewSubjects());
    node.put("replicates", ClusterBootstrap.Draws.STANDARD.replicates());
    node.put("seed", ClusterBootstrap.Draws.STANDARD.seed());
    JsonText.put(node, "estimate", bootstrap.estimate());
    node.put("confidence", CONFIDENCE);
    interval(bootstrap.percentileInterval(CONFIDENCE), node.putArray("percentileInterval"));
    if (bootstrap.bcaInterval(CONFIDENCE).isPresent()) {
      interval(bootstrap.bcaInterval(CONFIDENCE).get(), node.putArray("bcaInterval"));
    } else {
      node.putNull("bcaInterval").put("undefinedReason", "ALL_REPLICATES_ON_ONE_SIDE");
    }
  }

  private static void interval(Interval interval, ArrayNode ends) {
    ends.add(interval.low()).add(interval.high());
  }
}
