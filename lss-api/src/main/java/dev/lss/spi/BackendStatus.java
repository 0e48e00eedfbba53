package dev.lss.spi;

import java.util.List;
import java.util.Optional;

/** Whether a backend works on this machine. Immutable. */
public sealed interface BackendStatus {

  /**
   * The runtime loaded.
   *
   * @param version version of the runtime
   * @param devices the devices it can use, best first
   */
  record Available(String version, List<Device> devices) implements BackendStatus {

    /** Copies the list. */
    public Available {
      devices = List.copyOf(devices);
    }
  }

  /**
   * The runtime did not load.
   *
   * @param reason a sentence with a remedy
   * @param cause what went wrong
   */
  record Unavailable(String reason, Optional<Throwable> cause) implements BackendStatus {}
}
