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
final class EvaluationJson {

  static final String SCHEMA = "lss-evaluation/1";

  private EvaluationJson() {}

  /** Returns the document as UTF-8 bytes. */
  static byte[] write(Evaluation evaluation) {
    ObjectNode root = JsonText.document(SCHEMA, ResultJson.NOTICE);
    Settings settings = evaluation.settings();
    root.put("surfaceConvention", settings.surfaces().map(Enum::name).orElse(null));
    root.put("emptyPolicy", settings.emptyPolicy().name());
    root.put("missing", settings.handling().missing().name());
    ArrayNode tolerances = root.putArray("tolerancesMm");
    settings.tolerancesMm().forEach(tolerances::add);
    ArrayNode cases = root.putArray("cases");
    ArrayNode failures = root.putArray("failures");
    for (Prediction prediction : evaluation.predictions()) {
      for (CaseResult judged : prediction.cases()) {
        write(judged, cases.addObject().put("prediction", prediction.name()));
      }
      for (Prediction.Failure failure : prediction.failures()) {
        failures
            .addObject()
            .put("prediction", prediction.name())
            .put("name", failure.name())
            .put("code", failure.code())
            .put("message", failure.message());
      }
    }
    ArrayNode summaries = root.putArray("summaries");
    evaluation.statistics().forEach(one -> summary(one, settings, summaries.addObject()));
    ArrayNode comparisons = root.putArray("comparisons");
    evaluation.contrasts().forEach(one -> write(one, comparisons.addObject()));
    ArrayNode rankings = root.putArray("rankings");
    evaluation.rankings().forEach(one -> write(one, rankings.addObject()));
    JsonText.put(root, "notices", evaluation.notices());
    return JsonText.bytes(root);
  }

  private static void write(Contrast contrast, ObjectNode node) {
    node.put("measure", contrast.measure().key());
    node.put("name", contrast.label());
    node.put("first", contrast.first());
    node.put("second", contrast.second());
    node.put("n", contrast.n());
    node.put("leftOut", contrast.leftOut());
    JsonText.put(node, "meanDifference", contrast.meanDifference());
    JsonText.put(node, "low", contrast.interval().low());
    JsonText.put(node, "high", contrast.interval().high());
    JsonText.put(node, "p", contrast.p());
    JsonText.put(node, "pHolm", contrast.holm());
    node.put("better", contrast.better().isEmpty() ? null : contrast.better());
    if (contrast.n() < 2) {
      node.put("undefinedReason", "FEW_CASES");
    }
  }

  private static void write(Ranking ranking, ObjectNode node) {
    node.put("measure", ranking.measure().key());
    node.put("prediction", ranking.prediction());
    JsonText.put(node, "meanRank", ranking.meanRank());
    node.put("n", ranking.n());
    if (ranking.n() == 0) {
      node.put("undefinedReason", "NO_COMMON_VALUE");
    }
  }

  private static void write(CaseResult judged, ObjectNode node) {
    node.put("name", judged.name());
    node.put("matching", judged.matching().name());
    ArrayNode labels = node.putArray("labels");
    judged.labels().forEach(label -> write(label, labels.addObject()));
    JsonText.put(node, "macroDice", judged.macroDice());
    JsonText.put(node, "pooledDice", judged.pooledDice());
    JsonText.put(node, "unionDice", judged.unionDice());
    if (Double.isNaN(judged.macroDice()) || Double.isNaN(judged.unionDice())) {
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
    ArrayNode reference = node.putArray("referenceLabels");
    label.match().reference().forEach(reference::add);
    ArrayNode prediction = node.putArray("predictionLabels");
    label.match().prediction().forEach(prediction::add);
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

  private static void summary(Statistics one, Settings settings, ObjectNode node) {
    node.put("prediction", one.prediction().name());
    ObjectNode byLabel = node.putObject("byLabel");
    one.byLabel()
        .forEach(
            (name, byMeasure) -> {
              ObjectNode label = byLabel.putObject(name);
              byMeasure.forEach((measure, cases) -> write(cases, label.putObject(measure.key())));
            });
    ObjectNode worst = node.putObject("worst");
    for (Measure measure : one.measures()) {
      ArrayNode list = worst.putArray(measure.key());
      for (Statistics.Value value : one.worst(measure)) {
        ObjectNode entry = list.addObject().put("case", value.name()).put("name", value.label());
        JsonText.put(entry, "value", value.value());
        if (Double.isInfinite(value.value())) {
          entry.put("undefinedReason", "INFINITE");
        }
      }
    }
    one.diceBootstrap(settings)
        .ifPresentOrElse(
            bootstrap -> write(bootstrap, node.putObject("meanDice")),
            () -> node.putNull("meanDice"));
  }

  private static void write(Statistics.Cases cases, ObjectNode node) {
    write(cases.summary(), node);
    cases
        .bootstrap()
        .ifPresent(
            b -> {
              interval(
                  b.percentileInterval(Statistics.CONFIDENCE), node.putArray("percentileInterval"));
              b.bcaInterval(Statistics.CONFIDENCE)
                  .ifPresent(i -> interval(i, node.putArray("bcaInterval")));
            });
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
    node.put("confidence", Statistics.CONFIDENCE);
    interval(
        bootstrap.percentileInterval(Statistics.CONFIDENCE), node.putArray("percentileInterval"));
    if (bootstrap.bcaInterval(Statistics.CONFIDENCE).isPresent()) {
      interval(bootstrap.bcaInterval(Statistics.CONFIDENCE).get(), node.putArray("bcaInterval"));
    } else {
      node.putNull("bcaInterval").put("undefinedReason", "ALL_REPLICATES_ON_ONE_SIDE");
    }
  }

  private static void interval(Interval interval, ArrayNode ends) {
    ends.add(interval.low()).add(interval.high());
  }
}
