package dev.lss.core.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhantomParametersTest {

  @ParameterizedTest
  @EnumSource(PhantomParameter.class)
  void random_values_fill_their_range(PhantomParameter parameter) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int seed = 0; seed < 200; seed++) {
      double value = PhantomParameters.random(seed).get(parameter);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }

    double tenth = (parameter.high() - parameter.low()) / 10;
    assertThat(low).isBetween(parameter.low(), parameter.low() + tenth);
    assertThat(high).isBetween(parameter.high() - tenth, parameter.high());
  }

  @Test
  void one_seed_gives_one_person() {
    assertThat(PhantomParameters.random(5)).isEqualTo(PhantomParameters.random(5));
    assertThat(PhantomParameters.random(5)).isNotEqualTo(PhantomParameters.random(6));
  }

  @Test
  void the_middle_person_has_the_middle_of_each_range() {
    assertThat(PhantomParameters.middle().get(PhantomParameter.DISC_MM)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(doubles = {5.9, 12.1, Double.NaN})
  void a_value_outside_its_range_is_refused_with_the_range(double disc) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhantomParameters.middle().with(PhantomParameter.DISC_MM, disc))
        .withMessage("DISC_MM must lie in [6.0, 12.0], was " + disc);
  }

  @Test
  void noise_may_be_switched_off() {
    assertThat(
            PhantomParameters.middle()
                .with(PhantomParameter.NOISE_HU, 0)
                .get(PhantomParameter.NOISE_HU))
        .isZero();
  }

  @Test
  void a_missing_value_is_refused_by_name() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PhantomParameters(Map.of()))
        .withMessage("BODY_HALF_WIDTH_MM is missing");
  }
}
