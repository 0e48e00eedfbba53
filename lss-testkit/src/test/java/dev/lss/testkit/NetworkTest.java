package dev.lss.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.ModelException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Networks and their weights; here and not beside them, because the samples are. */
class NetworkTest {

  private static Layer.Convolution convolution(String name, String input, int out, int stride) {
    return new Layer.Convolution(
        name,
        input,
        List.of(3, 3, 3),
        List.of(stride, stride, stride),
        List.of(1, 1, 1),
        out,
        name + ".weight",
        Optional.of(name + ".bias"));
  }

  private static Network network(Layer... layers) {
    return new Network(3, 2, List.of(layers), layers[layers.length - 1].name());
  }

  @Test
  void channels_follow_from_the_layers() {
    Network network =
        network(
            convolution("a", Network.INPUT, 8, 1),
            new Layer.Relu("b", "a"),
            new Layer.Concatenate("c", List.of("b", "a", Network.INPUT)));

    assertThat(network.channelsByLayer())
        .containsEntry(Network.INPUT, 2)
        .containsEntry("b", 8)
        .containsEntry("c", 18);
    assertThat(network.outputChannels()).isEqualTo(18);
  }

  @Test
  void sizes_are_multiples_of_the_total_strides() {
    assertThat(SampleNetwork.uNet(3, 4, 5).network().sizeMultiples()).containsExactly(16, 16, 16);
    assertThat(SampleNetwork.uNet(2, 4, 3).network().sizeMultiples()).containsExactly(4, 4);
    assertThat(network(new Layer.Relu("a", Network.INPUT)).sizeMultiples())
        .containsExactly(1, 1, 1);
  }

  @Test
  void strides_are_counted_for_each_axis() {
    Network network =
        network(
            new Layer.MaxPool("a", Network.INPUT, List.of(1, 2, 2), List.of(1, 2, 2)),
            new Layer.AveragePool("b", "a", List.of(2, 2, 2), List.of(2, 2, 2)),
            new Layer.Upsample("c", "b", Layer.Interpolation.NEAREST, List.of(2, 4, 4)));

    assertThat(network.sizeMultiples()).containsExactly(2, 4, 4);
  }

  @Test
  void strides_of_branches_have_a_common_multiple() {
    Network network =
        network(
            new Layer.MaxPool("a", Network.INPUT, List.of(2, 2, 2), List.of(2, 2, 2)),
            new Layer.Upsample("b", "a", Layer.Interpolation.NEAREST, List.of(2, 2, 2)),
            new Layer.MaxPool("c", "b", List.of(3, 3, 1), List.of(3, 3, 1)),
            new Layer.Upsample("d", "c", Layer.Interpolation.NEAREST, List.of(3, 3, 1)));

    assertThat(network.sizeMultiples()).containsExactly(6, 6, 2);
  }

