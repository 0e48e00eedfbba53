package dev.lss.api;

import org.jspecify.annotations.Nullable;

/** A model package is missing, damaged, of a newer schema or not fit for the task. */
public final class ModelException extends LssException {

  private static final long serialVersionUID = 1L;

  /** Creates the error with a stable code and a message without patient data. */
  public ModelException(String code, String message) {
    this(code, message, null);
  }

  /** Creates the error with the failure that caused it. */
  public ModelException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
