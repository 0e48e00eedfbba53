package dev.lss.core.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process has held at most, heap and native together.
 *
 * <p>It is the resident peak since the process started, as Linux keeps it in the line {@code VmHWM}
 * of {@code /proc/self/status}. Other systems have no such file, and the Java heap alone would be
 * another quantity, so there the value is empty.
 */
public final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d{1,15}) kB");

  private PeakMemory() {}

  /** Returns the resident peak of this process in bytes, or empty where the system keeps none. */
  public static OptionalLong residentBytes() {
    return residentBytes(STATUS);
  }

  static OptionalLong residentBytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        Matcher peak = PEAK.matcher(line);
        if (peak.matches()) {
          return OptionalLong.of(Math.multiplyExact(Long.parseLong(peak.group(1)), 1024));
        }
      }
      return OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // not on this system
    }
  }
}
