package dev.lss.examples.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMatchTest {

  @ParameterizedTest
  @CsvSource({
    "C1, 1", "C7, 7", "T1, 8", "T10, 17", "T12, 19", "T13, 28", "L1, 20", "L5, 24", "L6, 25",
    "S1, 26"
  })
  void every_level_has_the_number_that_verse_gives_it(String level, int number) {
    LabelMatch match = LabelMatch.of("vertebra/" + level, List.of(1), List.of(1));

    assertThat(match.level()).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vertebra/L7",
        "vertebra/S2",
        "vertebra/T0",
        "vertebra/l1",
        "vertebra/L",
        "disc/L1"
      })
  void other_names_have_none(String name) {
    assertThat(LabelMatch.of(name, List.of(1), List.of(1)).level()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void what_is_no_label_is_refused(int label) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelMatch.of("x", Set.of(label), Set.of()));
  }

  @Test
  void several_labels_are_written_with_a_plus() {
    assertThat(LabelMatch.text(LabelMatch.of("x", Set.of(32, 31), Set.of()).reference()))
        .isEqualTo("31+32");
  }
}
