package dev.lss.fuzz;

import dev.lss.api.LssException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** What all targets share: a folder for the input, the errors that are right, and the time. */
public final class Fuzzing {

  private static final long MOST_NANOSECONDS = 2_000_000_000L;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Path FOLDER = folder();

  private Fuzzing() {}

  /** Reads something. */
  @FunctionalInterface
  public interface Reading {

    /** Reads; the library's errors and IOException are right answers. */
    void run() throws IOException;
  }

  private static Path folder() {
    Path memory = Path.of("/dev/shm");
    try {
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "lss-fuzz")
          : Files.createTempDirectory("lss-fuzz");
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for inputs", e);
    }
  }

  /** Writes an input as a file; folders in the name are made. */
  public static Path file(String name, byte[] bytes) {
    try {
      Path file = FOLDER.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the input cannot be written", e);
    }
  }

  /**
   * Runs a reading that may be refused but neither fail otherwise nor take long. A slow one is run
   * again, because the first pays for loading and instrumenting its classes.
   */
  public static void check(Reading reading) {
    long took = run(reading) > MOST_NANOSECONDS ? run(reading) : 0;
    if (took > MOST_NANOSECONDS) {
      throw new AssertionError("it took %s ms".formatted(took / 1_000_000));
    }
  }

  /** Runs a reading and returns how many nanoseconds of processor time it took. */
  private static long run(Reading reading) {
    long start = THREADS.getCurrentThreadCpuTime();
    try {
      reading.run();
    } catch (LssException | IOException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("an error without a message", e);
      }
    }
    return THREADS.getCurrentThreadCpuTime() - start;
  }
}
