package dev.lss.examples.agree;

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
 * value that is not defined, or infinite, is null, with the reason beside it.
 */
public final class AgreementJson {

  /** Name and version of the schema. */
  public static final String SCHEMA = "lss-agreement/1";

  private AgreementJson() {}

  /**
   * Returns the document as UTF-8 bytes.
   *
   * @param plots name of the picture of each comparison, in their order
   */
  public static byte[] write(Agreement agreement, List<String> plots) {
    ObjectNode root = JsonText.document(SCHEMA, ResultJson.NOTICE);
    root.put("confidence", Comparison.CONFIDENCE);
    root.put("margin", agreement.margin().value());
    root.put("marginUnit", agreement.margin().percent() ? "PERCENT_OF_REFERENCE_MEAN" : "TABLE");
    ArrayNode list = root.putArray("comparisons");
    for (int n = 0; n < plots.size(); n++) {
      write(agreement.comparisons().get(n), list.addObject().put("plot", plots.get(n)));
    }
    JsonText.put(root, "notices", agreement.notices());
    return JsonText.bytes(root);
  }

  private static void write(Comparison c, ObjectNode node) {
    node.put("reference", c.reference());
    node.put("method", c.method());
    if (c.group().isPresent()) {
      node.put("group", c.group().get());
    } else {
      node.putNull("group");
    }
    node.put("n", c.sample().n());
    node.put("dropped", c.sample().dropped());
    JsonText.put(node, "referenceMean", c.sample().referenceMean());
    JsonText.put(node, "methodMean", c.sample().methodMean());
    JsonText.put(node, "meanAbsolutePercentDifference", c.meanAbsolutePercentDifference());
    if (Double.isNaN(c.meanAbsolutePercentDifference())) {
      node.put("undefinedReason", "REFERENCE_OF_0");
    }
    ObjectNode icc = node.putObject("icc");
    c.icc().forEach(one -> write(one, icc.putObject(one.form().label())));
    write(c.blandAltman(), node.putObject("blandAltman"));
    write(c.tost(), node.putObject("tost"));
    write(c.lin(), c.sample().n(), node.putObject("lin"));
    write(c.wilcoxon(), node.putObject("wilcoxon"));
    write(c.pearson(), c.sample().n(), node.putObject("pearson"));
    write(c.spearman(), c.sample().n(), node.putObject("spearman"));
    node.withObject("/spearman").remove("interval");
  }

  private static void write(Icc icc, ObjectNode node) {
    JsonText.put(node, "estimate", icc.estimate());
    put(node, "interval", icc.interval());
    JsonText.put(node, "f", icc.f());
    node.put("df1", icc.df1());
    node.put("df2", icc.df2());
    JsonText.put(node, "p", icc.p());
    if (Double.isNaN(icc.f())) {
      node.put("undefinedReason", "NO_VARIANCE");
    } else if (Double.isNaN(icc.estimate())) {
      node.put("undefinedReason", "DENOMINATOR_NOT_POSITIVE");
    } else if (Double.isInfinite(icc.f())) {
      node.put("undefinedReason", "NO_ERROR");
    } else if (Double.isNaN(icc.interval().low()) || Double.isNaN(icc.interval().high())) {
      node.put("undefinedReason", "NO_SPEARMAN_BROWN");
    }
  }

  private static void write(BlandAltman limits, ObjectNode node) {
    JsonText.put(node, "bias", limits.bias());
    put(node, "biasInterval", limits.biasInterval());
    JsonText.put(node, "sd", limits.sd());
    put(node, "limits", limits.limits());
    put(node, "lowerLimitInterval", limits.lowerLimitInterval());
    put(node, "upperLimitInterval", limits.upperLimitInterval());
    JsonText.put(node, "approximateLimitSe", limits.approximateLimitSe());
    ProportionalBias line = limits.proportionalBias();
    ObjectNode proportional = node.putObject("proportionalBias");
    JsonText.put(proportional, "slope", line.slope());
    put(proportional, "slopeInterval", line.slopeInterval());
    JsonText.put(proportional, "intercept", line.intercept());
    JsonText.put(proportional, "p", line.p());
    if (limits.n() < 3) {
      node.put("undefinedReason", "FEW_ROWS");
    }
    if (Double.isNaN(line.slope())) {
      proportional.put("undefinedReason", limits.n() < 3 ? "FEW_ROWS" : "NO_VARIANCE");
    }
  }

  private static void write(PairedTost tost, ObjectNode node) {
    node.put("marginAbsolute", tost.marginAbsolute());
    node.put("alpha", tost.alpha());
    node.put("meanDifference", tost.meanDifference());
    node.put("standardError", tost.standardError());
    node.put("df", tost.df());
    JsonText.put(node, "tLower", tost.tLower());
    node.put("pLower", tost.pLower());
    JsonText.put(node, "tUpper", tost.tUpper());
    node.put("pUpper", tost.pUpper());
    node.put("p", tost.p());
    put(node, "interval", tost.interval());
    node.put("equivalent", tost.equivalent());
    if (tost.standardError() == 0) {
      node.put("undefinedReason", "NO_VARIANCE");
    }
  }

  private static void write(LinConcordance lin, int n, ObjectNode node) {
    JsonText.put(node, "estimate", lin.estimate());
    put(node, "interval", lin.interval());
    JsonText.put(node, "pearson", lin.pearson());
    JsonText.put(node, "accuracy", lin.accuracy());
    boolean undefined = Double.isNaN(lin.pearson()) || Double.isNaN(lin.accuracy());
    if (undefined || Double.isNaN(lin.interval().low())) {
      node.put("undefinedReason", !undefined && n < 3 ? "FEW_ROWS" : "NO_CORRELATION");
    }
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
    if (Double.isNaN(test.pExact())) {
      node.put("undefinedReason", "MORE_THAN_50_DIFFERENCES");
    }
  }

  private static void write(Correlation correlation, int n, ObjectNode node) {
    JsonText.put(node, "coefficient", correlation.coefficient());
    put(node, "interval", correlation.interval());
    JsonText.put(node, "p", correlation.p());
    if (Double.isNaN(correlation.coefficient())) {
      node.put("undefinedReason", "NO_VARIANCE");
    } else if (n < 4) {
      node.put("undefinedReason", "FEW_ROWS");
    }
  }

  /** Puts both ends; an end that is not defined is null. */
  private static void put(ObjectNode node, String field, Interval interval) {
    ObjectNode ends = node.putObject(field);
    JsonText.put(ends, "low", interval.low());
    JsonText.put(ends, "high", interval.high());
  }
}
