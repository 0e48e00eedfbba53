package dev.lss.metrics.agreement;

import static dev.lss.metrics.Golden.close;
import static dev.lss.metrics.Golden.doubles;
import static dev.lss.metrics.Golden.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden figures for tables that the repository does not hold, made with SciPy. */
class GoldenAgreementTest {

  private static final double EQUAL = 1e-9;

  private final JsonNode golden = Golden.statistics();

  /** Volumes in ml of one muscle in 331 images, by hand and by a network. */
  private static PairedSample volumes(String muscle) throws IOException {
    List<String> lines =
        Files.readAllLines(RealData.path("mr-muscle/volumes_manual_vs_ai_331.csv"));
    List<String> header = List.of(lines.get(0).strip().split(","));
    double[][] columns = new double[2][lines.size() - 1];
    for (int n = 1; n < lines.size(); n++) {
      String[] cells = lines.get(n).split(",");
      columns[0][n - 1] = Double.parseDouble(cells[header.indexOf(muscle + "_gd")]);
      columns[1][n - 1] = Double.parseDouble(cells[header.indexOf(muscle + "_ai")]);
    }
    return PairedSample.of(columns[0], columns[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume1", "volume2", "volume3", "volume4"})
  void the_volumes_of_four_muscles_give_the_golden_figures(String muscle) throws IOException {
    JsonNode expected = golden.path("muscle_volumes_331").path(muscle);
    PairedSample sample = volumes(muscle);

    agreeOnIcc(sample.ratings(), expected.path("icc"));
    agreeOnTheRest(sample, expected);
  }

  @Test
  void the_peak_flows_give_the_golden_figures() {
    JsonNode expected = golden.path("bland_altman_1986_pefr");
    PairedSample sample =
        PairedSample.of(
            doubles(expected.path("reference_wright")),
            doubles(expected.path("method_mini_wright")));

    agreeOnIcc(sample.ratings(), expected.path("icc"));
    agreeOnTheRest(sample, expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shrout_fleiss_1979", "/wine_8x4", "/icc_edge_cases/three_raters"})
  void published_tables_give_the_golden_figures(String at) {
    agreeOnIcc(OtherAgreement.ratings(golden.at(at + "/ratings")), golden.at(at + "/icc"));
  }

  @Test
  void the_interval_of_a_constant_offset_is_the_golden_one() {
    JsonNode expected = golden.at("/icc_edge_cases/constant_offset_two_raters");

    Icc icc = Icc.of(OtherAgreement.ratings(expected.path("ratings")), IccForm.ICC_2_1, 0.95);

    close(icc.interval().low(), value(expected.at("/icc21_ci95/0")), EQUAL, "low");
    close(icc.interval().high(), value(expected.at("/icc21_ci95/1")), EQUAL, "high");
  }

  @Test
  void the_bootstrap_of_twelve_subjects_gives_the_golden_intervals() {
    JsonNode expected = golden.path("cluster_bootstrap");
    List<double[]> subjects = new ArrayList<>();
    expected.path("clusters").forEach(cases -> subjects.add(doubles(cases)));

    ClusterBootstrap ours =
        ClusterBootstrap.of(
            subjects, ClusterBootstrap.Statistic.MEAN_OF_CASES, ClusterBootstrap.Draws.STANDARD);

    close(ours.estimate(), value(expected.path("estimate")), 1e-12, "estimate");
    close(ours.bias(), value(expected.at("/bca/z0")), EQUAL, "z0");
    close(ours.acceleration(), value(expected.at("/bca/acceleration")), EQUAL, "acceleration");
    Interval percentile = ours.percentileInterval(0.95);
    close(percentile.low(), value(expected.at("/percentile_ci95/0")), EQUAL, "low");
    close(percentile.high(), value(expected.at("/percentile_ci95/1")), EQUAL, "high");
    Interval bca = ours.bcaInterval(0.95).orElseThrow();
    close(bca.low(), value(expected.at("/bca/ci95/0")), EQUAL, "BCa low");
    close(bca.high(), value(expected.at("/bca/ci95/1")), EQUAL, "BCa high");
  }

  private static void agreeOnIcc(Ratings ratings, JsonNode expected) {
    MeanSquares squares = MeanSquares.of(ratings);
    close(squares.rows(), value(expected.path("MSR")), EQUAL, "MSR");
    close(squares.columns(), value(expected.path("MSC")), EQUAL, "MSC");
    close(squares.residual(), value(expected.path("MSE")), EQUAL, "MSE");
    close(squares.within(), value(expected.path("MSW")), EQUAL, "MSW");
    for (IccForm form : IccForm.values()) {
      JsonNode node = expected.path(form.label());
      Icc icc = Icc.of(ratings, form, 0.95);
      close(icc.estimate(), value(node.path("estimate")), EQUAL, form.label());
      close(icc.interval().low(), value(node.path("ci95_low")), EQUAL, form.label() + " low");
      close(icc.interval().high(), value(node.path("ci95_high")), EQUAL, form.label() + " high");
      close(icc.f(), value(node.path("F")), EQUAL, form.label() + " F");
      close(icc.p(), value(node.path("p")), EQUAL, form.label() + " p");
    }
  }

  private static void agreeOnTheRest(PairedSample sample, JsonNode expected) {
    JsonNode limits = expected.path("bland_altman");
    BlandAltman ours = BlandAltman.of(sample, 0.95);
    close(ours.bias(), value(limits.path("bias")), EQUAL, "bias");
    close(ours.limits().low(), value(limits.path("lower_limit")), EQUAL, "lower limit");
    close(ours.limits().high(), value(limits.path("upper_limit")), EQUAL, "upper limit");
    close(ours.approximateLimitSe(), value(limits.path("limit_se_1999")), EQUAL, "SE of a limit");
    agree(ours.biasInterval(), limits.path("bias_ci95"), EQUAL);
    agree(ours.lowerLimitInterval(), limits.path("lower_limit_ci95_exact"), 1e-8);
    agree(ours.upperLimitInterval(), limits.path("upper_limit_ci95_exact"), 1e-8);
    JsonNode line = limits.path("regression_difference_on_mean");
    close(ours.proportionalBias().slope(), value(line.path("slope")), EQUAL, "slope");
    close(ours.proportionalBias().p(), value(line.path("p")), EQUAL, "p of the slope");

    JsonNode equivalence = expected.path("tost_5_percent_of_reference_mean");
    PairedTost tost = PairedTost.ofRelativeMargin(sample, 0.05, 0.05);
    close(tost.marginAbsolute(), value(equivalence.path("margin")), EQUAL, "margin");
    // Below 1e-100 the last digits of the incomplete beta function's logarithm count.
    close(tost.p(), value(equivalence.path("p")), tost.p() < 1e-100 ? 1e-6 : EQUAL, "p");
    agree(tost.interval(), equivalence.path("ci90"), EQUAL);

    LinConcordance lin = LinConcordance.of(sample, 0.95);
    close(lin.estimate(), value(expected.at("/ccc/ccc")), EQUAL, "Lin");
    close(lin.accuracy(), value(expected.at("/ccc/bias_correction_factor")), EQUAL, "accuracy");
    agree(lin.interval(), expected.at("/ccc/ci95"), EQUAL);

    JsonNode correlation = expected.path("correlation");
    Correlation pearson = Correlation.pearson(sample, 0.95);
    close(pearson.coefficient(), value(correlation.path("pearson")), EQUAL, "Pearson");
    agree(pearson.interval(), correlation.path("pearson_ci95"), EQUAL);
    close(
        Correlation.spearman(sample).coefficient(),
        value(correlation.path("spearman")),
        EQUAL,
        "Spearman");

    JsonNode ranks = expected.path("wilcoxon");
    WilcoxonSignedRank wilcoxon = WilcoxonSignedRank.of(sample);
    close(wilcoxon.positiveRanks(), value(ranks.path("W_plus")), EQUAL, "W+");
    close(wilcoxon.pNormal(), value(ranks.path("p_normal_no_correction")), EQUAL, "normal p");
    assertThat(wilcoxon.pNormalContinuity())
        .isCloseTo(value(ranks.path("p_normal_continuity")), within(EQUAL));
  }

  private static void agree(Interval ours, JsonNode expected, double relative) {
    close(ours.low(), value(expected.get(0)), relative, "low");
    close(ours.high(), value(expected.get(1)), relative, "high");
  }
}
