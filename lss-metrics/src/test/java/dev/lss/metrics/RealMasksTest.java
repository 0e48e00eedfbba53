package dev.lss.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Twenty pairs out of real label maps that surface-distance, MONAI and others compared too. */
class RealMasksTest {

  private static final JsonNode ORACLES = Golden.resource(RealMasksTest.class, "real-masks.json");

  static List<RealMasks> pairs() {
    return RealMasks.all();
  }

  @Test
  void there_is_an_oracle_for_each_of_twenty_pairs() {
    assertThat(pairs()).hasSize(20);
    assertThat(ORACLES).hasSize(20);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void other_programs_give_the_same(RealMasks masks) {
    JsonNode oracle =
        StreamSupport.stream(ORACLES.spliterator(), false)
            .filter(o -> o.path("name").asText().equals(masks.name()))
            .findFirst()
            .orElseThrow();

    OtherPrograms.agree(oracle, masks.reference(), masks.prediction());
  }
}
