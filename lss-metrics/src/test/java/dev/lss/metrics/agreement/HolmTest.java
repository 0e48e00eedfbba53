package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {

  @Test
  void the_smallest_is_multiplied_by_their_number_and_the_next_by_one_less() {
    assertThat(Holm.adjusted(new double[] {0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
  }

  @Test
  void none_is_above_1_and_a_missing_test_does_not_count() {
    assertThat(Holm.adjusted(new double[] {0.6, Double.NaN, 0.7}))
        .containsExactly(1, Double.NaN, 1);
    assertThat(Holm.adjusted(new double[0])).isEmpty();
  }
}
