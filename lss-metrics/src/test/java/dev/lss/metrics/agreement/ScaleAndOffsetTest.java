package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no unit and no common part of all values may change. Values are whole multiples of 2^-16, so
 * that 1e9 is added to them without rounding.
 */
class ScaleAndOffsetTest {

  private static final double UNIT = Math.scalb(1.0, -16);

  /** Twenty rows whose method is off by a little more at larger values. */
  private static double[][] columns(double offset, double factor) {
    Random random = new Random(5);
    double[][] columns = new double[3][20];
    for (int n = 0; n < 20; n++) {
      double reference = 40 + 20 * random.nextGaussian();
      double[] row = {
        reference,
        1.02 * reference + 3 * random.nextGaussian(),
        reference + 1 + 2 * random.nextGaussian()
      };
      for (int k = 0; k < 3; k++) {
        columns[k][n] = (UNIT * Math.rint(row[k] / UNIT) + offset) * factor;
      }
    }
    return columns;
  }

  private static PairedSample sample(double[][] columns) {
    return PairedSample.of(columns[0], columns[1]);
  }

  /** Everything that neither a unit nor an offset changes. */
  private static double[] ratios(double[][] columns) {
    PairedSample sample = sample(columns);
    Ratings ratings = Ratings.ofColumns(columns);
    WilcoxonSignedRank ranks = WilcoxonSignedRank.of(sample);
    ProportionalBias line = BlandAltman.of(sample, 0.95).proportionalBias();
    return Stream.of(
            Arrays.stream(IccForm.values())
                .map(form -> Icc.of(ratings, form, 0.95))
                .flatMap(
                    i ->
                        Stream.of(
                            i.estimate(), i.interval().low(), i.interval().high(), i.f(), i.p())),
            Stream.of(Correlation.pearson(sample, 0.95), Correlation.spearman(sample))
                .flatMap(c -> Stream.of(c.coefficient(), c.p())),
            Stream.of(line.slope(), line.slopeSe(), line.slopeInterval().low(), line.p()),
            Stream.of(ranks.positiveRanks(), ranks.pExact(), ranks.pNormal()))
        .flatMap(s -> s)
        .mapToDouble(x -> x)
        .toArray();
  }

  /** Everything in the unit of the data that an offset does not change. */
  private static double[] sizes(double[][] columns, double margin) {
    BlandAltman limits = BlandAltman.of(sample(columns), 0.95);
    PairedTost tost = PairedTost.ofMargin(sample(columns), margin, 0.05);
    return new double[] {
      limits.bias(),
      limits.sd(),
      limits.limits().low(),
      limits.biasInterval().high(),
      limits.lowerLimitInterval().low(),
      limits.upperLimitInterval().high(),
      tost.standardError(),
      tost.interval().low()
    };
  }

