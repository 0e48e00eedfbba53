package dev.lss.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void what_is_not_finite_is_left_out_of_the_mean_and_counted() {
    Summary s = Summary.of(List.of(4.0, Double.NaN, 1.0, Double.POSITIVE_INFINITY, 2.0, 3.0));

    assertThat(s.n()).isEqualTo(6);
    assertThat(s.undefined()).isEqualTo(1);
    assertThat(s.infinite()).isEqualTo(1);
    assertThat(s.mean()).isEqualTo(2.5);
    assertThat(s.sd()).isCloseTo(Math.sqrt(5 / 3.0), within(1e-15));
    assertThat(s.minimum()).isEqualTo(1);
    assertThat(s.lowerQuartile()).isEqualTo(1.75);
    assertThat(s.median()).isEqualTo(2.5);
    assertThat(s.upperQuartile()).isEqualTo(3.25);
    assertThat(s.maximum()).isEqualTo(4);
  }

  @Test
  void nothing_has_no_mean() {
    assertThat(Summary.of(List.of()).mean()).isNaN();
    assertThat(Summary.of(List.of(Double.NaN)).median()).isNaN();
    assertThat(Summary.of(List.of(3.0)).sd()).isNaN();
  }

  @Test
  void for_a_ranking_an_infinite_distance_costs_the_worst_value_and_is_still_counted() {
    Summary s = Summary.ofRanking(List.of(1.0, Double.POSITIVE_INFINITY, Double.NaN), 99);

    assertThat(s.mean()).isEqualTo(50);
    assertThat(s.maximum()).isEqualTo(99);
    assertThat(s.infinite()).isEqualTo(1);
    assertThat(s.undefined()).isEqualTo(1);
  }

  @Test
  void a_quantile_is_linear_between_its_neighbours() {
    double[] values = {1, 2, 4};

    assertThat(Quantiles.ofSorted(values, 0)).isEqualTo(1);
    assertThat(Quantiles.ofSorted(values, 0.25)).isEqualTo(1.5);
    assertThat(Quantiles.ofSorted(values, 0.75)).isEqualTo(3);
    assertThat(Quantiles.ofSorted(values, 1)).isEqualTo(4);
    assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.ofSorted(values, 1.5));
  }
}
