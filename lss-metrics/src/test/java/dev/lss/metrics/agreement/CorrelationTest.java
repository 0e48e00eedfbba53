package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Pearson, Spearman and Lin, by numbers that can be checked on paper. */
class CorrelationTest {

  private static final double[] REFERENCE = {1, 2, 3, 4, 5};
  private static final double[] DOUBLED = {2, 4, 6, 8, 10};

  private static PairedSample sample(double[] method) {
    return PairedSample.of(REFERENCE, method);
  }

  @Test
  void a_method_that_always_doubles_correlates_perfectly_and_does_not_agree() {
    Correlation pearson = Correlation.pearson(sample(DOUBLED), 0.95);
    LinConcordance lin = LinConcordance.of(sample(DOUBLED), 0.95);

    assertThat(pearson.coefficient()).isEqualTo(1);
    assertThat(pearson.p()).isZero();
    assertThat(pearson.interval()).isEqualTo(new Interval(1, 1));
    // With moments by n: sxx 2, syy 8, sxy 4, means 3 and 6.
    assertThat(lin.estimate()).isCloseTo(8 / (2 + 8 + 9.0), within(1e-15));
    assertThat(lin.pearson()).isEqualTo(1);
    assertThat(lin.accuracy()).isEqualTo(lin.estimate());
  }

  @Test
  void a_curve_that_always_rises_has_a_rank_correlation_of_1() {
    PairedSample curve = sample(new double[] {1, 4, 9, 16, 25});

    assertThat(Correlation.spearman(curve).coefficient()).isEqualTo(1);
    assertThat(Correlation.spearman(curve).p()).isZero();
    assertThat(Correlation.pearson(curve, 0.95).coefficient()).isLessThan(1);
  }

  @Test
  void equal_values_share_their_mean_rank() {
    assertThat(Ranks.of(new double[] {7, 3, 7, 9, 7})).containsExactly(3, 1, 3, 5, 3);
  }

  @Test
  void a_constant_has_no_correlation() {
    PairedSample constant = sample(new double[] {3, 3, 3, 3, 3});

    assertThat(Correlation.pearson(constant, 0.95).coefficient()).isNaN();
    assertThat(Correlation.pearson(constant, 0.95).p()).isNaN();
    assertThat(Correlation.spearman(constant).coefficient()).isNaN();
    assertThat(LinConcordance.of(constant, 0.95).estimate()).isZero();
    assertThat(LinConcordance.of(constant, 0.95).interval()).isEqualTo(Interval.UNDEFINED);
  }

  @Test
  void two_equal_constants_have_no_concordance_either() {
    double[] same = {3, 3, 3};

    assertThat(LinConcordance.of(PairedSample.of(same, same), 0.95).estimate()).isNaN();
  }

  @Test
  void equal_columns_agree_perfectly() {
    LinConcordance lin = LinConcordance.of(sample(REFERENCE), 0.95);

    assertThat(lin.estimate()).isEqualTo(1);
    assertThat(lin.interval()).isEqualTo(new Interval(1, 1));
  }

  @Test
  void columns_that_contradict_each_other_have_a_concordance_of_minus_1() {
    LinConcordance lin =
        LinConcordance.of(
            PairedSample.of(new double[] {-2, -1, 1, 2}, new double[] {2, 1, -1, -2}), 0.95);

    assertThat(lin.estimate()).isEqualTo(-1);
    assertThat(lin.interval()).isEqualTo(new Interval(-1, -1));
  }

  @Test
  void fewer_than_four_rows_have_no_interval() {
    PairedSample three = PairedSample.of(new double[] {1, 2, 3}, new double[] {1, 3, 2});

    assertThat(Correlation.pearson(three, 0.95).coefficient()).isEqualTo(0.5);
    assertThat(Correlation.pearson(three, 0.95).interval()).isEqualTo(Interval.UNDEFINED);
  }
}
