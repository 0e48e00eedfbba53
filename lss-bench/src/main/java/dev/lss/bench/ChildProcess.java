package dev.lss.bench;

import dev.lss.api.CancellationToken;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Measures each case in a JVM of its own, like this one: the same Java, class path and options. A
 * process that crashes or hangs is an outcome and not an error. Immutable.
 */
final class ChildProcess {

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final int LOOK_EVERY_MS = 100;

  private final Class<?> main;
  private final Duration longest;

  /**
   * Prepares.
   *
   * @param main what is started, with the arguments of the case
   * @param longest after which time a process counts as hanging
   */
  ChildProcess(Class<?> main, Duration longest) {
    this.main = main;
    this.longest = longest;
  }

  /** Returns one that measures. */
  static ChildProcess measuring() {
    return new ChildProcess(Measurement.class, LONGEST);
  }

  private List<String> command(BenchCase one, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.matches("-(javaagent|agentlib|agentpath|Xrunjdwp).*"))
        .forEach(command::add);
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash"));
    command.add(main.getName());
    command.addAll(one.arguments());
    return command;
  }

  /**
   * Measures one case.
   *
   * @throws dev.lss.api.CancelledException when cancelled; the process is ended
   * @throws IOException when no process can be started or its output not be kept
   */
  Outcome measure(BenchCase one, CancellationToken cancellation) throws IOException {
    Path folder = Files.createTempDirectory("lss-bench");
    try {
      return measure(one, folder, cancellation);
    } finally {
      remove(folder);
    }
  }

  private Outcome measure(BenchCase one, Path folder, CancellationToken cancellation)
      throws IOException {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command(one, folder)).redirectOutput(out).redirectError(err);
    // In the environment: a class path may be longer than a command line may be.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    try {
      if (!await(process, cancellation)) {
        return new Outcome.Failed("it did not end within %s s".formatted(longest.toSeconds()));
      }
    } finally {
      process.destroyForcibly();
    }
    Optional<Outcome> told = lastLine(out.toPath()).flatMap(OutcomeJson::read);
    return told.orElseGet(
        () ->
            new Outcome.Failed(
                "the process ended with exit code %s%s"
                    .formatted(
                        process.exitValue(), lastLine(err.toPath()).map(": "::concat).orElse(""))));
  }

  private boolean await(Process process, CancellationToken cancellation) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      while (!process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        cancellation.throwIfCancelled();
        if (System.nanoTime() > end) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.throwIfCancelled(); // it looks at the interrupt flag
      return false;
    }
  }

  /** The runtimes may write before and after; ours is the last line that is not empty. */
  private static Optional<String> lastLine(Path file) {
    try {
      return new String(Files.readAllBytes(file), Charset.defaultCharset())
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .map(String::strip);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
