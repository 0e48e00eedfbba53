package dev.lss.examples.cli;

import dev.lss.api.BackendException;
import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LssException;
import dev.lss.api.ModelException;
import dev.lss.api.ResourceException;

/** What the process tells its caller; the table is in docs/cli.md and in every help text. */
final class ExitCode {

  /** The work is done. */
  static final int DONE = 0;

  /** A failure that no other code describes, such as a full disk. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** Nothing was found; an empty result with a notice was written. */
  static final int NOTHING_FOUND = 3;

  /** The input is missing, damaged or of an unsupported kind. */
  static final int BAD_INPUT = 4;

  /** A model or a backend is missing or does not work. */
  static final int MODEL_OR_BACKEND = 5;

  /** There is not enough memory. */
  static final int MEMORY = 6;

  /** The user stopped the work, as shells report an interrupt: 128 + 2. */
  static final int CANCELLED = 130;

  private ExitCode() {}

  static int of(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return MEMORY;
    }
    if (failure instanceof LinkageError) {
      return MODEL_OR_BACKEND;
    }
    return failure instanceof LssException known ? ofKnown(known) : FAILED;
  }

  private static int ofKnown(LssException failure) {
    if (failure instanceof InvalidStudyException) {
      return BAD_INPUT;
    }
    if (failure instanceof ModelException || failure instanceof BackendException) {
      return MODEL_OR_BACKEND;
    }
    if (failure instanceof ResourceException) {
      return MEMORY;
    }
    if (failure instanceof CancelledException) {
      return CANCELLED;
    }
    return FAILED;
  }
}
