package dev.lss.dicom.derived;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.Structure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnatomyTest {

  /** Verhoeff's check digit, the last digit of every SNOMED CT identifier. */
  private static boolean hasCheckDigit(String code) {
    return VerhoeffDigits.check(code);
  }

  /** The dihedral group of ten elements, from its definition and not from the published tables. */
  private static final class VerhoeffDigits {

    private static final int[] PERMUTATION = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

    static boolean check(String digits) {
      int sum = 0;
      for (int n = 0; n < digits.length(); n++) {
        int digit = digits.charAt(digits.length() - 1 - n) - '0';
        for (int times = 0; times < n % 8; times++) {
          digit = PERMUTATION[digit];
        }
        sum = product(sum, digit);
      }
      return sum == 0;
    }

    private static int product(int a, int b) {
      int turned = a < 5 ? (a + b % 5) % 5 : (a - b % 5 + 5) % 5;
      return (a < 5) == (b < 5) ? turned : turned + 5;
    }
  }

  @Test
  void the_table_holds_what_was_looked_up_in_the_context_groups() {
    assertThat(Anatomy.known())
        .extracting(a -> a.structure().key() + " " + a.type().scheme() + " " + a.type().value())
        .containsExactly(
            "vertebra/T11 SCT 12989004",
            "vertebra/T12 SCT 23215003",
            "vertebra/T13 SCT 51282000",
            "vertebra/L1 SCT 66794005",
            "vertebra/L2 SCT 14293000",
            "vertebra/L3 SCT 36470004",
            "vertebra/L4 SCT 11994002",
            "vertebra/L5 SCT 49668003",
            "vertebra/L6 SCT 51282000",
            "disc/T12 SCT 76206002",
            "disc/L1 SCT 80064006",
            "disc/L2 SCT 67459009",
            "disc/L3 SCT 62551000",
            "disc/L4 SCT 84020006",
            "disc/L5 SCT 715056000",
            "sacrum SCT 54735007",
            "spinal-canal SCT 61853006",
            "spinal-cord SCT 2748008",
            "muscle/erector-spinae/left SCT 44947003",
            "muscle/erector-spinae/right SCT 44947003",
            "muscle/multifidus/left MDC 7:508",
            "muscle/multifidus/right MDC 7:508",
            "muscle/quadratus-lumborum/left MDC 7:576",
            "muscle/quadratus-lumborum/right MDC 7:576",
            "muscle/psoas-major/left SCT 71616004",
            "muscle/psoas-major/right SCT 71616004",
            "fascia/thoracolumbar SCT 120576005");
  }

  @Test
  void every_code_of_snomed_has_its_check_digit() {
    List<CodedConcept> codes = List.of(Anatomy.CATEGORY, Anatomy.LEFT, Anatomy.RIGHT);

    assertThat(codes).allMatch(code -> hasCheckDigit(code.value()));
    assertThat(Anatomy.known())
        .filteredOn(a -> a.type().scheme().equals("SCT"))
        .hasSizeGreaterThan(20)
        .allMatch(a -> hasCheckDigit(a.type().value()));
    assertThat(hasCheckDigit("11994003")).isFalse();
    assertThat(hasCheckDigit("47560002")).as("quadratus lumborum in circulation").isFalse();
  }

  @Test
  void codes_lead_back_to_the_structure() {
    assertThat(Anatomy.known())
        .allSatisfy(
            a ->
                assertThat(Anatomy.find(a.type(), a.laterality(), a.label()))
                    .contains(a.structure()));
    Anatomy left = Anatomy.of(Structure.parse("muscle/multifidus/left"));
    assertThat(Anatomy.find(left.type(), Optional.of(Anatomy.RIGHT), "anything"))
        .contains(Structure.parse("muscle/multifidus/right"));
    assertThat(Anatomy.find(left.type(), Optional.empty(), left.label())).isEmpty();
  }

  @Test
  void the_code_of_a_kind_is_not_taken_for_one_of_its_structures() {
    CodedConcept muscle = new CodedConcept("SCT", "71616004", "Muscle");

    assertThat(Anatomy.find(muscle, Optional.of(Anatomy.LEFT), "Left iliacus")).isEmpty();
    assertThat(Anatomy.find(muscle, Optional.of(Anatomy.LEFT), "left psoas major "))
        .contains(Structure.parse("muscle/psoas-major/left"));
  }

  @Test
  void what_is_not_listed_has_a_private_code_that_leads_back() {
    Structure other = Structure.parse("liver/segment-4");
    Anatomy anatomy = Anatomy.of(other);

    assertThat(anatomy.type().scheme()).isEqualTo("99LSS");
    assertThat(anatomy.type().value()).matches("[0-9a-f]{12}");
    assertThat(Anatomy.find(anatomy.type(), Optional.empty(), "x")).contains(other);
    CodedConcept foreign = new CodedConcept("99LSS", "000000000000", "liver/segment-4");
    assertThat(Anatomy.find(foreign, Optional.empty(), "x")).isEmpty();
  }
}
