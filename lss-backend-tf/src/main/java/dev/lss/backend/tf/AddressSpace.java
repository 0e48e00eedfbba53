package dev.lss.backend.tf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much more address space this process may take, which {@code ulimit -v} limits. TensorFlow
 * ends the process where an allocation fails, so too little is refused before it is loaded.
 * Stateless.
 */
final class AddressSpace {

  /** Measured: with 1.4 GiB left a small network ended the process, with 2.4 GiB it ran. */
  static final long NEEDED_BYTES = 2L << 30;

  private static final Pattern LIMIT = Pattern.compile("(?m)^Max address space +(\\d{1,18}) ");
  private static final Pattern TAKEN = Pattern.compile("(?m)^VmSize:\\s+(\\d{1,15}) kB$");

  private AddressSpace() {}

  /**
   * Refuses to go on with too little.
   *
   * @throws IllegalStateException with the numbers and what to do
   */
  static void requireRoom() {
    OptionalLong left = leftBytes(text("/proc/self/limits"), text("/proc/self/status"));
    if (left.isPresent() && left.getAsLong() < NEEDED_BYTES) {
      throw new IllegalStateException(
          ("TensorFlow needs %s MiB of address space, and this process may take %s more: raise ulimit"
                  + " -v, lower -Xmx, or take another backend")
              .formatted(NEEDED_BYTES >> 20, Math.max(0, left.getAsLong() >> 20)));
    }
  }

  /**
   * Returns the bytes that are left; empty without a limit and where the system tells none.
   *
   * @param limits what Linux has in /proc/self/limits
   * @param status what it has in /proc/self/status
   */
  static OptionalLong leftBytes(String limits, String status) {
    Matcher limit = LIMIT.matcher(limits);
    Matcher taken = TAKEN.matcher(status);
    return limit.find() && taken.find()
        ? OptionalLong.of(Long.parseLong(limit.group(1)) - (Long.parseLong(taken.group(1)) << 10))
        : OptionalLong.empty();
  }

  private static String text(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // another system
    }
  }
}
