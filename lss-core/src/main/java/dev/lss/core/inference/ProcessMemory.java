package dev.lss.core.inference;

import dev.lss.core.io.ResidentMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

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
        Math.max(0, ResidentMemory.bytes() - resident));
  }

  /** A pool that grew has touched what it used at its peak, unless it was made smaller since. */
  private static long touched(MemoryPoolMXBean pool) {
    return Math.min(pool.getPeakUsage().getUsed(), pool.getUsage().getCommitted());
  }
}
