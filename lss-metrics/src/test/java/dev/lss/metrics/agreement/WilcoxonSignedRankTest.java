package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WilcoxonSignedRankTest {

  private static WilcoxonSignedRank of(double... differences) {
    return WilcoxonSignedRank.of(PairedSample.of(new double[differences.length], differences));
  }

  @Test
  void five_differences_of_one_sign_have_two_chances_in_32() {
    WilcoxonSignedRank test = of(1, 2, 3, 4, 5);

    assertThat(test.positiveRanks()).isEqualTo(15);
    assertThat(test.negativeRanks()).isZero();
    assertThat(test.pExact()).isEqualTo(2 / 32.0);
    assertThat(test.p()).isEqualTo(test.pExact());
  }

  @Test
  void zeros_are_left_out_and_counted_and_ties_share_their_rank() {
    WilcoxonSignedRank test = of(1, 1, -1, 2, 0, 3, 3, -2, 0, 5);

    assertThat(test.nonZero()).isEqualTo(8);
    assertThat(test.zeros()).isEqualTo(2);
    assertThat(test.positiveRanks()).isEqualTo(29.5);
    assertThat(test.negativeRanks()).isEqualTo(6.5);
    assertThat(test.pExact()).isEqualTo(0.140625);
  }

  @Test
  void no_difference_at_all_is_no_evidence() {
    WilcoxonSignedRank test = of(0, 0, 0);

    assertThat(test.nonZero()).isZero();
    assertThat(test.pExact()).isEqualTo(1);
    assertThat(test.pNormal()).isEqualTo(1);
  }

  @Test
  void beyond_50_differences_the_normal_approximation_is_used() {
    double[] differences = new double[51];
    for (int n = 0; n < differences.length; n++) {
      differences[n] = n % 3 == 0 ? -n - 1 : n + 1;
    }
    WilcoxonSignedRank test = of(differences);

    assertThat(test.pExact()).isNaN();
    assertThat(test.p()).isEqualTo(test.pNormal());
  }

  @Test
  void the_sums_of_ranks_do_not_overflow() {
    double[] differences = new double[100_000];
    for (int n = 0; n < differences.length; n++) {
      differences[n] = n % 2 == 0 ? n + 1 : -n - 1;
    }
    WilcoxonSignedRank test = of(differences);

    assertThat(test.positiveRanks() + test.negativeRanks()).isEqualTo(100_000 * 100_001.0 / 2);
    // Negative ranks win by one each: z = 25000 / 9128943.
    assertThat(test.p()).isCloseTo(0.99781, within(1e-5));
  }
}