  @Test
  void a_layer_that_nobody_feeds_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(new Layer.Relu("a", "later"), new Layer.Relu("later", "a")))
        .withMessage("layer a is fed by \"later\", which no earlier layer gives");
  }

  @Test
  void two_layers_of_one_name_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> network(new Layer.Relu("a", Network.INPUT), new Layer.Relu("a", Network.INPUT)))
        .withMessage("two layers are named a");
  }

  @Test
  void a_layer_with_the_inputs_name_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(new Layer.Relu(Network.INPUT, Network.INPUT)));
  }

  @Test
  void an_output_that_is_no_layer_is_refused() {
    List<Layer> layers = List.of(new Layer.Relu("a", Network.INPUT));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(3, 1, layers, "b"))
        .withMessage("the output \"b\" is no layer");
    assertThatIllegalArgumentException().isThrownBy(() -> new Network(3, 1, layers, Network.INPUT));
  }

  @Test
  void a_network_without_layers_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Network(3, 1, List.of(), "a"));
  }

  @Test
  void spatial_ranks_other_than_2_and_3_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network(1, 1, List.of(new Layer.Relu("a", Network.INPUT)), "a"))
        .withMessage("spatialRank must be 2 or 3, was 1");
  }

  @Test
  void a_sum_of_different_channels_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                network(
                    convolution("a", Network.INPUT, 8, 1),
                    new Layer.Add("sum", "a", Network.INPUT)))
        .withMessage("layer sum adds 2 channels to 8");
  }

  @Test
  void a_sum_of_more_than_127_channels_is_compared_by_value() {
    assertThat(
            network(
                    convolution("a", Network.INPUT, 320, 1),
                    convolution("b", Network.INPUT, 320, 1),
                    new Layer.Add("sum", "a", "b"))
                .outputChannels())
        .isEqualTo(320);
  }

  @Test
  void a_kernel_of_the_wrong_rank_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                network(new Layer.MaxPool("pool", Network.INPUT, List.of(2, 2), List.of(2, 2, 2))))
        .withMessage("layer pool: kernel must be 3 numbers of at least 1, was [2, 2]");
  }

  @Test
  void a_stride_of_zero_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(convolution("a", Network.INPUT, 8, 0)))
        .withMessage("layer a: stride must be 3 numbers of at least 1, was [0, 0, 0]");
  }

  @Test
  void a_convolution_without_output_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(convolution("a", Network.INPUT, 0, 1)))
        .withMessage("layer a: outChannels must be at least 1, was 0");
  }

  @Test
  void weights_that_fit_are_counted() {
    FixedWeights weights =
        new FixedWeights(1).random("a.weight", 8, 2, 3, 3, 3).random("a.bias", 8);

    assertThat(network(convolution("a", Network.INPUT, 8, 1)).requireWeights(weights))
        .isEqualTo(8 * 2 * 27 + 8);
  }

  @Test
  void a_bias_of_the_wrong_length_is_refused() {
    FixedWeights weights =
        new FixedWeights(1).random("a.weight", 8, 2, 3, 3, 3).random("a.bias", 7);

    assertThatThrownBy(() -> network(convolution("a", Network.INPUT, 8, 1)).requireWeights(weights))
        .isInstanceOf(ModelException.class)
        .hasMessage("layer a needs the tensor \"a.bias\" as [8], found [7]")
        .extracting("code")
        .isEqualTo("WRONG_WEIGHTS");
  }

  @Test
  void the_weights_of_a_transposed_convolution_have_the_input_channels_first() {
    Network network =
        network(
            new Layer.TransposedConvolution(
                "up", Network.INPUT, List.of(2, 2, 1), 8, "w", Optional.empty()));

    assertThat(network.requireWeights(new FixedWeights(1).random("w", 2, 8, 2, 2, 1)))
        .isEqualTo(64);
    assertThatThrownBy(() -> network.requireWeights(new FixedWeights(1).random("w", 8, 2, 2, 2, 1)))
        .isInstanceOf(ModelException.class);
  }

  @Test
  void a_missing_tensor_is_named() {
    Network network =
        network(new Layer.InstanceNorm("norm", Network.INPUT, 1e-5, "scale", "shift"));

    assertThatThrownBy(() -> network.requireWeights(new FixedWeights(1).random("scale", 2)))
        .isInstanceOf(ModelException.class)
        .hasMessage("layer norm needs the tensor \"shift\", which the weights do not hold")
        .extracting("code")
        .isEqualTo("MISSING_WEIGHTS");
  }

  @Test
  void the_names_of_tensors_come_in_the_order_of_the_layers() {
    Network network =
        network(
            convolution("a", Network.INPUT, 8, 1),
            new Layer.InstanceNorm("n", "a", 1e-5, "scale", "shift"),
            convolution("b", "n", 8, 1));

    assertThat(network.tensorNames())
        .containsExactly("a.weight", "a.bias", "scale", "shift", "b.weight", "b.bias");
  }

  @Test
  void the_last_convolutions_are_those_with_none_behind() {
    Network network =
        network(
            convolution("a", Network.INPUT, 8, 1),
            convolution("b", "a", 8, 1),
            new Layer.TransposedConvolution("c", "a", List.of(1, 1, 1), 8, "w", Optional.empty()),
            new Layer.Add("sum", "b", "c"),
            new Layer.Softmax("out", "sum"));

    assertThat(network.lastConvolutions()).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void results_are_counted_from_their_layer_to_the_last_one_that_they_feed() {
    Network network =
        network(
            convolution("a", Network.INPUT, 8, 1), // 8 x 64 values of 4 x 4 x 4 voxels
            new Layer.Relu("skip", "a"), // in place
            convolution("b", "skip", 16, 2), // 16 x 8
            new Layer.TransposedConvolution("c", "b", List.of(2, 2, 2), 8, "w", Optional.empty()),
            new Layer.Concatenate("joined", List.of("c", "skip")),
            convolution("d", "joined", 1, 1));

    // skip and c are there while both are joined: 512 + 512 + 1024 values.
    assertThat(network.liveBytes(List.of(4, 4, 4))).isEqualTo(4 * 2048);
    assertThat(network.liveBytes(List.of(8, 4, 4))).isEqualTo(2 * 4 * 2048);
  }

  private static Network flat(Layer... layers) {
    return new Network(2, 1, List.of(layers), layers[layers.length - 1].name());
  }

  private static Layer wide(int kernel, int padding) {
    return new Layer.Convolution(
        "c",
        Network.INPUT,
        List.of(kernel, kernel),
        List.of(2, 1),
        List.of(padding, 0),
        3,
        "w",
        Optional.empty());
  }

  @Test
  void a_u_net_gives_the_size_that_it_takes() {
    assertThat(SampleNetwork.uNet(3, 4, 3).network().outputSize(List.of(8, 12, 4)))
        .containsExactly(8, 12, 4);
  }

  @Test
  void a_convolution_gives_as_many_values_as_there_are_windows() {
    // (7 + 2 - 3) / 2 + 1 = 4 and (5 - 3) / 1 + 1 = 3
    assertThat(flat(wide(3, 1)).outputSize(List.of(7, 5))).containsExactly(4, 3);
  }

  @Test
  void pools_divide_and_upsampling_multiplies() {
    Network network =
        flat(
            new Layer.MaxPool("down", Network.INPUT, List.of(2, 2), List.of(2, 2)),
            new Layer.Upsample("up", "down", Layer.Interpolation.LINEAR, List.of(3, 1)));

    assertThat(network.outputSize(List.of(4, 6))).containsExactly(6, 3);
  }

  @Test
  void an_input_smaller_than_a_window_is_refused_with_the_layer() {
    Network network = flat(wide(5, 0));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.outputSize(List.of(8, 4)))
        .withMessage("it is too small, nothing is left of it at the layer c");
    assertThatThrownBy(
            () ->
                new Described("tiny", network, new FixedWeights(1))
                    .outputShape(Shape.of(1, 1, 8, 4)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "an input of 1 x 1 x 8 x 4 does not go through tiny: it is too small, nothing is left"
                + " of it at the layer c");
  }

  @Test
  void results_that_meet_in_different_sizes_are_refused_with_both() {
    Network network =
        flat(
            new Layer.MaxPool("half", Network.INPUT, List.of(2, 2), List.of(2, 2)),
            new Layer.Concatenate("both", List.of(Network.INPUT, "half")));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.outputSize(List.of(4, 6)))
        .withMessage("the layer both joins results of the sizes [4, 6] and [2, 3]");
  }

  @Test
  void a_visitor_that_does_not_know_a_kind_refuses_it_by_name() {
    Layer layer = new Layer.Relu("act3", "norm3");

    assertThatThrownBy(() -> layer.accept(new Layer.Visitor<String>() {}))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("the layer act3 is of the kind Relu, which")
        .extracting("code")
        .isEqualTo("LAYER_UNSUPPORTED");
  }
}
