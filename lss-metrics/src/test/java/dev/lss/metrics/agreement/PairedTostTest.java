package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairedTostTest {

  /** The table in pingouin's documentation: differences 2, 1, -1, 4, 8, 7. */
  private static final PairedSample SMALL =
      PairedSample.of(new double[] {4, 7, 8, 6, 3, 2}, new double[] {6, 8, 7, 10, 11, 9});

  @Test
  void the_larger_of_two_one_sided_tests_decides() {
    PairedTost tost = PairedTost.ofMargin(SMALL, 0.5, 0.05);

    assertThat(tost.meanDifference()).isEqualTo(3.5);
    assertThat(tost.df()).isEqualTo(5);
    assertThat(tost.pLower()).isCloseTo(0.01913813447126918, within(1e-12));
    assertThat(tost.pUpper()).isCloseTo(0.9548543554335551, within(1e-12));
    assertThat(tost.p()).isEqualTo(tost.pUpper());
    assertThat(tost.equivalent()).isFalse();
  }

  @Test
  void equivalence_means_that_the_90_percent_interval_lies_inside_the_margin() {
    Random random = new Random(1);
    int equivalent = 0;
    for (int n = 0; n < 200; n++) {
      double[] reference = random.doubles(8, 40, 60).toArray();
      double[] method = random.doubles(8, 40, 60).toArray();
      double margin = 1 + 19 * random.nextDouble();
      PairedTost tost = PairedTost.ofMargin(PairedSample.of(reference, method), margin, 0.05);

      boolean inside = tost.interval().low() > -margin && tost.interval().high() < margin;
      assertThat(tost.equivalent()).isEqualTo(inside);
      equivalent += inside ? 1 : 0;
    }
    assertThat(equivalent).isBetween(20, 180);
  }

  @Test
  void a_relative_margin_is_a_share_of_the_mean_of_the_reference_and_not_of_the_method() {
    assertThat(PairedTost.ofRelativeMargin(SMALL, 0.2, 0.05).marginAbsolute())
        .isCloseTo(0.2 * 5, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0, true", "1, 1, false", "1.5, 1, false"})
  void without_spread_the_mean_itself_decides(double offset, double p, boolean equivalent) {
    PairedSample sample =
        PairedSample.of(new double[] {1, 2, 4}, new double[] {1 + offset, 2 + offset, 4 + offset});

    PairedTost tost = PairedTost.ofMargin(sample, 1, 0.05);

    assertThat(tost.p()).isEqualTo(p);
    assertThat(tost.equivalent()).isEqualTo(equivalent);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_margin_that_is_not_positive_is_refused(double margin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedTost.ofMargin(SMALL, margin, 0.05))
        .withMessage("a margin must be positive, was " + margin);
  }

  @Test
  void a_relative_margin_of_a_mean_of_0_is_refused() {
    PairedSample sample = PairedSample.of(new double[] {-1, 1}, new double[] {1, 2});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedTost.ofRelativeMargin(sample, 0.05, 0.05))
        .withMessage("a margin must be positive, was 0.0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, Double.NaN})
  void an_alpha_outside_0_to_one_half_is_refused(double alpha) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PairedTost.ofMargin(SMALL, 1, alpha))
        .withMessage("alpha must lie in (0, 0.5), was " + alpha);
  }
}
