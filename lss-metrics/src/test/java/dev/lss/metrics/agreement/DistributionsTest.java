package dev.lss.metrics.agreement;

import static dev.lss.metrics.Golden.close;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import org.junit.jupiter.api.Test;

/** The distributions that are written here, compared with SciPy's. */
class DistributionsTest {

  private static final double TIGHT = 1e-10;

  private final JsonNode scipy =
      Golden.resource(DistributionsTest.class, "agreement.json").path("distributions");

  /** A function of the arguments of a row; its value is the last number of the row. */
  private interface Function {
    double at(double[] x);
  }

  private void agree(String name, Function ours, double relative) {
    JsonNode rows = scipy.path(name);
    assertThat(rows).as(name).isNotEmpty();
    for (JsonNode row : rows) {
      double[] x = Golden.doubles(row);
      double expected = x[x.length - 1];
      close(ours.at(x), expected, relative, name + row);
    }
  }

  @Test
  void the_normal_distribution_keeps_its_digits_far_out_in_the_tail() {
    agree("normalTail", x -> Normal.upperTail(x[0]), TIGHT);
    agree("normalQuantile", x -> Normal.quantileOfUpperTail(x[0]), TIGHT);
  }

  @Test
  void the_t_distribution_keeps_its_digits_far_out_in_the_tail() {
    agree("tTail", x -> StudentT.upperTail(x[0], x[1]), TIGHT);
    agree("tQuantile", x -> StudentT.quantileOfUpperTail(x[0], x[1]), TIGHT);
  }

  @Test
  void the_F_distribution_takes_degrees_of_freedom_that_are_no_whole_numbers() {
    agree("fTail", x -> FisherF.upperTail(x[0], x[1], x[2]), TIGHT);
    agree("fQuantile", x -> FisherF.quantileOfUpperTail(x[0], x[1], x[2]), TIGHT);
  }

  @Test
  void the_noncentral_t_distribution_is_good_to_eight_digits() {
    agree("noncentralTQuantile", x -> NoncentralT.quantileOfUpperTail(x[0], x[1], x[2]), 1e-8);
  }

  @Test
  void the_functions_below_them_are_those_of_scipy() {
    agree("beta", x -> Beta.regularized(x[0], 1 - x[0], x[1], x[2]), TIGHT);
    agree("logGamma", x -> Gamma.log(x[0]), 1e-13);
  }

  @Test
  void the_ends_of_the_distributions_are_exact() {
    assertThat(Normal.quantileOfUpperTail(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Normal.quantileOfUpperTail(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Normal.quantileOfUpperTail(0.5)).isZero();
    assertThat(StudentT.upperTail(Double.POSITIVE_INFINITY, 3)).isZero();
    assertThat(StudentT.upperTail(Double.NEGATIVE_INFINITY, 3)).isEqualTo(1);
    assertThat(FisherF.upperTail(0, 2, 3)).isEqualTo(1);
    assertThat(FisherF.upperTail(Double.POSITIVE_INFINITY, 2, 3)).isZero();
    assertThat(FisherF.upperTail(Double.NaN, 2, 3)).isNaN();
  }
}
