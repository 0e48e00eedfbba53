package dev.lss.api;

/**
 * The input cannot be segmented: a damaged or unsupported file, a missing series, a wrong geometry.
 */
public final class InvalidStudyException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public InvalidStudyException(String code, String message) {
    super(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public InvalidStudyException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
