package dev.lss.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 200 pairs of masks that surface-distance, MONAI and scikit-image compared too. */
class RandomMasksTest {

  private static final JsonNode ORACLES =
      Golden.resource(RandomMasksTest.class, "random-masks.json");

  static IntStream pairs() {
    return IntStream.range(0, RandomMasks.PAIRS);
  }

  @Test
  void there_is_an_oracle_for_each_pair() {
    assertThat(ORACLES).hasSize(RandomMasks.PAIRS);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void other_programs_give_the_same(int number) {
    RandomMasks masks = RandomMasks.pair(number);

    OtherPrograms.agree(ORACLES.get(number), masks.reference(), masks.prediction());
  }
}
