package dev.lss.spi;

/**
 * About what a run adds to the memory that the process holds already, in the runtime itself; the
 * caller's tensors are left out. Immutable.
 *
 * @param bytes bytes, at least 0
 * @param kept whether the session keeps them until it is closed, so that the next run of this or a
 *     smaller size adds nothing, and the runs of two sessions add up
 */
public record WorkingMemory(long bytes, boolean kept) {

  /** Refuses a negative number. */
  public WorkingMemory {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes must be at least 0, were " + bytes);
    }
  }
}
