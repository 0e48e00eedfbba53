package dev.lss.api;

/**
 * Something doubtful in a usable result. Immutable.
 *
 * @param code stable code, such as {@code LEVELS_WITHOUT_ANCHOR}; see {@link CodeCatalog}
 * @param message one sentence for people, without patient data
 */
public record Notice(String code, String message) {

  /** Refuses a code that is not upper case with underscores. */
  public Notice {
    if (!code.matches("[A-Z][A-Z0-9_]*")) {
      throw new IllegalArgumentException("a notice code is upper case, was " + code);
    }
  }
}
