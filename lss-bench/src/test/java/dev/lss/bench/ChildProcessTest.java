package dev.lss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

  private static final BenchCase CASE =
      new BenchCase(
          "onnx",
          Optional.of(new Device(Device.Kind.CUDA, 1)),
          Precision.FP32,
          2,
          PhantomSize.SMALL,
          3);

  private static Outcome measure(Class<?> main) throws IOException {
    return new ChildProcess(main, Duration.ofMinutes(2)).measure(CASE, new CancellationToken());
  }

  /** Answers as the measuring process does, with what it was asked as the runtime's version. */
  static final class Answering {
    public static void main(String[] args) {
      System.out.println("a runtime says hello");
      System.out.println(
          OutcomeJson.write(
              new Outcome.Measured(
                  String.join(" ", args), "cpu", 1, 2, 3, 50, 40, OptionalLong.empty())));
      System.out.println();
    }
  }

  /** Dies as a runtime does that meets what it did not expect. */
  static final class Crashing {
    public static void main(String[] args) {
      System.err.println("could not create a primitive descriptor");
      Runtime.getRuntime().halt(134);
    }
  }

  /** Says something that is no outcome. */
  static final class Babbling {
    public static void main(String[] args) {
      System.out.println("{\"half\": ");
    }
  }

  /** Never ends. */
  static final class Hanging {
    public static void main(String[] args) throws InterruptedException {
      Thread.sleep(Duration.ofHours(1).toMillis());
    }
  }

  @Test
  void the_last_line_is_the_outcome_and_the_process_knows_its_case() throws IOException {
    assertThat(measure(Answering.class))
        .isEqualTo(
            new Outcome.Measured(
                "onnx cuda:1 FP32 2 SMALL 3", "cpu", 1, 2, 3, 50, 40, OptionalLong.empty()));
  }

  @Test
  void a_process_that_crashes_is_an_outcome_with_its_last_words() throws IOException {
    assertThat(measure(Crashing.class))
        .isEqualTo(
            new Outcome.Failed(
                "the process ended with exit code 134: could not create a primitive descriptor"));
  }

  @Test
  void what_is_no_outcome_is_not_taken_for_one() throws IOException {
    assertThat(measure(Babbling.class))
        .isEqualTo(new Outcome.Failed("the process ended with exit code 0"));
  }

  @Test
  void a_process_that_hangs_is_ended() throws IOException {
    Outcome outcome =
        new ChildProcess(Hanging.class, Duration.ofSeconds(1))
            .measure(CASE, new CancellationToken());

    assertThat(outcome).isEqualTo(new Outcome.Failed("it did not end within 1 s"));
  }

  @Test
  void a_cancelled_measurement_ends_its_process() {
    CancellationToken token = new CancellationToken();
    token.cancel();
    List<ProcessHandle> before = ProcessHandle.current().children().toList();

    assertThatThrownBy(
            () -> new ChildProcess(Hanging.class, Duration.ofMinutes(2)).measure(CASE, token))
        .isInstanceOf(CancelledException.class);

    assertThat(ProcessHandle.current().children().filter(p -> !before.contains(p)))
        .allMatch(
            child ->
                child.onExit().orTimeout(1, java.util.concurrent.TimeUnit.MINUTES).join() != null);
  }
}
