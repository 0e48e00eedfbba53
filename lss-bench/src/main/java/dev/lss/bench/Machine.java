package dev.lss.bench;

import dev.lss.core.io.LssVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where and when something was measured; without any of it a figure means nothing. Immutable.
 *
 * @param cpu name of the processor as the system tells it, else its kind
 * @param processors how many of its threads this process may use
 * @param system operating system with version
 * @param java version and maker of the Java runtime
 * @param lss version of this library
 * @param date the day
 * @param load how many threads of all processes wanted a processor in the minute before; empty
 *     where the system does not tell
 */
public record Machine(
    String cpu,
    int processors,
    String system,
    String java,
    String lss,
    LocalDate date,
    OptionalDouble load) {

  private static final double QUIET_SHARE = 0.5;
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Returns this machine, today. */
  public static Machine here() {
    return new Machine(
        cpuName(CPU_INFO)
            .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
            .orElseGet(() -> System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")",
        LssVersion.get(),
        LocalDate.now(ZoneId.systemDefault()),
        load(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
  }

  private static OptionalDouble load(double told) {
    return told >= 0 ? OptionalDouble.of(told) : OptionalDouble.empty();
  }

  /** Returns whether so much else ran that figures are not to be relied on. */
  public boolean isBusy() {
    return load.isPresent() && load.getAsDouble() > QUIET_SHARE * processors;
  }

  /**
   * Says whether this processor calculates in 16-bit brain floats, and which backends gain by it;
   * one that does not is slower in bf16 than in fp32.
   */
  public static String bf16() {
    return bf16(CPU_INFO);
  }

  static String bf16(Path cpuInfo) {
    Optional<String> flags = entry(cpuInfo, "flags").or(() -> entry(cpuInfo, "Features"));
    if (flags.isEmpty()) {
      return "bf16: this system does not tell whether the processor has arithmetic for it; \"lss"
          + " bench --precision bf16\" measures it";
    }
    List<String> all = List.of(flags.get().split(" ", -1));
    if (all.contains("amx_bf16")) {
      return "bf16: this processor has arithmetic for it (amx_bf16), by which tf and djl gain";
    }
    return all.contains("avx512_bf16") || all.contains("bf16")
        ? "bf16: this processor has arithmetic for it, by which tf gains; djl is slower in bf16"
            + " here"
        : "bf16: this processor has no arithmetic for it, so fp32 is faster";
  }

  /** Returns the first processor's name as Linux tells it; empty on other systems. */
  static Optional<String> cpuName(Path cpuInfo) {
    return entry(cpuInfo, "model name");
  }

  private static Optional<String> entry(Path cpuInfo, String name) {
    try {
      return Files.readAllLines(cpuInfo).stream()
          .filter(line -> line.startsWith(name) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
