package dev.lss.metrics.agreement;

import static dev.lss.metrics.Golden.close;
import static dev.lss.metrics.Golden.doubles;
import static dev.lss.metrics.Golden.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import dev.lss.metrics.agreement.ClusterBootstrap.Draws;
import dev.lss.metrics.agreement.ClusterBootstrap.Statistic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterBootstrapTest {

  private static final List<double[]> DICE =
      List.of(new double[] {0.9, 0.92}, new double[] {0.8}, new double[] {0.7, 0.72, 0.74});

  private static ClusterBootstrap of(List<double[]> subjects, Statistic statistic) {
    return ClusterBootstrap.of(subjects, statistic, Draws.STANDARD);
  }

  @ParameterizedTest
  @EnumSource
  void numpy_finds_the_same_intervals_with_the_same_draws(Statistic statistic) {
    JsonNode oracle =
        Golden.resource(ClusterBootstrapTest.class, "agreement.json").path("bootstrap");
    List<double[]> subjects = new ArrayList<>();
    oracle.path("subjects").forEach(cases -> subjects.add(doubles(cases)));
    Draws draws = new Draws(oracle.path("replicates").asInt(), oracle.path("seed").asLong());
    JsonNode expected = oracle.path(statistic.name());

    ClusterBootstrap ours = ClusterBootstrap.of(subjects, statistic, draws);

    close(ours.estimate(), value(expected.path("estimate")), 1e-12, "estimate");
    Interval percentile = ours.percentileInterval(0.95);
    close(percentile.low(), value(expected.at("/percentile/0")), 1e-9, "percentile, low");
    close(percentile.high(), value(expected.at("/percentile/1")), 1e-9, "percentile, high");
    Interval bca = ours.bcaInterval(0.95).orElseThrow();
    close(bca.low(), value(expected.at("/bca/0")), 1e-9, "BCa, low");
    close(bca.high(), value(expected.at("/bca/1")), 1e-9, "BCa, high");
  }

  @Test
  void the_generator_is_splitmix64() {
    SplitMix64 random = new SplitMix64(42);

    assertThat(Long.toUnsignedString(random.next())).isEqualTo("13679457532755275413");
    assertThat(Long.toUnsignedString(random.next())).isEqualTo("2949826092126892291");
  }

  @Test
  void indices_of_seed_42_are_known() {
    SplitMix64 random = new SplitMix64(42);
    int[] indices = new int[12];
    for (int n = 0; n < indices.length; n++) {
      indices[n] = random.index(12);
    }

    assertThat(indices).containsExactly(8, 1, 3, 4, 0, 10, 2, 9, 4, 7, 2, 5);
  }

  @Test
  void a_subject_with_more_cases_weighs_more_unless_subjects_are_averaged() {
    close(of(DICE, Statistic.MEAN_OF_CASES).estimate(), 4.78 / 6, 1e-15, "mean of cases");
    close(
        of(DICE, Statistic.MEAN_OF_SUBJECT_MEANS).estimate(),
        (0.91 + 0.8 + 0.72) / 3,
        1e-15,
        "mean of subjects");
  }

  @Test
  void equal_seeds_give_equal_intervals_and_another_seed_gives_others() {
    Interval first = of(DICE, Statistic.MEAN_OF_CASES).percentileInterval(0.9);
    Interval again = of(DICE, Statistic.MEAN_OF_CASES).percentileInterval(0.9);

    assertThat(again).isEqualTo(first);
    assertThat(
            ClusterBootstrap.of(DICE, Statistic.MEAN_OF_CASES, new Draws(50, 1))
                .percentileInterval(0.9))
        .isNotEqualTo(
            ClusterBootstrap.of(DICE, Statistic.MEAN_OF_CASES, new Draws(50, 2))
                .percentileInterval(0.9));
  }

  @Test
  void few_subjects_are_said_to_be_few() {
    ClusterBootstrap few = of(DICE, Statistic.MEAN_OF_CASES);

    assertThat(few.subjects()).isEqualTo(3);
    assertThat(few.hasFewSubjects()).isTrue();
  }

  @Test
  void one_subject_has_an_interval_of_one_point() {
    ClusterBootstrap one = of(List.of(new double[] {0.5, 0.25}), Statistic.MEAN_OF_CASES);

    assertThat(one.bcaInterval(0.95)).contains(new Interval(0.375, 0.375));
  }

  @Test
  void subjects_that_are_alike_have_an_interval_of_rounding_alone() {
    // Sums of 0.9 round, so the replicates differ in the last digit.
    ClusterBootstrap alike =
        of(
            List.of(new double[] {0.9}, new double[] {0.9, 0.9, 0.9}, new double[] {0.9, 0.9}),
            Statistic.MEAN_OF_CASES);

    assertThat(alike.bcaInterval(0.95).orElse(alike.percentileInterval(0.95)))
        .satisfies(
            interval -> {
              close(interval.low(), 0.9, 1e-14, "low");
              close(interval.high(), 0.9, 1e-14, "high");
            });
  }

  @Test
  void a_correction_that_is_infinite_is_not_made() {
    // Both replicates of this seed, 0.267 and 0.233, lie below the estimate of 0.433.
    ClusterBootstrap two =
        ClusterBootstrap.of(
            List.of(new double[] {0.2}, new double[] {0.8}, new double[] {0.3}),
            Statistic.MEAN_OF_CASES,
            new Draws(2, 9));

    assertThat(two.percentileInterval(0.95).contains(two.estimate())).isFalse();
    assertThat(two.bcaInterval(0.95)).isEmpty();
  }

  @Test
  void equivalence_counts_the_replicates_beyond_the_margin() {
    List<double[]> differences = List.of(new double[] {-1}, new double[] {3});

    // The mean of two draws is -1, 1 or 3; about a quarter of them is 3.
    double p = of(differences, Statistic.MEAN_OF_CASES).equivalenceP(2);

    assertThat(p).isBetween(0.2, 0.3);
    assertThat(of(differences, Statistic.MEAN_OF_CASES).equivalenceP(4)).isZero();
  }

  @Test
  void a_margin_that_is_not_positive_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(DICE, Statistic.MEAN_OF_CASES).equivalenceP(0))
        .withMessage("a margin must be positive, was 0.0");
  }

  @Test
  void no_subject_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(List.of(), Statistic.MEAN_OF_CASES))
        .withMessage("a bootstrap needs at least one subject");
  }

  @Test
  void a_subject_without_cases_or_with_an_undefined_one_is_refused_by_number() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(List.of(new double[] {1}, new double[0]), Statistic.MEAN_OF_CASES))
        .withMessage("subject 2 needs at least one case and finite values alone");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(List.of(new double[] {Double.NaN}), Statistic.MEAN_OF_CASES))
        .withMessage("subject 1 needs at least one case and finite values alone");
  }

  @Test
  void less_than_one_replicate_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Draws(0, 1))
        .withMessage("replicates must be at least 1, was 0");
  }
}
