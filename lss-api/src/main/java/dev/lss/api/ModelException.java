package dev.lss.api;

/** A model package is missing, damaged, of a newer schema or not fit for the task. */
public final class ModelException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public ModelException(String code, String message) {
    super(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public ModelException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
