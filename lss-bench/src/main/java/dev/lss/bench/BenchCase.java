package dev.lss.bench;

import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing to measure. Immutable.
 *
 * @param backend id of the backend
 * @param device where the networks run; empty for the best device that the backend has
 * @param precision arithmetic of the networks
 * @param threads threads of the stages and of the runtime, at least 1
 * @param size size of the CT
 * @param runs how often the network and the pipeline run after warm-up, at least 1
 */
public record BenchCase(
    String backend,
    Optional<Device> device,
    Precision precision,
    int threads,
    PhantomSize size,
    int runs) {

  private static final String AUTO = "auto";

  /** Refuses fewer than one thread or run. */
  public BenchCase {
    if (threads < 1 || runs < 1) {
      throw new IllegalArgumentException(
          "threads and runs must be at least 1, were %s and %s".formatted(threads, runs));
    }
  }

  /** Returns this case as arguments of the process that measures it. */
  List<String> arguments() {
    return List.of(
        backend,
        device.map(Device::toString).orElse(AUTO),
        precision.name(),
        Integer.toString(threads),
        size.name(),
        Integer.toString(runs));
  }

  /** Reads what {@link #arguments} gives. */
  static BenchCase parse(List<String> arguments) {
    String device = arguments.get(1);
    return new BenchCase(
        arguments.get(0),
        device.equals(AUTO) ? Optional.empty() : Optional.of(Device.parse(device)),
        Precision.valueOf(arguments.get(2)),
        Integer.parseInt(arguments.get(3)),
        PhantomSize.valueOf(arguments.get(4)),
        Integer.parseInt(arguments.get(5)));
  }

  /** Returns the case in words, such as {@code onnx fp32, 2 threads}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %s%s, %s thread%s",
        backend,
        precision,
        device.map(" on %s"::formatted).orElse(""),
        threads,
        threads == 1 ? "" : "s");
  }
}
