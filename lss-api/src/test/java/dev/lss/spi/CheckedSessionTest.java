package dev.lss.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedSessionTest {

  /** A network that is a Java function. */
  private static final class Fake extends CheckedSession {

    private final BiConsumer<FloatTensor, FloatTensor> network;
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    Runnable stop = () -> {};

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
    protected void stop(FloatTensor in, FloatTensor out) {
      stop.run();
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

  /** A network that works until it is let go, whatever is asked of it. */
  private static final class Stuck {

    final CountDownLatch running = new CountDownLatch(1);
    final CountDownLatch finish = new CountDownLatch(1);
    final CancellationToken token = new CancellationToken();
    final Fake session = new Fake("tiny", (in, out) -> work());

    private void work() {
      running.countDown();
      boolean done = false;
      while (!done) {
        try {
          done = finish.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          // as native code, it does not notice
        }
      }
    }

    void run() {
      session.run(tensor(1, 1, 1, 1, 1), tensor(1, 1, 1, 1, 1), token);
    }

    /** Runs and cancels; returns how long that took from there, in milliseconds. */
    long cancelled() throws InterruptedException {
      AtomicLong at = new AtomicLong();
      Thread user =
          new Thread(
              () -> {
                try {
                  running.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                at.set(System.nanoTime());
                token.cancel();
              });
      user.start();
      assertThatExceptionOfType(CancelledException.class)
          .isThrownBy(this::run)
          .withMessageContaining("tiny still works on its last tile");
      user.join();
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at.get());
    }
  }

  private static void waitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void a_run_that_can_be_cancelled_gives_the_same_and_leaves_the_session_open() {
    FloatTensor in = tensor(1, 1, 1, 1, 2);
    FloatTensor out = tensor(1, 1, 1, 1, 2);
    in.data().put(1, 7);
    try (CheckedSession session = identity("tiny")) {
      session.run(in, out, new CancellationToken());
      session.run(in, out);

      assertThat(out.data().get(1)).isEqualTo(7);
      assertThatThrownBy(() -> session.run(in, tensor(1, 2, 1, 1, 2), new CancellationToken()))
          .satisfies(e -> assertRefused(e, "WRONG_SHAPE"));
    }
  }

  @Test
  void a_token_that_is_set_already_keeps_the_run_from_the_session() {
    Fake fake = identity("tiny");
    CancellationToken token = new CancellationToken();
    token.cancel();
    FloatTensor x = tensor(1, 1, 1, 1, 1);

    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(() -> fake.run(x, tensor(1, 1, 1, 1, 1), token));
    assertThat(fake.runs).hasValue(0);
    fake.run(x, tensor(1, 1, 1, 1, 1), new CancellationToken());
    fake.close();
  }

  @Test
  void cancelling_a_run_that_does_not_stop_ends_within_a_second() throws InterruptedException {
    Stuck stuck = new Stuck();

    assertThat(stuck.cancelled()).isBetween(400L, 1000L);
    stuck.finish.countDown();
  }

  @Test
  void an_interrupt_cancels_too_and_stays_set() throws InterruptedException {
    Stuck stuck = new Stuck();
    Thread caller = Thread.currentThread();
    Thread user =
        new Thread(
            () -> {
              try {
                stuck.running.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              caller.interrupt();
            });
    user.start();

    assertThatExceptionOfType(CancelledException.class).isThrownBy(stuck::run);

    assertThat(Thread.interrupted()).isTrue();
    user.join();
    stuck.finish.countDown();
  }

  @Test
  void a_session_that_was_given_up_says_so_and_is_released_when_the_runtime_returns()
      throws InterruptedException {
    Stuck stuck = new Stuck();
    stuck.cancelled();

    FloatTensor x = tensor(1, 1, 1, 1, 1);
    assertThatThrownBy(() -> stuck.session.run(x, tensor(1, 1, 1, 1, 1), new CancellationToken()))
        .satisfies(e -> assertRefused(e, "SESSION_ABANDONED"))
        .hasMessage(
            "tiny was given up, as it was cancelled while the runtime worked and did not stop: open"
                + " the model again");
    assertThat(stuck.session.runs).hasValue(1);
    stuck.session.close(); // does not wait
    assertThat(stuck.session.closes).hasValue(0);
    stuck.finish.countDown();
    waitUntil(() -> stuck.session.closes.get() == 1);
    stuck.session.close();
    assertThat(stuck.session.closes).hasValue(1);
  }

  @Test
  void a_session_that_was_given_up_is_released_without_being_closed() throws InterruptedException {
    Stuck stuck = new Stuck();
    stuck.cancelled();
    stuck.finish.countDown();

    waitUntil(() -> stuck.session.closes.get() == 1);
  }

  @Test
  void closing_that_waits_for_a_run_ends_when_the_run_is_given_up() throws InterruptedException {
    Stuck stuck = new Stuck();
    Thread closer =
        new Thread(
            () -> {
              try {
                stuck.running.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              stuck.session.close();
            });
    closer.start();
    stuck.cancelled();
    closer.join(TimeUnit.SECONDS.toMillis(10));

    assertThat(closer.isAlive()).isFalse();
    assertThat(stuck.session.closes).hasValue(0);
    stuck.finish.countDown();
    waitUntil(() -> stuck.session.closes.get() == 1);
  }

  @Test
  void a_run_that_stops_when_it_is_asked_leaves_the_session_open() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    Fake fake =
        new Fake(
            "tiny",
            (in, out) -> {
              running.countDown();
              try {
                stop.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              throw new BackendException("RUN_FAILED", "stopped");
            });
    fake.stop = stop::countDown;
    CancellationToken token = new CancellationToken();
    FloatTensor x = tensor(1, 1, 1, 1, 1);
    Thread user =
        new Thread(
            () -> {
              try {
                running.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              token.cancel();
            });
    user.start();

    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(() -> fake.run(x, tensor(1, 1, 1, 1, 1), token))
        .withMessage("the work was cancelled");

    user.join();
    assertThatThrownBy(() -> fake.run(x, tensor(1, 1, 1, 1, 1)))
        .satisfies(e -> assertRefused(e, "RUN_FAILED"));
    fake.close();
    assertThat(fake.closes).hasValue(1);
  }

  @Test
  void other_runs_of_a_session_that_is_given_up_go_on_to_their_end() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    CountDownLatch finish = new CountDownLatch(1);
    Fake fake =
        new Fake(
            "tiny",
            (in, out) -> {
              both.countDown();
              try {
                finish.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              out.data().put(0, 5);
            });
    CancellationToken token = new CancellationToken();
    FloatTensor out = tensor(1, 1, 1, 1, 1);
    Thread stays = new Thread(() -> fake.run(tensor(1, 1, 1, 1, 1), out, new CancellationToken()));
    Thread leaves =
        new Thread(
            () ->
                assertThatExceptionOfType(CancelledException.class)
                    .isThrownBy(
                        () -> fake.run(tensor(1, 1, 1, 1, 1), tensor(1, 1, 1, 1, 1), token)));
    stays.start();
    leaves.start();
    both.await();
    token.cancel();
    leaves.join();
    fake.close();
    assertThat(fake.closes).hasValue(0);
    finish.countDown();
    stays.join();

    assertThat(out.data().get(0)).isEqualTo(5);
    waitUntil(() -> fake.closes.get() == 1);
  }
}
