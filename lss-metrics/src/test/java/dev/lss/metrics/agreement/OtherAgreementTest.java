package dev.lss.metrics.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.metrics.Golden;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published and random tables, with the answers of pingouin and SciPy. */
class OtherAgreementTest {

  private static final JsonNode ORACLE =
      Golden.resource(OtherAgreementTest.class, "agreement.json");

  @Test
  void the_table_of_shrout_and_fleiss_gives_what_they_printed_in_1979() {
    Ratings ratings = OtherAgreement.ratings(ORACLE.at("/shroutFleiss/ratings"));

    List<String> printed =
        Stream.of(IccForm.values())
            .map(form -> "%.2f".formatted(Icc.of(ratings, form, 0.95).estimate()))
            .toList();

    assertThat(printed).containsExactly("0.17", "0.29", "0.71", "0.44", "0.62", "0.91");
    OtherAgreement.agreeWithPingouin(ratings, ORACLE.at("/shroutFleiss/icc"));
  }

  @Test
  void the_peak_flows_of_bland_and_altman_give_what_they_printed_in_1986() {
    PairedSample sample = OtherAgreement.firstTwo(ORACLE.at("/peakFlow/ratings"));

    BlandAltman ours = BlandAltman.of(sample, 0.95);

    // They took the large meter minus the mini one, so all signs are turned.
    assertThat("%.1f".formatted(-ours.bias())).isEqualTo("-2.1");
    assertThat("%.1f".formatted(ours.sd())).isEqualTo("38.8");
    // Their limits, -79.7 and 75.5, are two SD away and were computed from the rounded figures.
    assertThat(-ours.bias() - 2 * ours.sd()).isCloseTo(-79.7, within(0.1));
    assertThat(-ours.bias() + 2 * ours.sd()).isCloseTo(75.5, within(0.1));
    OtherAgreement.agreeWithPingouin(sample.ratings(), ORACLE.at("/peakFlow/icc"));
    OtherAgreement.agreeOnPairs(sample, ORACLE.path("peakFlow"));
  }

  static Stream<Integer> tables() {
    return IntStream.range(0, ORACLE.path("tables").size()).boxed();
  }

  @Test
  void there_are_40_tables_of_two_to_five_raters() {
    assertThat(tables()).hasSize(40);
    assertThat(ORACLE.path("tables"))
        .allSatisfy(table -> assertThat(table.at("/ratings/0").size()).isBetween(2, 5));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void pingouin_and_scipy_find_the_same_in_a_random_table(int number) {
    JsonNode table = ORACLE.path("tables").get(number);

    OtherAgreement.agreeWithPingouin(
        OtherAgreement.ratings(table.path("ratings")), table.path("icc"));
    OtherAgreement.agreeOnPairs(OtherAgreement.firstTwo(table.path("ratings")), table);
  }
}
