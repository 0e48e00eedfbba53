package dev.lss.spi;

/**
 * A device that runs networks: {@code cpu} or {@code cuda:N}. A device that is named works or is an
 * error; nothing falls back. Immutable.
 *
 * @param kind kind of device
 * @param index number of the device, 0 for the CPU
 */
public record Device(Kind kind, int index) {

  /** Kind of device. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA
  }

  /** The processor. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  /** Refuses negative numbers and a second CPU. */
  public Device {
    if (index < 0 || (kind == Kind.CPU && index != 0)) {
      throw new IllegalArgumentException("no such device: " + kind + " " + index);
    }
  }

  /** Returns {@code cpu} or {@code cuda:N}. */
  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + index;
  }
}
