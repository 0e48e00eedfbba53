package dev.lss.api.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.anatomy.Structure.Other;
import dev.lss.api.anatomy.Structure.Vertebra;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureTest {

  /** DICOM CID 7603; a change here is a change of what every file says. */
  private static final Map<String, String> FROZEN =
      Map.of(
          "T12", "23215003",
          "L1", "66794005",
          "L2", "14293000",
          "L3", "36470004",
          "L4", "11994002",
          "L5", "49668003");

  @ParameterizedTest
  @EnumSource(VertebraLevel.class)
  void a_vertebra_is_read_back_from_its_key(VertebraLevel level) {
    Structure vertebra = new Vertebra(level);

    assertThat(vertebra.key()).isEqualTo("vertebra/" + level);
    assertThat(Structure.parse(vertebra.key())).isEqualTo(vertebra);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heatmap/any", "vertebra", "vertebra/", "vertebra/L7", "Vertebra/L1"})
  void a_key_that_no_type_claims_is_kept_as_it_is(String key) {
    assertThat(Structure.parse(key)).isEqualTo(new Other(key));
    assertThat(new Other(key).key()).isEqualTo(key);
    assertThat(new Other(key).code()).isEmpty();
  }

  @Test
  void a_key_of_another_type_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Other("vertebra/L3"))
        .withMessage("vertebra/L3 has a type of its own: use Structure.parse");
  }

  @Test
  void a_blank_key_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Structure.parse(" "))
        .withMessage("a structure key must not be blank");
  }

  @Test
  void the_levels_carry_the_frozen_codes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (VertebraLevel level : VertebraLevel.values()) {
      level.code().ifPresent(code -> codes.put(level.name(), code.value()));
    }

    assertThat(codes).isEqualTo(FROZEN);
  }

  @Test
  void every_code_ends_in_its_check_digit() {
    for (VertebraLevel level : VertebraLevel.values()) {
      level
          .code()
          .ifPresent(
              code -> {
                assertThat(code.scheme()).isEqualTo("SCT");
                assertThat(verhoeff(code.value())).as("%s %s", level, code.value()).isTrue();
              });
    }
  }

  @Test
  void the_check_digit_finds_a_wrong_code() {
    assertThat(verhoeff("2363")).as("Verhoeff's example: 236 has the digit 3").isTrue();
    assertThat(verhoeff("47560002")).as("a code for quadratus lumborum in circulation").isFalse();
    assertThat(verhoeff("66794050")).as("two digits of L1 swapped").isFalse();
  }

  /** The dihedral check of SNOMED CT identifiers (Verhoeff 1969), made from its group. */
  private static boolean verhoeff(String digits) {
    int[] permutation = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    int check = 0;
    for (int n = 0; n < digits.length(); n++) {
      int digit = digits.charAt(digits.length() - 1 - n) - '0';
      for (int times = 0; times < n % 8; times++) {
        digit = permutation[digit];
      }
      check = multiply(check, digit);
    }
    return check == 0;
  }

  /** The group of the pentagon: 0 to 4 are turns, 5 to 9 are turns of the flipped pentagon. */
  private static int multiply(int a, int b) {
    if (a < 5) {
      return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    }
    return b < 5 ? 5 + Math.floorMod(a - b, 5) : Math.floorMod(a - b, 5);
  }

  @Test
  void meanings_are_written_out() {
    assertThat(VertebraLevel.L3.code())
        .contains(new CodedConcept("SCT", "36470004", "Third lumbar vertebra"));
    assertThat(VertebraLevel.T12.code().orElseThrow().meaning())
        .isEqualTo("Twelfth thoracic vertebra");
  }

  @Test
  void levels_run_from_head_to_feet_with_the_ids_of_verse() {
    assertThat(VertebraLevel.L1.verseId()).isEqualTo(20);
    assertThat(VertebraLevel.ofVerseId(24)).contains(VertebraLevel.L5);
    assertThat(VertebraLevel.ofVerseId(26)).isEmpty();
    assertThat(VertebraLevel.values())
        .extracting(VertebraLevel::verseId)
        .containsExactly(18, 19, 28, 20, 21, 22, 23, 24, 25);
  }

  @Test
  void six_levels_are_lumbar() {
    assertThat(List.of(VertebraLevel.values()))
        .filteredOn(VertebraLevel::isLumbar)
        .containsExactly(
            VertebraLevel.L1,
            VertebraLevel.L2,
            VertebraLevel.L3,
            VertebraLevel.L4,
            VertebraLevel.L5,
            VertebraLevel.L6);
  }

  @Test
  void a_code_without_meaning_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CodedConcept("SCT", "36470004", " "))
        .withMessage("a code has a scheme, a value and a meaning");
  }
}
