package dev.lss.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedSessionTest {

  /** A network that is a Java function. */
  private static final class Fake extends CheckedSession {

    private final BiConsumer<FloatTensor, FloatTensor> network;
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();

    Fake(String name, BiConsumer<FloatTensor, FloatTensor> network) {
      super(name, spec("in"), spec("out"));
      this.network = network;
    }

    private static TensorSpec spec(String name) {
      int any = TensorSpec.ANY;
      return new TensorSpec(name, List.of(any, 1, any, any, any), List.of(1, 1, 1, 1, 1));
    }

    @Override
    protected void runOpen(FloatTensor in, FloatTensor out) {
      runs.incrementAndGet();
      network.accept(in, out);
    }

    @Override
    protected void release() {
      closes.incrementAndGet();
    }
  }

  private static Fake identity(String name) {
    return new Fake(name, (in, out) -> out.data().duplicate().put(in.data().duplicate().rewind()));
  }

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
    try (CheckedSession session = identity("tiny")) {
      session.run(in, out);
    }

    assertThat(out.data().get(1)).isEqualTo(7);
  }

  @Test
  void a_wrong_shape_never_reaches_the_session() {
    Fake fake = identity("tiny");
    try (CheckedSession session = fake) {
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
    try (CheckedSession session =
        new Fake("tiny/localizer", (x, y) -> y.data().put(19_999, value))) {
      assertThatThrownBy(() -> session.run(in, tensor(1, 1, 1, 1, 20_000)))
          .satisfies(e -> assertRefused(e, "NUMERIC"))
          .hasMessageStartingWith("tiny/localizer gave a result that is not finite for an input")
          .hasMessageEndingWith("or its weights are damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void an_input_that_is_not_finite_is_blamed_and_not_the_weights(float value) {
    FloatTensor in = tensor(1, 1, 1, 1, 20_000);
    in.data().put(19_999, value);
    try (CheckedSession session = identity("tiny")) {
      assertThatThrownBy(() -> session.run(in, tensor(1, 1, 1, 1, 20_000)))
          .satisfies(e -> assertRefused(e, "NUMERIC"))
          .hasMessage(
              "tiny was given an input that holds NaN or infinity, so its result does too: give"
                  + " finite values");
    }
  }

  @Test
  void the_largest_float_is_a_result() {
    FloatTensor in = tensor(1, 1, 1, 1, 1);
    FloatTensor out = tensor(1, 1, 1, 1, 1);
    in.data().put(0, -Float.MAX_VALUE);
    try (CheckedSession session = identity("tiny")) {
      session.run(in, out);
    }

    assertThat(out.data().get(0)).isEqualTo(-Float.MAX_VALUE);
  }

  @Test
  void use_after_close_is_refused_and_close_reaches_the_session_once() {
    Fake fake = identity("tiny");
    CheckedSession session = fake;
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
    Fake fake =
        new Fake(
            "tiny",
            (in, out) -> {
              running.countDown();
              try {
                finish.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    CheckedSession session = fake;
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
