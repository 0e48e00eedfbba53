package dev.lss.api;

/** A backend is missing, does not load or failed while running a network. */
public final class BackendException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public BackendException(String code, String message) {
    super(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public BackendException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
