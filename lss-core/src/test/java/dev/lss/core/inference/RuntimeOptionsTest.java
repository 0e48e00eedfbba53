package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lss.spi.Device;
import dev.lss.spi.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeOptionsTest {

  @Test
  void without_any_choice_nothing_is_asked_for() {
    RuntimeOptions none = RuntimeOptions.DEFAULT;

    assertThat(none.backend()).isEmpty();
    assertThat(none.device()).isEmpty();
    assertThat(none.precision()).isEqualTo(Precision.FP32);
    assertThat(none.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(none.stageThreads()).isEqualTo(none.threads());
    assertThat(none.maxMemoryBytes()).isEmpty();
    assertThat(none.tileStep()).isEmpty();
    assertThat(none.mirroring()).isTrue();
    assertThat(none.arithmetic()).isEqualTo(Arithmetic.FP32);
    assertThat(none.trustCode()).isFalse();
  }

  @Test
  void a_copy_holds_every_choice_and_can_change_one() {
    RuntimeOptions all =
        RuntimeOptions.builder()
            .backend("onnx")
            .device(Device.CPU)
            .precision(Precision.BF16)
            .threads(3)
            .stageThreads(5)
            .maxMemoryBytes(7)
            .tileStep(0.75)
            .mirroring(false)
            .arithmetic(Arithmetic.EXACT)
            .trustCode()
            .build();

    assertThat(all.toBuilder().build()).usingRecursiveComparison().isEqualTo(all);
    RuntimeOptions other = all.toBuilder().threads(4).build();
    assertThat(other.threads()).isEqualTo(4);
    assertThat(other.stageThreads()).isEqualTo(5);
    assertThat(all.threads()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void a_step_outside_0_to_1_is_refused(double step) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.builder().tileStep(step))
        .withMessage("the tile step must lie in (0, 1], was " + step);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void fewer_than_one_thread_or_byte_is_refused(int count) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.builder().threads(count))
        .withMessage("threads must be at least 1, was " + count);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.builder().stageThreads(count))
        .withMessage("stageThreads must be at least 1, was " + count);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeOptions.builder().maxMemoryBytes(count))
        .withMessage("the memory limit must be at least 1 byte, was " + count);
  }

  @Test
  void null_is_refused_by_name() {
    assertThatNullPointerException()
        .isThrownBy(() -> RuntimeOptions.builder().precision(null))
        .withMessage("precision");
    assertThatNullPointerException()
        .isThrownBy(() -> RuntimeOptions.builder().arithmetic(null))
        .withMessage("arithmetic");
  }
}
