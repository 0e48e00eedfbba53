package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BlandAltmanTest {

  private static BlandAltman of(double[] reference, double[] method) {
    return BlandAltman.of(PairedSample.of(reference, method), 0.95);
  }

  @Test
  void limits_are_bias_plus_and_minus_196_sd() {
    // Differences 1, 2, 3: mean 2, SD 1.
    BlandAltman ours = of(new double[] {10, 20, 30}, new double[] {11, 22, 33});

    assertThat(ours.n()).isEqualTo(3);
    assertThat(ours.bias()).isEqualTo(2);
    assertThat(ours.sd()).isEqualTo(1);
    assertThat(ours.limits().low()).isCloseTo(2 - 1.959963984540054, within(1e-12));
    assertThat(ours.limits().high()).isCloseTo(2 + 1.959963984540054, within(1e-12));
    assertThat(ours.populationLimits().high())
        .isCloseTo(2 + 1.96 * Math.sqrt(2 / 3.0), within(1e-12));
  }

  @Test
  void an_exact_interval_of_a_limit_reaches_further_out_than_in() {
    BlandAltman ours = of(new double[] {10, 20, 30, 40}, new double[] {11, 22, 33, 39});

    double limit = ours.limits().high();
    Interval interval = ours.upperLimitInterval();
    assertThat(interval.contains(limit)).isTrue();
    assertThat(interval.high() - limit).isGreaterThan(limit - interval.low());
    // The lower limit is its mirror image.
    assertThat(ours.lowerLimitInterval().low())
        .isCloseTo(2 * ours.bias() - interval.high(), within(1e-12));
  }

  @Test
  void an_error_of_ten_percent_is_found_as_a_slope() {
    BlandAltman ours = of(new double[] {100, 200, 300}, new double[] {110, 220, 330});

    // Differences 10, 20, 30 at the means 105, 210, 315.
    assertThat(ours.proportionalBias().slope()).isCloseTo(10 / 105.0, within(1e-15));
    assertThat(ours.proportionalBias().intercept()).isCloseTo(0, within(1e-12));
    assertThat(ours.proportionalBias().p()).isLessThan(1e-6);
  }

  @Test
  void without_spread_everything_lies_on_the_bias() {
    BlandAltman ours = of(new double[] {1, 2, 3}, new double[] {3, 4, 5});

    assertThat(ours.limits()).isEqualTo(new Interval(2, 2));
    assertThat(ours.biasInterval()).isEqualTo(new Interval(2, 2));
    assertThat(ours.upperLimitInterval()).isEqualTo(new Interval(2, 2));
    assertThat(ours.proportionalBias().slope()).isZero();
    assertThat(ours.proportionalBias().p()).isEqualTo(1);
  }

  @Test
  void two_rows_have_a_bias_and_no_limits() {
    BlandAltman ours = of(new double[] {1, 2}, new double[] {2, 4});

    assertThat(ours.bias()).isEqualTo(1.5);
    assertThat(ours.limits()).isEqualTo(Interval.UNDEFINED);
    assertThat(ours.upperLimitInterval()).isEqualTo(Interval.UNDEFINED);
    assertThat(ours.proportionalBias().slope()).isNaN();
  }

  @Test
  void equal_means_have_no_slope() {
    assertThat(of(new double[] {1, 2, 3}, new double[] {3, 2, 1}).proportionalBias().slope())
        .isNaN();
  }
}
