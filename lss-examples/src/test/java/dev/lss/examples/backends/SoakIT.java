package dev.lss.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many segmentations in one process: what the process holds stays the same. {@code mvn verify} runs
 * 20 with a bound that only a gross leak breaks; the profile {@code soak} runs 200 with a close
 * one, and 30 rounds of open, segment and close.
 *
 * <p>The heap is resident from the start, so that whatever grows is native memory.
 */
class SoakIT {

  private static final int COUNT = Integer.getInteger("lss.soak.count", 20);
  private static final int ROUNDS = Integer.getInteger("lss.soak.rounds", 0);
  private static final int PER_CENT = Integer.getInteger("lss.soak.growthPercent", 20);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void resident_memory_is_flat_after_warm_up(String backend) throws Exception {
    assertFlat(backend, COUNT, "once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void resident_memory_is_flat_over_rounds_of_open_segment_and_close(String backend)
      throws Exception {
    assumeTrue(ROUNDS > 0, "the profile soak runs it");
    assertFlat(backend, ROUNDS, TinyRun.REOPEN);
  }

  private void assertFlat(String backend, int count, String how) throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");

    List<Long> resident =
        TestJvm.run(
                folder,
                TinyRun.class,
                TestJvm.whole(),
                List.of(
                    TestJvm.cache(),
                    "-Xms128m",
                    "-Xmx128m",
                    "-XX:+AlwaysPreTouch",
                    "-XX:+UseSerialGC"),
                backend,
                String.valueOf(count),
                how)
            .out()
            .lines()
            .filter(line -> line.startsWith("resident "))
            .map(line -> Long.parseLong(line.substring("resident ".length())))
            .toList();

    assertThat(resident).hasSize(count);
    List<Long> warm = resident.subList(count / 4, count);
    long first = warm.get(0);
    long most = warm.stream().mapToLong(Long::longValue).max().orElseThrow();
    System.out.printf(
        "soak %s, opened %s: %d segmentations, resident %d MiB after %d, at most %d MiB then, %d MiB at the end%n",
        backend, how, count, first >> 10, count / 4, most >> 10, resident.get(count - 1) >> 10);
    assertThat(most)
        .as("KiB, after %d KiB", first)
        .isLessThanOrEqualTo(first + first * PER_CENT / 100);
  }
}
