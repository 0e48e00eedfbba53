package dev.lss.examples.cli;

import dev.lss.api.LssException;
import java.io.PrintWriter;

/** Tells a person what went wrong, in one line; the stack trace only when asked for. */
final class Failure {

  private Failure() {}

  /** Prints the failure and returns the exit code that belongs to it. */
  static int report(Throwable failure, PrintWriter err, boolean verbose) {
    err.println("lss: " + oneLine(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.of(failure);
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
    String line = message.replaceAll("\\s*\\R\\s*", "; ");
    if (failure instanceof LssException known) {
      return line + " [" + known.code() + "]";
    }
    if (failure instanceof OutOfMemoryError) {
      return "not enough memory (%s; the heap may grow to %d MB); set LSS_JAVA_OPTS=-Xmx4g or so"
          .formatted(line, Runtime.getRuntime().maxMemory() >> 20);
    }
    return failure.getClass().getSimpleName() + ": " + line;
  }
}
