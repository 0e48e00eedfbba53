package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.FixedWeights;
import dev.lss.testkit.SampleNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class NetworkToTfTest {

  private static Layer.Convolution convolution(String name, String input, int stride) {
    return new Layer.Convolution(
        name, input, List.of(3, 3), List.of(stride, 1), List.of(1, 1), 1, "w", Optional.empty());
  }

  private static GraphDef translate(Precision precision, Layer... layers) {
    Network network = new Network(2, 1, List.of(layers), layers[layers.length - 1].name());
    return NetworkToTf.translate(network, new FixedWeights(1).random("w", 1, 1, 3, 3), precision);
  }

  private static List<NodeDef> nodes(GraphDef graph, String operator) {
    return graph.getNodeList().stream().filter(node -> node.getOp().equals(operator)).toList();
  }

  private static String padding(NodeDef node) {
    return node.getAttrOrThrow("padding").getS().toStringUtf8();
  }

  @Test
  void a_centred_convolution_needs_no_node_for_padding() {
    GraphDef graph = translate(Precision.FP32, convolution("a", "input", 1));

    assertThat(nodes(graph, "Conv2D")).extracting(NetworkToTfTest::padding).containsExactly("SAME");
    assertThat(nodes(graph, "Pad")).isEmpty();
  }

  @Test
  void a_convolution_with_a_stride_is_padded_first_because_same_pads_otherwise() {
    GraphDef graph = translate(Precision.FP32, convolution("a", "input", 2));

    assertThat(nodes(graph, "Conv2D"))
        .extracting(NetworkToTfTest::padding)
        .containsExactly("VALID");
    assertThat(nodes(graph, "Pad")).hasSize(1);
  }

  @Test
  void bf16_is_for_all_convolutions_but_the_last() {
    GraphDef graph =
        translate(
            Precision.BF16,
            convolution("a", "input", 1),
            convolution("b", "a", 1),
            new Layer.Relu("c", "b"));

    assertThat(nodes(graph, "Conv2D"))
        .extracting(node -> node.getAttrOrThrow("T").getType())
        .containsExactly(DataType.DT_BFLOAT16, DataType.DT_FLOAT);
    assertThat(nodes(graph, "Relu"))
        .extracting(node -> node.getAttrOrThrow("T").getType())
        .containsExactly(DataType.DT_FLOAT);
  }

  @Test
  void bf16_constants_are_the_nearest_with_ties_to_even() {
    TfGraph graph = new TfGraph();
    // 1 + 2^-8 lies between 1 (3f80) and 1 + 2^-7 (3f81), and 1 + 3 x 2^-8 between 3f81 and 3f82.
    graph.bfloats("c", List.of(4), 1f, 1 + 0x1p-8f, 1 + 0x1.8p-7f, -2.5f);

    assertThat(
            graph
                .toGraphDef()
                .getNode(0)
                .getAttrOrThrow("value")
                .getTensor()
                .getTensorContent()
                .toByteArray())
        .asHexString()
        .isEqualTo("803F803F823F20C0");
  }

  @Test
  void weights_of_two_layers_are_in_the_graph_once() {
    GraphDef graph =
        translate(Precision.FP32, convolution("a", "input", 1), convolution("b", "a", 1));

    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getName().startsWith("weights/"))
        .hasSize(1);
  }

  @Test
  void layers_may_have_any_names() {
    Layer first = convolution("é 1:0/^x", "input", 1);
    Layer second = convolution("ü 1:0/^x", first.name(), 1);
    Network network = new Network(2, 1, List.of(first, second), second.name());
    FixedWeights weights = new FixedWeights(1).random("w", 1, 1, 3, 3);
    Shape shape = Shape.of(1, 1, 4, 4);

    try (InferenceSession session =
        new TfBackend().open(new Described("odd", network, weights), SessionConfig.cpu(1))) {
      FloatTensor out = FloatTensor.allocate(shape);
      out.data().put(5, Float.NaN);
      session.run(FloatTensor.allocate(shape), out);

      assertThat(out.data().get(5)).isZero();
    }
  }

  @Test
  void names_of_nodes_differ() {
    for (SampleNetwork model : SampleNetwork.everyKind()) {
      GraphDef graph = NetworkToTf.translate(model.network(), model.weights(), Precision.FP32);
      Set<String> names =
          graph.getNodeList().stream().map(NodeDef::getName).collect(Collectors.toSet());

      assertThat(names).as(model.name()).hasSize(graph.getNodeCount());
    }
  }

  @Test
  void the_same_network_gives_the_same_bytes() throws IOException {
    assertThat(exported()).isEqualTo(exported());
  }

  private static byte[] exported() throws IOException {
    SampleNetwork model = SampleNetwork.uNet(2, 2, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TfBackend()
        .export(
            new Described(model.name(), model.network(), model.weights()),
            ModelFormat.SAVEDMODEL,
            out);
    return out.toByteArray();
  }
}
