package dev.lss.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.ResourceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes, tensors, and what a model asks of them. */
class TensorsTest {

  private static final Shape SHAPE = Shape.of(1, 2, 3, 4, 5);

  private static ByteBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES);
  }

  @Test
  void a_shape_lists_its_sizes_slowest_first() {
    assertThat(SHAPE.size()).isEqualTo(120);
    assertThat(SHAPE.rank()).isEqualTo(5);
    assertThat(SHAPE.get(4)).isEqualTo(5);
    assertThat(SHAPE.toLongArray()).containsExactly(1, 2, 3, 4, 5);
    assertThat(SHAPE).hasToString("1 x 2 x 3 x 4 x 5");
  }

  @Test
  void a_size_below_one_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(1, 0, 3))
        .withMessage("sizes must be at least 1, were [1, 0, 3]");
  }

  @Test
  void more_floats_than_a_buffer_holds_are_refused_with_both_numbers() {
    assertThatThrownBy(() -> Shape.of(1, 1, 1024, 1024, 512))
        .isInstanceOf(ResourceException.class)
        .hasMessage(
            "a tensor holds at most 536870911 floats, asked for [1, 1, 1024, 1024, 512] ="
                + " 536870912");
  }

  @Test
  void more_values_than_a_long_counts_are_refused() {
    int n = Integer.MAX_VALUE;

    assertThatThrownBy(() -> Shape.of(n, n, n, n)).isInstanceOf(ResourceException.class);
  }

  @Test
  void a_new_tensor_is_direct_native_and_zero() {
    FloatTensor tensor = FloatTensor.allocate(SHAPE);

    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(tensor.data().capacity()).isEqualTo(120);
    assertThat(tensor.data().get(119)).isZero();
  }

  @Test
  void a_heap_buffer_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatTensor(SHAPE, FloatBuffer.allocate(120)))
        .withMessage("a tensor needs a direct buffer in native byte order");
  }

  @Test
  void a_buffer_in_foreign_byte_order_is_refused() {
    ByteOrder foreign =
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatTensor(SHAPE, direct(120).order(foreign).asFloatBuffer()));
  }

  @Test
  void a_buffer_of_another_size_is_refused() {
    FloatBuffer large = direct(121).order(ByteOrder.nativeOrder()).asFloatBuffer();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatTensor(SHAPE, large))
        .withMessage("a tensor of 1 x 2 x 3 x 4 x 5 needs 120 floats, got 121");
  }

  private static final TensorSpec SPEC =
      new TensorSpec(
          "input",
          List.of(TensorSpec.ANY, 2, TensorSpec.ANY, TensorSpec.ANY, 16),
          List.of(1, 1, 4, 8, 1));

  @Test
  void a_spec_takes_any_size_that_is_a_multiple() {
    assertThatCode(() -> SPEC.check(Shape.of(1, 2, 4, 8, 16))).doesNotThrowAnyException();
    assertThatCode(() -> SPEC.check(Shape.of(3, 2, 12, 24, 16))).doesNotThrowAnyException();
  }

  static List<Shape> misfits() {
    return List.of(
        Shape.of(1, 3, 4, 8, 16),
        Shape.of(1, 2, 6, 8, 16),
        Shape.of(1, 2, 4, 4, 16),
        Shape.of(1, 2, 4, 8, 32),
        Shape.of(1, 2, 4, 8),
        Shape.of(1, 1, 2, 4, 8, 16));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void a_spec_refuses_what_does_not_fit(Shape shape) {
    assertThatThrownBy(() -> SPEC.check(shape))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "tensor \"input\" takes [-1, 2, -1, -1, 16] (-1: any size) in multiples of"
                + " [1, 1, 4, 8, 1], was given "
                + shape);
  }

  @Test
  void a_spec_with_lists_of_different_lengths_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TensorSpec("input", List.of(1, 2), List.of(1)));
  }

  @Test
  void devices_are_named_cpu_and_cuda_n() {
    assertThat(Device.CPU).hasToString("cpu");
    assertThat(new Device(Device.Kind.CUDA, 1)).hasToString("cuda:1");
    assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
    assertThat(Device.parse("cuda:12")).isEqualTo(new Device(Device.Kind.CUDA, 12));
    for (String other : new String[] {"", "cuda", "cuda:", "cuda:-1", "cuda:1x", "cpu:0", "GPU"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Device.parse(other))
          .withMessage("a device is cpu or cuda:N with a number, was \"%s\"".formatted(other));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Device(Device.Kind.CPU, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Device(Device.Kind.CUDA, -1));
  }

  @Test
  void a_session_needs_a_thread() {
    assertThat(SessionConfig.cpu(2).precision()).hasToString("fp32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SessionConfig.cpu(0))
        .withMessage("threads must be at least 1, was 0");
  }
}
