package dev.lss.examples;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process of its own left behind.
 *
 * @param exitCode its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record Forked(int exitCode, String out, String err) {

  private static final int MINUTES = 5;

  /** Runs a command to its end; one that hangs is a failure. */
  public static Forked run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end: " + command);
    }
    Charset charset = Charset.defaultCharset();
    return new Forked(
        process.exitValue(), Files.readString(out, charset), Files.readString(err, charset));
  }
}
