package dev.lss.examples.agree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.core.report.ResultJson;
import dev.lss.examples.text.JsonText;
import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Correlation;
import dev.lss.metrics.agreement.Icc;
import dev.lss.metrics.agreement.Interval;
import dev.lss.metrics.agreement.LinConcordance;
import dev.lss.metrics.agreement.PairedTost;
import dev.lss.metrics.agreement.ProportionalBias;
import dev.lss.metrics.agreement.WilcoxonSignedRank;
import java.util.List;

/**
 * Writes agreement as JSON, schema {@code lss-agreement/1}; docs/metrics.md explains the fields. A
 * value that is not defined, or infinite, is null, and the object that holds it says why.
 */
final class AgreementJson {

  static final String SCHEMA = "lss-agreement/1";

  private AgreementJson() {}

  /**
   * Returns the document as UTF-8 bytes.
   *
   * @param plots names of the pictures of each comparison, in their order; empty for none
   */
  static byte[] write(Agreement agreement, List<List<String>> plots) {
    ObjectNode root = JsonText.document(SCHEMA, ResultJson.NOTICE);
    root.put("confidence", Comparison.CONFIDENCE);
    agreement
        .question()
        .margin()
        .ifPresent(
            margin ->
                root.put("margin", margin.value())
                    .put("marginUnit", margin.percent() ? "PERCENT_OF_REFERENCE_MEAN" : "TABLE"));
    ArrayNode list = root.putArray("comparisons");
    for (int n = 0; n < agreement.comparisons().size(); n++) {
      List<String> files = plots.isEmpty() ? List.of() : plots.get(n);
      write(agreement.comparisons().get(n), files, list.addObject());
    }
    ArrayNode raters = root.putArray("raters");
    agreement.raters().forEach(r -> write(r, raters.addObject()));
    JsonText.put(root, "notices", agreement.notices());
    return JsonText.bytes(root);
  }

  private static void write(RaterAgreement r, ObjectNode node) {
    ArrayNode columns = node.putArray("columns");
    r.raters().forEach(columns::add);
    node.put("group", r.group().orElse(null));
    node.put("n", r.ratings().subjects());
    node.put("dropped", r.ratings().dropped());
    icc(r.icc(), node);
  }

  private static void write(Comparison c, List<String> plots, ObjectNode node) {
    ArrayNode files = node.putArray("plots");
    plots.forEach(files::add);
    node.put("reference", c.reference());
    node.put("method", c.method());
    node.put("group", c.group().orElse(null));
    node.put("n", c.sample().n());
    node.put("dropped", c.sample().dropped());
    JsonText.put(node, "referenceMean", c.sample().referenceMean());
    JsonText.put(node, "methodMean", c.sample().methodMean());
    JsonText.put(node, "meanAbsolutePercentDifference", c.meanAbsolutePercentDifference());
    if (!Double.isFinite(c.meanAbsolutePercentDifference())) {
      node.put("undefinedReason", Undefined.REFERENCE_OF_0.name());
    }
    icc(c.icc(), node);
    write(c.blandAltman(), node.putObject("blandAltman"));
    write(c.tost(), node.putObject("tost"));
    write(c.lin(), c.sample().n(), node.putObject("lin"));
    write(c.wilcoxon(), node.putObject("wilcoxon"));
    ObjectNode pearson = node.putObject("pearson");
    put(pearson, "interval", c.pearson().interval());
    write(c.pearson(), pearson);
    write(c.spearman(), node.putObject("spearman"));
  }

  private static void icc(List<Icc> forms, ObjectNode node) {
    ObjectNode icc = node.putObject("icc");
    forms.forEach(one -> write(one, icc.putObject(one.form().label())));
  }

  private static void write(Icc icc, ObjectNode node) {
    JsonText.put(node, "estimate", icc.estimate());
    put(node, "interval", icc.interval());
    JsonText.put(node, "f", icc.f());
    node.put("df1", icc.df1());
    node.put("df2", icc.df2());
    JsonText.put(node, "p", icc.p());
    reason(node, Undefined.of(icc));
  }

  private static void write(BlandAltman limits, ObjectNode node) {
    JsonText.put(node, "bias", limits.bias());
    put(node, "biasInterval", limits.biasInterval());
    JsonText.put(node, "sd", limits.sd());
    put(node, "limits", limits.limits());
    put(node, "lowerLimitInterval", limits.lowerLimitInterval());
    put(node, "upperLimitInterval", limits.upperLimitInterval());
    JsonText.put(node, "approximateLimitSe", limits.approximateLimitSe());
    reason(node, Undefined.ofLimits(limits));
    ProportionalBias line = limits.proportionalBias();
    ObjectNode proportional = node.putObject("proportionalBias");
    JsonText.put(proportional, "slope", line.slope());
    put(proportional, "slopeInterval", line.slopeInterval());
    JsonText.put(proportional, "intercept", line.intercept());
    JsonText.put(proportional, "p", line.p());
    reason(proportional, Undefined.ofProportionalBias(limits));
  }

  private static void write(PairedTost tost, ObjectNode node) {
    JsonText.put(node, "marginAbsolute", tost.marginAbsolute());
    node.put("alpha", tost.alpha());
    JsonText.put(node, "meanDifference", tost.meanDifference());
    JsonText.put(node, "standardError", tost.standardError());
    node.put("df", tost.df());
    JsonText.put(node, "tLower", tost.tLower());
    JsonText.put(node, "pLower", tost.pLower());
    JsonText.put(node, "tUpper", tost.tUpper());
    JsonText.put(node, "pUpper", tost.pUpper());
    JsonText.put(node, "p", tost.p());
    put(node, "interval", tost.interval());
    node.put("equivalent", tost.equivalent());
    reason(node, Undefined.of(tost));
  }

  private static void write(LinConcordance lin, int n, ObjectNode node) {
    JsonText.put(node, "estimate", lin.estimate());
    put(node, "interval", lin.interval());
    JsonText.put(node, "pearson", lin.pearson());
    JsonText.put(node, "accuracy", lin.accuracy());
    reason(node, Undefined.of(lin, n));
  }

  private static void write(WilcoxonSignedRank test, ObjectNode node) {
    node.put("nonZero", test.nonZero());
    node.put("zeros", test.zeros());
    node.put("positiveRanks", test.positiveRanks());
    node.put("negativeRanks", test.negativeRanks());
    node.put("p", test.p());
    JsonText.put(node, "pExact", test.pExact());
    node.put("pNormal", test.pNormal());
    node.put("pNormalContinuity", test.pNormalContinuity());
    reason(node, Undefined.MORE_THAN_50_DIFFERENCES);
  }

  private static void write(Correlation correlation, ObjectNode node) {
    JsonText.put(node, "coefficient", correlation.coefficient());
    JsonText.put(node, "p", correlation.p());
    reason(node, Undefined.of(correlation));
  }

  /** Says why a value of an object, or of an interval in it, is null; nothing when none is. */
  private static void reason(ObjectNode node, Undefined why) {
    for (JsonNode value : node) {
      if (value.isNull() || value.path("low").isNull() || value.path("high").isNull()) {
        node.put("undefinedReason", why.name());
        return;
      }
    }
  }

  /** Puts both ends; an end that is not defined is null. */
  private static void put(ObjectNode node, String field, Interval interval) {
    ObjectNode ends = node.putObject(field);
    JsonText.put(ends, "low", interval.low());
    JsonText.put(ends, "high", interval.high());
  }
}
