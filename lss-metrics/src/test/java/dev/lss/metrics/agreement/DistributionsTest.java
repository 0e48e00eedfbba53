package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import org.junit.jupiter.api.Test;

/** The distributions, ours and those of Commons Statistics, compared with SciPy's. */
class DistributionsTest {

  private static final double TIGHT = 1e-10;

  private final JsonNode scipy =
      Golden.resource(DistributionsTest.class, "agreement.json").path("distributions");

  /** A function of the arguments of a row; its value is the last number of the row. */
  private interface Function {
    double at(double[] x);
  }

  private void agree(String name, Function ours, double relative, double floor) {
    JsonNode rows = scipy.path(name);
    assertThat(rows).as(name).isNotEmpty();
    for (JsonNode row : rows) {
      double[] x = Golden.doubles(row);
      double expected = x[x.length - 1];
      // Next to a median the distribution itself has no more than this.
      assertThat(ours.at(x))
          .as(name + row)
          .isCloseTo(expected, within(Math.max(relative * Math.abs(expected), floor)));
    }
  }

  @Test
  void the_normal_distribution_keeps_its_digits_far_out_in_the_tail() {
    agree("normalTail", x -> Distributions.NORMAL.survivalProbability(x[0]), TIGHT, 0);
    agree("normalQuantile", x -> Distributions.normalQuantile(x[0]), TIGHT, 0);
  }

  @Test
  void the_t_distribution_keeps_its_digits_far_out_in_the_tail() {
    agree("tTail", x -> Distributions.tTail(x[0], x[1]), TIGHT, 0);
    agree("tQuantile", x -> Distributions.tQuantile(x[0], x[1]), TIGHT, 1e-12);
  }

  @Test
  void the_F_distribution_takes_degrees_of_freedom_that_are_no_whole_numbers() {
    agree("fTail", x -> Distributions.fTail(x[0], x[1], x[2]), TIGHT, 0);
    agree("fQuantile", x -> Distributions.fQuantile(x[0], x[1], x[2]), TIGHT, 0);
  }

  @Test
  void the_noncentral_t_distribution_is_good_to_eight_digits() {
    agree("noncentralTQuantile", x -> NoncentralT.quantileOfUpperTail(x[0], x[1], x[2]), 1e-8, 0);
  }

  @Test
  void the_ends_of_the_distributions_are_exact() {
    assertThat(Distributions.normalQuantile(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Distributions.normalQuantile(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Distributions.normalQuantile(0.5)).isZero();
    assertThat(Distributions.tTail(Double.POSITIVE_INFINITY, 3)).isZero();
    assertThat(Distributions.tTail(Double.NEGATIVE_INFINITY, 3)).isEqualTo(1);
    assertThat(Distributions.fTail(0, 2, 3)).isEqualTo(1);
    assertThat(Distributions.fTail(Double.POSITIVE_INFINITY, 2, 3)).isZero();
    assertThat(Distributions.fTail(Double.NaN, 2, 3)).isNaN();
  }
}
