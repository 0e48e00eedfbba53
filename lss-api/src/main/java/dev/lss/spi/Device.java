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

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is neither {@code cpu} nor {@code cuda:N}
   */
  public static Device parse(String text) {
    if (text.equals("cpu")) {
      return CPU;
    }
    if (text.matches("cuda:\\d{1,4}")) {
      return new Device(Kind.CUDA, Integer.parseInt(text.substring(5)));
    }
    throw new IllegalArgumentException(
        "a device is cpu or cuda:N with a number, was \"%s\"".formatted(text));
  }

  /** Returns {@code cpu} or {@code cuda:N}. */
  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + index;
  }
}
