package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RatingsTest {

  private static final double NONE = Double.NaN;

  @Test
  void a_row_with_a_missing_value_is_left_out_and_counted() {
    PairedSample sample =
        PairedSample.of(new double[] {1, NONE, 3, 4}, new double[] {2, 5, NONE, 6});

    assertThat(sample.n()).isEqualTo(2);
    assertThat(sample.dropped()).isEqualTo(2);
    assertThat(sample.reference(1)).isEqualTo(4);
    assertThat(sample.method(1)).isEqualTo(6);
    assertThat(sample.ratings().subjects()).isEqualTo(2);
  }

  @Test
  void differences_are_method_minus_reference() {
    PairedSample sample = PairedSample.of(new double[] {1, 4}, new double[] {2, 6});

    assertThat(sample.differences()).containsExactly(1, 2);
    assertThat(sample.means()).containsExactly(1.5, 5);
    assertThat(sample.referenceMean()).isEqualTo(2.5);
    assertThat(sample.methodMean()).isEqualTo(4);
  }

  @Test
  void logarithms_make_differences_the_logarithms_of_ratios() {
    PairedSample sample = PairedSample.of(new double[] {1, 4}, new double[] {2, 2});

    assertThat(sample.logarithms().differences()).containsExactly(Math.log(2), -Math.log(2));
  }

  @Test
  void logarithms_of_what_is_not_positive_are_refused() {
    PairedSample sample = PairedSample.of(new double[] {1, 0}, new double[] {2, 2});

    assertThatIllegalArgumentException()
        .isThrownBy(sample::logarithms)
        .withMessage("ratios need positive values, found 0.0");
  }

  @Test
  void columns_of_different_length_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.ofColumns(new double[] {1, 2, 3}, new double[] {1, 2}))
        .withMessage("all raters need 3 values, one has 2");
  }

  @Test
  void one_rater_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.ofColumns(new double[] {1, 2, 3}))
        .withMessage("agreement needs two raters, found 1");
  }

  @Test
  void one_complete_row_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratings.ofColumns(new double[] {1, NONE}, new double[] {1, 2}))
        .withMessage("agreement needs two complete rows, found 1");
  }

  @Test
  void an_infinite_value_is_refused_with_its_row() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Ratings.ofColumns(
                    new double[] {1, 2, Double.NEGATIVE_INFINITY}, new double[] {1, 2, 3}))
        .withMessage("row 3 holds an infinite value");
  }
}
