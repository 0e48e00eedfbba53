package dev.lss.api.anatomy;

/**
 * A code from a terminology, as DICOM writes it. Immutable.
 *
 * @param scheme coding scheme designator, such as {@code SCT}
 * @param value code value
 * @param meaning code meaning in English
 */
public record CodedConcept(String scheme, String value, String meaning) {

  /** Refuses blank parts. */
  public CodedConcept {
    if (scheme.isBlank() || value.isBlank() || meaning.isBlank()) {
      throw new IllegalArgumentException("a code has a scheme, a value and a meaning");
    }
  }
}
