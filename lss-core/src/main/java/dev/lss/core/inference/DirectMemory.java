package dev.lss.core.inference;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalLong;

/** What this process holds in direct buffers, and what it may. Stateless. */
final class DirectMemory {

  private static final String OPTION = "-XX:MaxDirectMemorySize=";

  private DirectMemory() {}

  /** Returns the bytes that direct buffers take now. */
  static long usedBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /**
   * Returns the limit that the options of the JVM set, in bytes; empty without one, for 0, which
   * means none, and for what is no size. The last option counts.
   *
   * @param options such as {@code -XX:MaxDirectMemorySize=512m}
   */
  static OptionalLong limit(List<String> options) {
    OptionalLong limit = OptionalLong.empty();
    for (String option : options) {
      if (option.startsWith(OPTION)) {
        limit = size(option.substring(OPTION.length()));
      }
    }
    return limit;
  }

  private static OptionalLong size(String text) {
    if (!text.matches("[0-9]{1,15}[kKmMgGtT]?")) {
      return OptionalLong.empty();
    }
    int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
    String number = unit < 0 ? text : text.substring(0, text.length() - 1);
    long bytes = Long.parseLong(number) << (10 * (unit + 1));
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }
}
