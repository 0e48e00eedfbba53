package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedSessionTest {

  private static FloatTensor tensor(int... dims) {
    return FloatTensor.allocate(Shape.of(dims));
  }

  private static void assertRefused(Throwable thrown, String code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void a_run_reaches_the_session() {
    FloatTensor in = tensor(1, 1, 1, 1, 2);
    FloatTensor out = tensor(1, 1, 1, 1, 2);
    in.data().put(1, 7);
    try (GuardedSession session = new GuardedSession(FakeSession.identity(), "tiny")) {
      session.run(in, out);
    }

    assertThat(out.data().get(1)).isEqualTo(7);
  }

  @Test
  void a_wrong_shape_never_reaches_the_session() {
    FakeSession fake = FakeSession.identity();
    try (GuardedSession session = new GuardedSession(fake, "tiny")) {
      FloatTensor right = tensor(1, 1, 2, 2, 2);
      assertThatThrownBy(() -> session.run(tensor(1, 2, 2, 2, 2), right))
          .satisfies(e -> assertRefused(e, "WRONG_SHAPE"));
      assertThatThrownBy(() -> session.run(right, tensor(1, 2, 2, 2, 2)))
          .satisfies(e -> assertRefused(e, "WRONG_SHAPE"));
      assertThatThrownBy(() -> session.run(right, tensor(2, 1, 2, 2, 2)))
          .satisfies(e -> assertRefused(e, "WRONG_SHAPE"));
    }

    assertThat(fake.runs).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void a_result_that_is_not_finite_is_an_error(float value) {
    // The last of more than one chunk.
    FloatTensor in = tensor(1, 1, 1, 1, 20_000);
    in.data().put(19_999, value);
    try (GuardedSession session = new GuardedSession(FakeSession.identity(), "tiny/localizer")) {
      assertThatThrownBy(() -> session.run(in, tensor(1, 1, 1, 1, 20_000)))
          .satisfies(e -> assertRefused(e, "NUMERIC"))
          .hasMessageContaining("tiny/localizer");
    }
  }

  @Test
  void the_largest_float_is_a_result() {
    FloatTensor in = tensor(1, 1, 1, 1, 1);
    FloatTensor out = tensor(1, 1, 1, 1, 1);
    in.data().put(0, -Float.MAX_VALUE);
    try (GuardedSession session = new GuardedSession(FakeSession.identity(), "tiny")) {
      session.run(in, out);
    }

    assertThat(out.data().get(0)).isEqualTo(-Float.MAX_VALUE);
  }

  @Test
  void use_after_close_is_refused_and_close_reaches_the_session_once() {
    FakeSession fake = FakeSession.identity();
    GuardedSession session = new GuardedSession(fake, "tiny");
    session.close();
    session.close();

    assertThat(fake.closes).hasValue(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> session.run(tensor(1, 1, 1, 1, 1), tensor(1, 1, 1, 1, 1)))
        .withMessage("the session of tiny is closed");
  }

  @Test
  void close_waits_for_a_running_tile() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    FakeSession fake =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              running.countDown();
              try {
                finish.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    GuardedSession session = new GuardedSession(fake, "tiny");
    Thread tile = new Thread(() -> session.run(tensor(1, 1, 1, 1, 1), tensor(1, 1, 1, 1, 1)));
    tile.start();
    running.await();
    Thread closer = new Thread(session::close);
    closer.start();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(fake.closes).hasValue(0);
    finish.countDown();
    closer.join(TimeUnit.MINUTES.toMillis(1));
    tile.join();

    assertThat(fake.closes).hasValue(1);
  }
}
