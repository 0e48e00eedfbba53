package dev.lss.core.inference;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process holds, in bytes.
 *
 * @param heapUsed objects on the heap, garbage included
 * @param heapResident pages of the heap that were touched and not given back
 * @param nursery what new objects fill before garbage is collected
 * @param besideHeap everything else that is resident: weights in a runtime, direct buffers, the
 *     JVM's own
 */
record ProcessMemory(long heapUsed, long heapResident, long nursery, long besideHeap) {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d{1,15}) kB");

  /** Returns what is held now. */
  static ProcessMemory now() {
    Runtime runtime = Runtime.getRuntime();
    long touched =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(ProcessMemory::touched)
            .sum();
    long nursery =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().contains("Eden"))
            .mapToLong(pool -> pool.getUsage().getCommitted())
            .sum();
    long resident = Math.min(runtime.totalMemory(), touched);
    return new ProcessMemory(
        runtime.totalMemory() - runtime.freeMemory(),
        resident,
        nursery,
        Math.max(0, residentBytes(STATUS) - resident));
  }

  /** A pool that grew has touched what it used at its peak, unless it was made smaller since. */
  private static long touched(MemoryPoolMXBean pool) {
    return Math.min(pool.getPeakUsage().getUsed(), pool.getUsage().getCommitted());
  }

  /** Returns what Linux says in this file; 0 elsewhere, where no such number is kept. */
  static long residentBytes(Path status) {
    try {
      Matcher line = RESIDENT.matcher(Files.readString(status));
      return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
