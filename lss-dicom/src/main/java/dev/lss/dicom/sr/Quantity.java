package dev.lss.dicom.sr;

import dev.lss.api.anatomy.CodedConcept;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One number of a report (TID 300). Immutable.
 *
 * @param concept what it is a number of
 * @param value the number, finite
 * @param unit its unit, from UCUM
 * @param derivation which statistic it is, such as a mean; empty for a plain value
 * @param method how it was taken, where that is not plain
 * @param site the part of the finding that it holds for; empty for all of it
 */
record Quantity(
    CodedConcept concept,
    double value,
    CodedConcept unit,
    Optional<CodedConcept> derivation,
    Optional<CodedConcept> method,
    Optional<CodedConcept> site) {

  /** Refuses a number that is not finite: whoever has none leaves the quantity out. */
  Quantity {
    Objects.requireNonNull(concept, "concept");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "%s must be finite, was %s".formatted(concept.meaning(), value));
    }
  }

  static Quantity of(CodedConcept concept, double value, CodedConcept unit) {
    return new Quantity(concept, value, unit, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Returns none for a number that is not there. */
  static Stream<Quantity> of(CodedConcept concept, OptionalDouble value, CodedConcept unit) {
    return value.stream().mapToObj(number -> of(concept, number, unit));
  }

  Quantity derivedAs(CodedConcept statistic) {
    return new Quantity(concept, value, unit, Optional.of(statistic), method, site);
  }

  Quantity takenBy(CodedConcept how) {
    return new Quantity(concept, value, unit, derivation, Optional.of(how), site);
  }

  Quantity at(CodedConcept part) {
    return new Quantity(concept, value, unit, derivation, method, Optional.of(part));
  }
}
