package dev.lss.api;

/** The caller cancelled the work; nothing was written. */
public final class CancelledException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public CancelledException(String code, String message) {
    super(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public CancelledException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
