package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageThreadsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 100})
  void every_index_is_worked_on_once(int count) {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      var visits = new AtomicIntegerArray(count);

      new StageThreads(8, pool)
          .forSlabs(
              count,
              (from, to) -> {
                for (int n = from; n < to; n++) {
                  visits.incrementAndGet(n);
                }
              });

      for (int n = 0; n < count; n++) {
        assertThat(visits.get(n)).isEqualTo(1);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void an_executor_that_never_starts_anything_blocks_nobody() {
    var visits = new AtomicIntegerArray(10);

    new StageThreads(4, task -> {}).forSlabs(10, (from, to) -> visits.addAndGet(from, to - from));

    int sum = 0;
    for (int n = 0; n < 10; n++) {
      sum += visits.get(n);
    }
    assertThat(sum).isEqualTo(10);
  }

  @Test
  void the_failure_of_the_first_failing_slab_is_passed_on() {
    assertThatThrownBy(
            () ->
                new StageThreads(3, Runnable::run)
                    .forSlabs(
                        3,
                        (from, to) -> {
                          if (from > 0) {
                            throw new IllegalStateException("slab " + from);
                          }
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("slab 1");
  }

  @Test
  void less_than_one_thread_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageThreads(0, Runnable::run))
        .withMessage("threads must be at least 1, was 0");
  }
}
