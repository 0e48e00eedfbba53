package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.Shape;
import dev.lss.testkit.SampleNetwork;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerSizesTest {

  private static Layer convolution(String name, String input, int kernel, int padding) {
    return new Layer.Convolution(
        name,
        input,
        List.of(kernel, kernel),
        List.of(2, 1),
        List.of(padding, 0),
        3,
        "w",
        Optional.empty());
  }

  @Test
  void a_u_net_gives_the_size_that_it_takes() {
    assertThat(LayerSizes.output(SampleNetwork.uNet(3, 4, 3).network(), Shape.of(1, 1, 8, 12, 4)))
        .isEqualTo(Shape.of(1, 3, 8, 12, 4));
  }

  @Test
  void a_convolution_gives_as_many_values_as_there_are_windows() {
    Network network = new Network(2, 1, List.of(convolution("c", "input", 3, 1)), "c");

    // (7 + 2 - 3) / 2 + 1 = 4 and (5 - 3) / 1 + 1 = 3
    assertThat(LayerSizes.output(network, Shape.of(2, 1, 7, 5))).isEqualTo(Shape.of(2, 3, 4, 3));
  }

  @Test
  void pools_divide_and_upsampling_multiplies() {
    Network network =
        new Network(
            2,
            1,
            List.of(
                new Layer.MaxPool("down", "input", List.of(2, 2), List.of(2, 2)),
                new Layer.Upsample("up", "down", Layer.Interpolation.LINEAR, List.of(3, 1))),
            "up");

    assertThat(LayerSizes.output(network, Shape.of(1, 1, 4, 6))).isEqualTo(Shape.of(1, 1, 6, 3));
  }

  @Test
  void an_input_smaller_than_a_window_is_refused_with_the_layer() {
    Network network = new Network(2, 1, List.of(convolution("c", "input", 5, 0)), "c");

    assertThatThrownBy(() -> LayerSizes.output(network, Shape.of(1, 1, 8, 4)))
        .isInstanceOf(BackendException.class)
        .hasMessage("an input of 1 x 1 x 8 x 4 is too small: nothing is left of it at the layer c");
  }

  @Test
  void results_that_meet_in_different_sizes_are_refused_with_both() {
    Network network =
        new Network(
            2,
            1,
            List.of(
                new Layer.MaxPool("half", "input", List.of(2, 2), List.of(2, 2)),
                new Layer.Concatenate("both", List.of("input", "half"))),
            "both");

    assertThatThrownBy(() -> LayerSizes.output(network, Shape.of(1, 1, 4, 6)))
        .isInstanceOf(BackendException.class)
        .hasMessage("the layer both joins results of the sizes [4, 6] and [2, 3]");
  }
}
