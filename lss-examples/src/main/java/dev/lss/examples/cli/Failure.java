package dev.lss.examples.cli;

import dev.lss.api.CancelledException;
import dev.lss.api.CodeCatalog;
import dev.lss.api.LssException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Tells a person what went wrong, in one line, and in a second one what to do, unless the first
 * says it; the stack trace only when asked for.
 */
final class Failure {

  /** Longer lines are not read; {@code --verbose} shows them whole. */
  static final int LONGEST = 300;

  private static final int END = 100;
  private static final String CUT = " ... ";
  private static final String SAID_ALREADY = "do what the message says";

  private Failure() {}

  /** Prints the failure and returns the exit code that belongs to it. */
  static int report(Throwable failure, PrintWriter err, boolean verbose) {
    String line = "lss: " + oneLine(failure);
    err.println(verbose ? line : shortened(line));
    advice(failure).ifPresent(words -> err.println("lss: what to do: " + words));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.of(failure);
  }

  /** Returns a line of at most {@value #LONGEST} characters, with its beginning and its end. */
  static String shortened(String line) {
    return line.length() <= LONGEST
        ? line
        : line.substring(0, LONGEST - END - CUT.length())
            + CUT
            + line.substring(line.length() - END);
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage().strip();
    String line = message.replaceAll("\\s*\\R\\s*", "; ");
    if (failure instanceof LssException known) {
      return line + " [" + known.code() + "]";
    }
    if (failure instanceof OutOfMemoryError) {
      return "not enough memory (%s): %s".formatted(line, remedy(line));
    }
    if (failure instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    }
    return failure.getClass().getSimpleName() + ": " + line;
  }

  /** Returns what to do about a lack of memory, by what the JVM says is lacking. */
  private static String remedy(String lack) {
    if (lack.contains("native thread")) {
      return "the system allows no more threads; raise its limit (ulimit -u, pids of a container) or"
          + " take fewer with --threads 1";
    }
    if (lack.contains("direct buffer") || lack.contains("Direct buffer")) {
      return "set LSS_JAVA_OPTS=-XX:MaxDirectMemorySize=4g or so";
    }
    if (lack.contains("Metaspace") || lack.contains("class space")) {
      return "leave -XX:MaxMetaspaceSize out of the options of the JVM";
    }
    return "the heap may grow to %s MB; set LSS_JAVA_OPTS=-Xmx4g or so"
        .formatted(Runtime.getRuntime().maxMemory() >> 20);
  }

  private static String reason(FileSystemException failure) {
    if (failure.getReason() != null) {
      return failure.getReason();
    }
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    return failure instanceof NoSuchFileException
        ? "there is no such file"
        : failure.getClass().getSimpleName();
  }

  private static Optional<String> advice(Throwable failure) {
    if (failure instanceof LssException known) {
      return failure instanceof CancelledException
          ? Optional.empty()
          : CodeCatalog.entries().stream()
              .filter(entry -> entry.code().equals(known.code()))
              .map(CodeCatalog.Entry::action)
              .filter(action -> !action.startsWith(SAID_ALREADY))
              .findFirst();
    }
    if (failure instanceof OutOfMemoryError) {
      return Optional.empty();
    }
    if (failure instanceof LinkageError) {
      return Optional.of("take another --backend; \"lss backends\" says which work here");
    }
    if (failure instanceof InvalidPathException) {
      return Optional.of("start through ./lss, or with LC_ALL=C.UTF-8");
    }
    return failure instanceof IOException
        ? Optional.of("make room, or name a place that can be written to")
        : Optional.of("this is a fault of LSS; report it with what --verbose prints");
  }
}
