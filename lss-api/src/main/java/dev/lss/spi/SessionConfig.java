package dev.lss.spi;

/**
 * How a model is to run. Immutable.
 *
 * @param device where
 * @param threads threads of the runtime within one call, at least 1
 * @param precision arithmetic
 */
public record SessionConfig(Device device, int threads, Precision precision) {

  /** Refuses fewer than one thread. */
  public SessionConfig {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
  }

  /** Returns fp32 on the CPU with this many threads. */
  public static SessionConfig cpu(int threads) {
    return new SessionConfig(Device.CPU, threads, Precision.FP32);
  }
}
