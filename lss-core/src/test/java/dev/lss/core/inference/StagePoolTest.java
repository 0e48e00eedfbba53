package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagePoolTest {

  @ParameterizedTest
  @CsvSource({"1,0", "1,1", "1,100", "2,1", "2,3", "3,1000", "8,17"})
  void every_index_is_worked_on_once(int threads, int count) {
    AtomicIntegerArray hits = new AtomicIntegerArray(count);
    try (StagePool pool = new StagePool(threads)) {
      pool.forEach(
          count,
          (from, to) -> {
            for (int n = from; n < to; n++) {
              hits.incrementAndGet(n);
            }
          });
    }

    for (int n = 0; n < count; n++) {
      assertThat(hits.get(n)).isEqualTo(1);
    }
  }

  @Test
  void loops_may_be_nested() {
    AtomicInteger total = new AtomicInteger();
    try (StagePool pool = new StagePool(3)) {
      pool.forEach(
          20, (from, to) -> pool.forEach(10, (a, b) -> total.addAndGet((to - from) * (b - a))));
    }

    assertThat(total).hasValue(200);
  }

  @Test
  void a_failure_in_a_slab_reaches_the_caller_and_the_pool_lives_on() {
    try (StagePool pool = new StagePool(4)) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  pool.forEach(
                      100,
                      (from, to) -> {
                        throw new IllegalStateException("slab");
                      }))
          .withMessage("slab");
      AtomicInteger total = new AtomicInteger();
      pool.forEach(100, (from, to) -> total.addAndGet(to - from));
      assertThat(total).hasValue(100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void a_token_stops_the_work_before_all_slabs_are_done(int threads) {
    CancellationToken token = new CancellationToken();
    AtomicInteger slabs = new AtomicInteger();
    try (StagePool pool = new StagePool(threads)) {
      assertThatExceptionOfType(CancelledException.class)
          .isThrownBy(
              () ->
                  pool.forEach(
                      1000,
                      token,
                      (from, to) -> {
                        slabs.incrementAndGet();
                        token.cancel();
                      }));
    }

    assertThat(slabs.get()).isBetween(1, threads);
  }

  @Test
  void an_interrupt_cancels_and_stays_set() {
    try (StagePool pool = new StagePool(2)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(CancelledException.class)
          .isThrownBy(() -> pool.forEach(10, (from, to) -> {}));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_closed_pool_refuses_work_and_closes_again() {
    StagePool pool = new StagePool(2);
    pool.close();
    pool.close();

    assertThatIllegalStateException().isThrownBy(() -> pool.forEach(1, (from, to) -> {}));
  }

  @Test
  void fewer_than_one_thread_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StagePool(0))
        .withMessage("threads must be at least 1, was 0");
  }
}
