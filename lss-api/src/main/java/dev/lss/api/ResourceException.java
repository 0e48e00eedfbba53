package dev.lss.api;

/** The work would need more memory than there is; the message gives both numbers. */
public final class ResourceException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public ResourceException(String code, String message) {
    super(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public ResourceException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
