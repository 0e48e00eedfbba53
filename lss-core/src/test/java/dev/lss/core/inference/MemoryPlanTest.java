package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ResourceException;
import dev.lss.api.image.Extents;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

  private static final long MIB = 1 << 20;

  // An image of 2^20 voxels, a network grid of 2^18, a patch of 2^15, 2 channels in, 3 out.
  private static final MemoryPlan PLAN =
      MemoryPlan.of(
          new MemoryPlan.Work(
              new Extents(128, 128, 64),
              new Extents(64, 64, 64),
              new Extents(32, 32, 32),
              2,
              3,
              1));

  @Test
  void the_estimate_is_the_documented_sum() {
    // 14 bytes for each image voxel, 8 + 4 * 2 for each network voxel, 4 * (3 + 1) for each voxel
    // of
    // 33 slices, 4 for each patch voxel.
    assertThat(PLAN.heapBytes())
        .isEqualTo((14L << 20) + (16L << 18) + 16L * 33 * 64 * 64 + (4L << 15));
    assertThat(PLAN.directBytes()).isEqualTo((2 * 4 * 5L) << 15);
  }

  @Test
  void two_stages_need_the_larger_of_each() {
    assertThat(new MemoryPlan(10, 1).then(new MemoryPlan(5, 2))).isEqualTo(new MemoryPlan(10, 2));
  }

  @Test
  void runtimes_take_the_larger_of_two_stages_too() {
    assertThat(new MemoryPlan(10, 1).withRuntime(7).then(new MemoryPlan(5, 2).withRuntime(3)))
        .isEqualTo(new MemoryPlan(10, 2, 7));
  }

  @Test
  void a_limit_counts_what_the_process_holds_and_fills_the_heap_before_it_grows() {
    MemoryPlan plan = new MemoryPlan(30 * MIB, 20 * MIB).withRuntime(100 * MIB);
    // 10 of 50 MiB of the heap are in use, 5 are for new objects: 30 more fit, so the heap stays at
    // 50. Beside it are 200 MiB, and 48 for what the JVM will compile.
    ProcessMemory now = new ProcessMemory(10 * MIB, 50 * MIB, 5 * MIB, 200 * MIB);

    plan.requireWithin(418 * MIB, now);
    assertThatThrownBy(() -> plan.requireWithin(418 * MIB - 1, now))
        .isInstanceOf(ResourceException.class)
        .hasMessage(
            "the segmentation needs about 418 MiB: 50 of heap, 20 of direct memory, 100 of the"
                + " runtime and 248 that the process holds beside; allowed are 417 MiB; allow more"
                + " or crop the image");
  }

  @Test
  void a_heap_that_does_not_suffice_grows_by_what_is_missing() {
    MemoryPlan plan = new MemoryPlan(30 * MIB, 0);

    ProcessMemory now = new ProcessMemory(45 * MIB, 50 * MIB, 5 * MIB, 200 * MIB);

    plan.requireWithin(328 * MIB, now);
    assertThatThrownBy(() -> plan.requireWithin(327 * MIB, now))
        .isInstanceOf(ResourceException.class);
  }

  @Test
  void this_process_holds_at_least_its_objects() {
    ProcessMemory now = ProcessMemory.now();

    assertThat(now.heapUsed()).isPositive();
    assertThat(now.heapResident()).isPositive();
  }

  @Test
  void work_that_fits_is_let_through() {
    PLAN.requireFits(new MemoryPlan.Available(24 * MIB, 2 * MIB, false));
  }

  @Test
  void work_that_does_not_fit_is_refused_with_numbers_and_advice() {
    assertThatThrownBy(() -> PLAN.requireFits(new MemoryPlan.Available(10 * MIB, MIB, false)))
        .isInstanceOfSatisfying(
            ResourceException.class, e -> assertThat(e.code()).isEqualTo("TOO_LARGE"))
        // 14 + 4 + 2.0625 + 0.125 MiB needed; 95 % of 10 MiB usable; 10.6875 MiB short.
        .hasMessage(
            "the segmentation needs about 21 MiB of heap and 2 MiB of direct memory, available are"
                + " 10 and 1 MiB; raise -Xmx by 11 MiB or crop the image");
  }

  @Test
  void a_lack_of_direct_memory_alone_is_refused_too() {
    assertThatThrownBy(() -> PLAN.requireFits(new MemoryPlan.Available(100 * MIB, 1000, false)))
        .isInstanceOf(ResourceException.class);
  }

  @Test
  void advice_names_the_option_that_is_in_the_way() {
    assertThatThrownBy(() -> PLAN.requireFits(new MemoryPlan.Available(100 * MIB, MIB, true)))
        .hasMessageEndingWith("; raise -XX:MaxDirectMemorySize by 1 MiB or crop the image");
    assertThatThrownBy(() -> PLAN.requireFits(new MemoryPlan.Available(10 * MIB, 100 * MIB, true)))
        .hasMessageEndingWith("; raise -Xmx by 11 MiB or crop the image");
    assertThatThrownBy(() -> PLAN.requireFits(new MemoryPlan.Available(10 * MIB, MIB, true)))
        .hasMessageContaining("raise -Xmx by 11 MiB and raise -XX:MaxDirectMemorySize by 1 MiB");
  }

  @Test
  void the_last_limit_of_direct_memory_counts() {
    assertThat(DirectMemory.limit(List.of("-Xmx1g"))).isEmpty();
    assertThat(DirectMemory.limit(List.of("-XX:MaxDirectMemorySize=64m"))).hasValue(64 * MIB);
    assertThat(
            DirectMemory.limit(
                List.of("-XX:MaxDirectMemorySize=1g", "-XX:MaxDirectMemorySize=4096")))
        .hasValue(4096);
    assertThat(DirectMemory.limit(List.of("-XX:MaxDirectMemorySize=0"))).isEmpty();
    assertThat(DirectMemory.limit(List.of("-XX:MaxDirectMemorySize=much"))).isEmpty();
  }

  @Test
  void direct_buffers_are_counted() {
    long before = DirectMemory.usedBytes();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    assertThat(DirectMemory.usedBytes()).isGreaterThanOrEqualTo(before + buffer.capacity());
  }

  @Test
  void the_largest_image_is_estimated_without_overflow_and_refused() {
    Extents largest = new Extents(2047, 1024, 1024);
    MemoryPlan plan =
        MemoryPlan.of(new MemoryPlan.Work(largest, largest, new Extents(64, 64, 64), 1, 1000, 5));

    assertThat(plan.heapBytes())
        .isEqualTo((2047L << 20) * (14 + 12) + 5 * 4L * 1001 * 65 * 2047 * 1024 + (4L << 18));
    assertThatThrownBy(plan::requireFits).isInstanceOf(ResourceException.class);
  }
}