  private static void close(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int n = 0; n < actual.length; n++) {
      assertThat(actual[n])
          .as("figure %d", n)
          .isCloseTo(expected[n], within(1e-9 * Math.abs(expected[n])));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e6, 1e9, -1e9, 3e10})
  void a_large_common_part_costs_no_digits(double offset) {
    double[][] plain = columns(0, 1);
    double[][] shifted = columns(offset, 1);

    close(ratios(shifted), ratios(plain));
    close(sizes(shifted, 5), sizes(plain, 5));
    assertThat(sample(shifted).referenceMean() - offset)
        .isCloseTo(sample(plain).referenceMean(), within(1e-9 * Math.abs(offset)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1030, -900, -500, -60, 60, 266, 498, 900, 1015})
  void a_unit_changes_no_bit_whatever_its_size(int exponent) {
    double factor = Math.scalb(1.0, exponent);
    boolean rounded = exponent < -1000; // there doubles have fewer digits

    double[] expected = ratios(columns(0, 1));
    if (rounded) {
      assertThat(ratios(columns(0, factor))[0]).isCloseTo(expected[0], within(1e-4));
    } else {
      assertThat(ratios(columns(0, factor))).containsExactly(expected);
      double[] sizes = sizes(columns(0, 1), 5);
      assertThat(sizes(columns(0, factor), 5 * factor))
          .containsExactly(Arrays.stream(sizes).map(s -> s * factor).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e150, 1e-150, 2.54, 0.001})
  void units_that_are_no_power_of_two_change_the_last_digits_alone(double factor) {
    close(ratios(columns(0, factor)), ratios(columns(0, 1)));
    double[] sizes = sizes(columns(0, 1), 5);
    close(
        sizes(columns(0, factor), 5 * factor), Arrays.stream(sizes).map(s -> s * factor).toArray());
  }

  @Test
  void columns_of_very_different_size_have_their_correlation() {
    double[][] columns = columns(0, 1);
    double[] tiny = Arrays.stream(columns[1]).map(x -> x * Math.scalb(1.0, -700)).toArray();

    Correlation ours = Correlation.pearson(PairedSample.of(columns[0], tiny), 0.95);

    assertThat(ours).isEqualTo(Correlation.pearson(sample(columns), 0.95));
  }

  static Stream<double[]> constants() {
    return Stream.of(0.1, 3.1, 1e-300, 1e308, -7.7, 1 / 3.0)
        .flatMap(x -> Stream.of(3, 10, 28, 331).map(n -> new double[] {x, n}));
  }

  /** A mean of equal decimals may be off by a digit, which is no spread. */
  @ParameterizedTest
  @MethodSource("constants")
  void a_constant_column_has_no_spread_whatever_its_value_and_length(double[] valueAndLength) {
    double[] constant = new double[(int) valueAndLength[1]];
    Arrays.fill(constant, valueAndLength[0]);
    double[] other = new double[constant.length];
    Arrays.fill(other, valueAndLength[0] * 0.7);
    PairedSample both = PairedSample.of(constant, other);
    double[] varying = constant.clone();
    varying[1] *= 0.5;
    PairedSample one = PairedSample.of(constant, varying);

    for (PairedSample sample : List.of(both, one)) {
      assertThat(Correlation.pearson(sample, 0.95).coefficient()).isNaN();
      assertThat(Correlation.pearson(sample, 0.95).p()).isNaN();
      assertThat(Correlation.spearman(sample).coefficient()).isNaN();
      assertThat(LinConcordance.of(sample, 0.95).pearson()).isNaN();
      assertThat(LinConcordance.of(sample, 0.95).estimate()).isZero();
    }
    BlandAltman limits = BlandAltman.of(both, 0.95);
    assertThat(limits.sd()).isZero();
    assertThat(limits.bias()).isEqualTo(other[0] - constant[0]);
    assertThat(limits.proportionalBias().slope()).isNaN();
    assertThat(Icc.of(both.ratings(), IccForm.ICC_3_1, 0.95).estimate()).isNaN();
    assertThat(both.referenceMean()).isEqualTo(constant[0]);
    assertThat(PairedTost.ofMargin(both, Math.abs(constant[0]), 0.05).p()).isZero();
  }

  @Test
  void differences_of_equal_decimals_are_no_residual() {
    // 2.1 - 1.1 and 3.3 - 2.3 differ in the last binary digit.
    double[] reference = {1.1, 2.3, 4.7, 0.4};
    double[] method = {2.1, 3.3, 5.7, 1.4};

    Icc icc = Icc.of(Ratings.ofColumns(reference, method), IccForm.ICC_3_1, 0.95);

    assertThat(icc.estimate()).isEqualTo(1);
    assertThat(icc.f()).isInfinite();
  }

  @Test
  void an_agreement_of_almost_one_keeps_the_digits_of_what_is_missing() {
    // Differences 1e-7 and -1e-7: F is 2 SD² / (1e-14), and not infinite.
    double[] reference = {1, 2, 3, 4};
    double[] method = {1 + 1e-7, 2 - 1e-7, 3 - 1e-7, 4 + 1e-7};

    Icc icc = Icc.of(Ratings.ofColumns(reference, method), IccForm.ICC_3_1, 0.95);
    LinConcordance lin = LinConcordance.of(PairedSample.of(reference, method), 0.95);

    // MSR is 2 · 5/3, MSE is 4 · 1e-14 / 2 / 3.
    assertThat(icc.f()).isCloseTo(5e14, within(1e7));
    assertThat(icc.p()).isBetween(1e-24, 1e-20);
    assertThat(1 - lin.interval().low()).isBetween(1e-15, 1e-12);
    assertThat(Correlation.pearson(PairedSample.of(reference, method), 0.95).p())
        .isBetween(1e-16, 1e-13);
  }
}
