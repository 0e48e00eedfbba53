package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressSpaceTest {

  private static final String STATUS = "Name:\tjava\nVmPeak:\t 3000000 kB\nVmSize:\t 1048576 kB\n";

  @Test
  void what_is_left_is_the_limit_without_what_is_taken() {
    String limits =
        "Limit                     Soft Limit           Hard Limit           Units\n"
            + "Max address space         4294967296           unlimited            bytes\n";

    assertThat(AddressSpace.leftBytes(limits, STATUS)).hasValue(3L << 30);
  }

  @Test
  void without_a_limit_nothing_is_refused() {
    assertThat(
            AddressSpace.leftBytes(
                "Max address space         unlimited            unlimited            bytes\n",
                STATUS))
        .isEmpty();
    assertThat(AddressSpace.leftBytes("", "")).isEmpty();
    AddressSpace.requireRoom();
  }
}
