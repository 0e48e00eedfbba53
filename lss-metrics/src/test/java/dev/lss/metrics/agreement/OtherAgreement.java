package dev.lss.metrics.agreement;

import static dev.lss.metrics.Golden.close;
import static dev.lss.metrics.Golden.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import java.util.stream.IntStream;

/** Compares with what tools/oracles/agreement.py wrote. */
final class OtherAgreement {

  /** Equal definitions, both in double. */
  static final double EQUAL = 1e-9;

  /** For what ends in a quantile of SciPy's noncentral t. */
  private static final double NONCENTRAL = 1e-8;

  private OtherAgreement() {}

  static Ratings ratings(JsonNode rows) {
    double[][] columns = new double[rows.get(0).size()][];
    for (int k = 0; k < columns.length; k++) {
      int rater = k;
      columns[k] =
          IntStream.range(0, rows.size()).mapToDouble(n -> value(rows.get(n).get(rater))).toArray();
    }
    return Ratings.ofColumns(columns);
  }

  static PairedSample firstTwo(JsonNode rows) {
    Ratings ratings = ratings(rows);
    return PairedSample.of(ratings.column(0), ratings.column(1));
  }

  /** The six forms in pingouin's order, which is ours. */
  static void agreeWithPingouin(Ratings ratings, JsonNode forms) {
    assertThat(forms).hasSameSizeAs(IccForm.values());
    for (IccForm form : IccForm.values()) {
      JsonNode oracle = forms.get(form.ordinal());
      Icc icc = Icc.of(ratings, form, 0.95);
      close(icc.f(), value(oracle.path("f")), EQUAL, form.label() + " F");
      close(icc.df1(), value(oracle.at("/df/0")), EQUAL, form.label() + " df1");
      close(icc.df2(), value(oracle.at("/df/1")), EQUAL, form.label() + " df2");
      close(icc.p(), value(oracle.path("p")), EQUAL, form.label() + " p");
      near(icc.estimate(), oracle.path("estimate"), form.label());
      near(icc.interval().low(), oracle.at("/interval/0"), form.label() + " low");
      near(icc.interval().high(), oracle.at("/interval/1"), form.label() + " high");
    }
  }

  /** Values of order 1 that may lie near 0, where a relative tolerance means nothing. */
  private static void near(double actual, JsonNode expected, String what) {
    double e = value(expected);
    assertThat(actual).as(what).isCloseTo(e, within(EQUAL * Math.max(1, Math.abs(e))));
  }

  static void agreeOnPairs(PairedSample sample, JsonNode oracle) {
    agreeOnBlandAltman(BlandAltman.of(sample, 0.95), oracle.path("blandAltman"));
    agreeOnTost(sample, oracle.path("tost"));
    agreeOnCorrelation(sample, oracle.path("correlation"));
    agreeOnWilcoxon(WilcoxonSignedRank.of(sample), oracle.path("wilcoxon"));
    LinConcordance lin = LinConcordance.of(sample, 0.95);
    near(lin.estimate(), oracle.at("/lin/estimate"), "Lin");
    near(lin.interval(), oracle.at("/lin/interval"), 1, EQUAL, "Lin's interval");
  }

  private static void near(
      Interval actual, JsonNode expected, double size, double relative, String what) {
    double[] ends = Golden.doubles(expected);
    assertThat(actual.low()).as(what + ", low").isCloseTo(ends[0], within(relative * size));
    assertThat(actual.high()).as(what + ", high").isCloseTo(ends[1], within(relative * size));
  }

  private static void agreeOnBlandAltman(BlandAltman ours, JsonNode oracle) {
    double sd = value(oracle.path("sd")); // differences are compared by the size that they have
    close(ours.sd(), sd, EQUAL, "SD");
    assertThat(ours.bias()).as("bias").isCloseTo(value(oracle.path("bias")), within(EQUAL * sd));
    near(ours.limits(), oracle.path("limits"), sd, EQUAL, "limits");
    near(ours.biasInterval(), oracle.path("biasInterval"), sd, EQUAL, "interval of the bias");
    near(
        ours.lowerLimitInterval(),
        oracle.path("lowerLimitInterval"),
        sd,
        NONCENTRAL,
        "lower limit");
    near(
        ours.upperLimitInterval(),
        oracle.path("upperLimitInterval"),
        sd,
        NONCENTRAL,
        "upper limit");
    ProportionalBias line = ours.proportionalBias();
    double se = value(oracle.path("slopeSe"));
    close(line.slopeSe(), se, EQUAL, "SE of the slope");
    assertThat(line.slope()).isCloseTo(value(oracle.path("slope")), within(EQUAL * se));
    assertThat(line.intercept())
        .as("intercept")
        .isCloseTo(value(oracle.path("intercept")), within(1e-7 * sd));
    near(line.slopeInterval(), oracle.path("slopeInterval"), se, EQUAL, "interval of the slope");
    close(line.p(), value(oracle.path("slopeP")), EQUAL, "p of the slope");
  }

  private static void agreeOnTost(PairedSample sample, JsonNode oracle) {
    PairedTost ours = PairedTost.ofMargin(sample, value(oracle.path("margin")), 0.05);
    close(ours.df(), value(oracle.path("df")), EQUAL, "df");
    close(ours.tLower(), value(oracle.at("/t/0")), 1e-8, "t of the lower test");
    close(ours.tUpper(), value(oracle.at("/t/1")), 1e-8, "t of the upper test");
    close(ours.pLower(), value(oracle.at("/pOneSided/0")), EQUAL, "p of the lower test");
    close(ours.pUpper(), value(oracle.at("/pOneSided/1")), EQUAL, "p of the upper test");
    close(ours.p(), value(oracle.path("p")), EQUAL, "p of the equivalence test");
    near(ours.interval(), oracle.path("interval"), ours.standardError(), EQUAL, "90 % interval");
  }

  private static void agreeOnCorrelation(PairedSample sample, JsonNode oracle) {
    Correlation pearson = Correlation.pearson(sample, 0.95);
    close(pearson.coefficient(), value(oracle.at("/pearson/r")), EQUAL, "Pearson");
    close(pearson.p(), value(oracle.at("/pearson/p")), EQUAL, "Pearson's p");
    near(pearson.interval(), oracle.at("/pearson/interval"), 1, EQUAL, "Pearson's interval");
    Correlation spearman = Correlation.spearman(sample);
    close(spearman.coefficient(), value(oracle.at("/spearman/r")), EQUAL, "Spearman");
    close(spearman.p(), value(oracle.at("/spearman/p")), EQUAL, "Spearman's p");
  }

  private static void agreeOnWilcoxon(WilcoxonSignedRank ours, JsonNode oracle) {
    close(ours.positiveRanks(), value(oracle.path("positive")), EQUAL, "W+");
    close(ours.negativeRanks(), value(oracle.path("negative")), EQUAL, "W-");
    if (!oracle.path("exact").isNull()) { // SciPy has it without ties, or up to 12 values
      close(ours.pExact(), value(oracle.path("exact")), 1e-12, "exact p");
    }
    close(ours.pNormal(), value(oracle.at("/normal/0")), EQUAL, "normal p");
    close(ours.pNormalContinuity(), value(oracle.at("/normal/1")), EQUAL, "corrected p");
  }
}
