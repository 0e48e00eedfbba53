package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeakMemoryTest {

  @TempDir private Path folder;

  @Test
  void the_high_water_mark_in_kilobytes_becomes_bytes() throws Exception {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmPeak:\t  999999 kB\nVmHWM:\t  204800 kB\n");

    assertThat(PeakMemory.residentBytes(status)).hasValue(204_800L * 1024);
  }

  @Test
  void a_system_without_the_file_has_no_value() {
    assertThat(PeakMemory.residentBytes(folder.resolve("absent"))).isEmpty();
  }

  @Test
  void a_file_without_the_line_has_no_value() throws Exception {
    assertThat(PeakMemory.residentBytes(Files.writeString(folder.resolve("s"), "VmRSS: 5 kB\n")))
        .isEmpty();
  }

  @Test
  void on_linux_this_process_has_held_more_than_a_megabyte() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "this is not Linux");

    assertThat(PeakMemory.residentBytes().orElseThrow()).isGreaterThan(1 << 20);
  }
}
