package dev.lss.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of the process, which remembers the first failure to write to it: a table
 * that nobody got is no success. Not thread-safe.
 */
final class StandardOutput extends OutputStream {

  /** What a shell reports for a program that a closed pipe ended: 128 + 13. */
  static final int CLOSED_PIPE = 141;

  private final OutputStream out;
  private @Nullable IOException failure;

  /** Wraps a stream. */
  StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** Returns the output of this process. */
  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  /** Returns a writer that ends each line by sending it. */
  PrintWriter writer() {
    return new PrintWriter(new OutputStreamWriter(this, encoding()), true);
  }

  /** Returns the terminal's encoding, which Java 17 knows as the system's alone. */
  private static Charset encoding() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    try {
      return name == null ? Charset.defaultCharset() : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return Charset.defaultCharset();
    }
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /**
   * Returns the exit code of a run: its own when everything was written or it failed by itself.
   *
   * @param exitCode what the run gave
   * @param err where a failure is told; a closed pipe, as that of {@code head}, is not worth a word
   */
  int exitCode(int exitCode, PrintWriter err) {
    boolean done = exitCode == ExitCode.DONE || exitCode == ExitCode.NOTHING_FOUND;
    if (failure == null || !done) {
      return exitCode;
    }
    String message = String.valueOf(failure.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("pipe")) {
      return CLOSED_PIPE;
    }
    err.println(
        "lss: the standard output cannot be written: %s; send it elsewhere".formatted(message));
    err.flush();
    return ExitCode.FAILED;
  }
}
