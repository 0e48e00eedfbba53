package dev.lss.api;

import org.jspecify.annotations.Nullable;

/**
 * The parent of every error that LSS reports by itself. Each carries a stable code for programs,
 * and a message for people that says what was found and what to do, and never holds patient data.
 */
public abstract sealed class LssException extends RuntimeException
    permits InvalidStudyException,
        ModelException,
        BackendException,
        ResourceException,
        CancelledException {

  private static final long serialVersionUID = 1L;

  private final String code;

  LssException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Returns the stable code, upper case with underscores, such as {@code TRUNCATED}. */
  public String code() {
    return code;
  }
}
