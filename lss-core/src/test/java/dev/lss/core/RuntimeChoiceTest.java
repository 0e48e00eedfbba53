package dev.lss.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.Provenance;
import dev.lss.api.model.ModelFormat;
import dev.lss.spi.BackendStatus;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuntimeChoiceTest {

  private static final Device CUDA = new Device(Device.Kind.CUDA, 0);

  private static RuntimeChoice with(BackendStatus status) {
    RuntimeChoice choice = new RuntimeChoice();
    choice.threads = 2;
    choice.backend =
        Optional.of(
            new InferenceBackend() {
              @Override
              public String id() {
                return "fake";
              }

              @Override
              public int spiVersion() {
                return InferenceBackend.SPI_VERSION;
              }

              @Override
              public Set<ModelFormat> formats() {
                return Set.of();
              }

              @Override
              public BackendStatus probe() {
                return status;
              }

              @Override
              public InferenceSession open(ModelSource model, SessionConfig config) {
                throw new AssertionError("nothing is opened here");
              }
            });
    return choice;
  }

  private static RuntimeChoice withDevices(Device... devices) {
    return with(new BackendStatus.Available("1.2", List.of(devices)));
  }

  @Test
  void without_a_device_the_best_that_the_backend_has_runs_and_provenance_says_which() {
    ChosenRuntime chosen = withDevices(CUDA, Device.CPU).choose(Set.of());

    assertThat(chosen.config()).isEqualTo(new SessionConfig(CUDA, 2, Precision.FP32));
    Provenance said = chosen.provenance(new Provenance.ModelRef("model", "1", "hash"));
    assertThat(said.backend()).contains(new Provenance.BackendRef("fake", "1.2", "cuda:0"));
    assertThat(said.precision()).isEqualTo("fp32");
  }

  @Test
  void a_device_that_is_named_is_the_one_that_is_asked_for_whatever_the_backend_has() {
    RuntimeChoice choice = withDevices(CUDA, Device.CPU);
    choice.device = Optional.of(Device.CPU);
    assertThat(choice.choose(Set.of()).config().device()).isEqualTo(Device.CPU);

    RuntimeChoice missing = withDevices(Device.CPU);
    missing.device = Optional.of(CUDA);
    assertThat(missing.choose(Set.of()).config().device()).isEqualTo(CUDA);
  }

  @Test
  void a_precision_that_is_named_reaches_session_and_provenance() {
    RuntimeChoice choice = withDevices(Device.CPU);
    choice.precision = Precision.BF16;

    ChosenRuntime chosen = choice.choose(Set.of());

    assertThat(chosen.config().precision()).isEqualTo(Precision.BF16);
    assertThat(chosen.provenance(new Provenance.ModelRef("model", "1", "hash")).precision())
        .isEqualTo("bf16");
  }

  @Test
  void a_backend_that_was_handed_in_and_does_not_work_is_an_error_with_its_reason() {
    RuntimeChoice choice =
        with(new BackendStatus.Unavailable("its library is missing", Optional.empty()));

    assertThatThrownBy(() -> choice.choose(Set.of()))
        .isInstanceOf(BackendException.class)
        .hasMessage("no backend can run here; fake: its library is missing")
        .extracting("code")
        .isEqualTo("NO_BACKEND");
  }
}
