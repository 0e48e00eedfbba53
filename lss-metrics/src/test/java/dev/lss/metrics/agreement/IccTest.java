package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IccTest {

  private static final double[] REFERENCE = {1, 2.5, 4, 7, 3};
  private static final double[] ONE_MORE = {2, 3.5, 5, 8, 4};

  private static Icc icc(IccForm form, double[]... raters) {
    return Icc.of(Ratings.ofColumns(raters), form, 0.95);
  }

  @ParameterizedTest
  @EnumSource
  void raters_who_always_agree_have_an_icc_of_exactly_1(IccForm form) {
    Icc icc = icc(form, REFERENCE, REFERENCE);

    assertThat(icc.estimate()).isEqualTo(1);
    assertThat(icc.interval()).isEqualTo(new Interval(1, 1));
    assertThat(icc.f()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(icc.p()).isZero();
  }

  @Test
  void consistency_is_blind_to_an_offset_and_absolute_agreement_is_not() {
    assertThat(icc(IccForm.ICC_3_1, REFERENCE, ONE_MORE).estimate()).isEqualTo(1);
    // MSR 10, MSC 2.5, MSE 0, MSW 0.5 of 5 subjects and 2 raters.
    assertThat(icc(IccForm.ICC_2_1, REFERENCE, ONE_MORE).estimate())
        .isCloseTo(10 / (10 + 2 * 2.5 / 5), within(1e-15));
    assertThat(icc(IccForm.ICC_1_1, REFERENCE, ONE_MORE).estimate())
        .isCloseTo(9.5 / 10.5, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void a_table_of_one_value_has_no_icc(IccForm form) {
    double[] same = {5, 5, 5};

    Icc icc = icc(form, same, same);

    assertThat(icc.estimate()).isNaN();
    assertThat(icc.interval()).isEqualTo(Interval.UNDEFINED);
    assertThat(icc.p()).isNaN();
  }

  @Test
  void subjects_that_do_not_differ_have_no_absolute_agreement_and_no_interval() {
    Icc icc = icc(IccForm.ICC_2_1, new double[] {5, 5, 5}, new double[] {6, 6, 6});

    assertThat(icc.estimate()).isZero();
    assertThat(icc.interval()).isEqualTo(Interval.UNDEFINED);
  }

  @Test
  void a_negative_estimate_is_not_clipped() {
    double[][] columns = {{1, 5, 2, 6}, {6, 2, 5, 1}, {3, 4, 6, 2}};

    assertThat(icc(IccForm.ICC_3_1, columns).estimate()).isCloseTo(-0.39766081871, within(1e-10));
    assertThat(icc(IccForm.ICC_1_K, columns).estimate()).isCloseTo(-4.14285714286, within(1e-10));
  }

  @Test
  void a_mean_of_raters_with_a_negative_denominator_has_no_icc() {
    double[][] columns = {{1, 5, 2, 6}, {6, 2, 5, 1}, {3, 4, 6, 2}};

    assertThat(icc(IccForm.ICC_2_K, columns).estimate()).isNaN();
    assertThat(icc(IccForm.ICC_2_K, columns).interval()).isEqualTo(Interval.UNDEFINED);
  }

  @Test
  void two_raters_who_contradict_each_other_on_two_subjects_have_no_absolute_agreement() {
    assertThat(icc(IccForm.ICC_2_1, new double[] {1, 2}, new double[] {2, 1}).estimate()).isNaN();
    assertThat(icc(IccForm.ICC_3_1, new double[] {1, 2}, new double[] {2, 1}).estimate())
        .isEqualTo(-1);
  }

  @Test
  void an_end_that_spearman_and_brown_cannot_carry_over_is_not_defined() {
    // Hardly more between subjects than between raters: the lower end of ICC(2,1) is below -1.
    double[] one = {1, 2, 3};
    double[] other = {2.2, 3.1, 1.4};

    assertThat(icc(IccForm.ICC_2_1, one, other).interval().low()).isLessThan(-1);
    assertThat(icc(IccForm.ICC_2_K, one, other).interval().low()).isNaN();
  }

  @Test
  void more_confidence_gives_a_wider_interval_around_the_same_estimate() {
    Ratings ratings = Ratings.ofColumns(REFERENCE, new double[] {1.2, 2, 4.4, 6.5, 3.3});
    Icc narrow = Icc.of(ratings, IccForm.ICC_2_1, 0.9);
    Icc wide = Icc.of(ratings, IccForm.ICC_2_1, 0.99);

    assertThat(wide.estimate()).isEqualTo(narrow.estimate());
    assertThat(wide.interval().low()).isLessThan(narrow.interval().low());
    assertThat(wide.interval().high()).isGreaterThan(narrow.interval().high());
    assertThat(narrow.interval().contains(narrow.estimate())).isTrue();
  }

  @Test
  void no_table_of_small_numbers_is_too_odd() {
    Random random = new Random(11);
    for (int n = 0; n < 3000; n++) {
      int subjects = 2 + random.nextInt(3);
      double[][] columns = new double[2 + random.nextInt(3)][];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = random.ints(subjects, 0, 3).asDoubleStream().toArray();
      }
      for (IccForm form : IccForm.values()) {
        Icc icc = icc(form, columns);
        if (!Double.isNaN(icc.interval().low()) && !Double.isNaN(icc.interval().high())) {
          assertThat(icc.estimate())
              .as("%s", icc)
              .isBetween(icc.interval().low() - 1e-9, icc.interval().high() + 1e-9);
        }
        assertThat(icc.estimate() <= 1 || Double.isNaN(icc.estimate())).isTrue();
        assertThat((icc.p() >= 0 && icc.p() <= 1) || Double.isNaN(icc.f())).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, 95, Double.NaN})
  void a_confidence_outside_0_to_1_is_refused(double confidence) {
    Ratings ratings = Ratings.ofColumns(REFERENCE, ONE_MORE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Icc.of(ratings, IccForm.ICC_1_1, confidence))
        .withMessage("confidence must lie in (0, 1), was " + confidence);
  }
}
