package dev.lss.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory Linux counts as resident for this process. Stateless and thread-safe. */
public final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d{1,15}) kB");

  private ResidentMemory() {}

  /** Returns the bytes that are resident now; 0 on other systems, which keep no such number. */
  public static long bytes() {
    try {
      Matcher line = RESIDENT.matcher(Files.readString(STATUS));
      return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
