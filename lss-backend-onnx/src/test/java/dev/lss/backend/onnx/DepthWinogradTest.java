package dev.lss.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.FixedWeights;
import dev.lss.testkit.ReferenceInterpreter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepthWinogradTest {

  private static final FixedWeights WEIGHTS =
      new FixedWeights(7)
          .random("first", 32, 16, 3, 3, 3)
          .random("bias", 32)
          .random("down", 16, 32, 2, 3, 3)
          .random("last", 16, 16, 3, 3, 3)
          .random("wide", 16, 64, 3, 3, 3)
          .random("short", 16);

  /** Two convolutions that share sizes, one that halves the depth, and one behind it. */
  private static Network network() {
    return new Network(
        3,
        16,
        List.of(
            same("first", Network.INPUT, 32, Optional.of("bias")),
            new Layer.Relu("relu", "first"),
            new Layer.Convolution(
                "down",
                "relu",
                List.of(2, 3, 3),
                List.of(2, 1, 1),
                List.of(0, 1, 1),
                16,
                "down",
                Optional.empty()),
            same("second", "down", 16, Optional.empty()),
            same("third", "second", 16, Optional.empty())),
        "third");
  }

  private static Layer.Convolution same(
      String name, String input, int channels, Optional<String> bias) {
    String weight = name.equals("first") || name.equals("wide") ? name : "last";
    List<Integer> one = List.of(1, 1, 1);
    return new Layer.Convolution(name, input, List.of(3, 3, 3), one, one, channels, weight, bias);
  }

  @ParameterizedTest
  @CsvSource({"1,2,5,4", "1,4,3,6", "1,6,5,5", "2,8,4,3", "3,10,1,7", "1,14,6,2", "2,18,3,3"})
  void the_result_is_that_of_the_definition_at_any_depth_and_batch(int n, int d, int h, int w) {
    Network network = network();
    FloatTensor in = random(Shape.of(n, 16, d, h, w));

    assertRight(network, in, Shape.of(n, 16, d / 2, h, w));
  }

  /** Joined for one convolution only: it takes the parts. One of them is used again later. */
  @ParameterizedTest
  @CsvSource({"1,6,5,4", "2,8,3,4"})
  void what_a_convolution_joins_is_convolved_in_parts(int n, int d, int h, int w) {
    Network network =
        new Network(
            3,
            16,
            List.of(
                same("first", Network.INPUT, 32, Optional.of("bias")),
                new Layer.Relu("skip", "first"),
                same("up", Network.INPUT, 16, Optional.empty()),
                new Layer.Concatenate("joined", List.of("up", "skip", Network.INPUT)),
                same("wide", "joined", 16, Optional.of("short")),
                new Layer.Concatenate("again", List.of("wide", "skip")),
                new Layer.Relu("relu", "again")),
            "relu");
    FloatTensor in = random(Shape.of(n, 16, d, h, w));

    assertRight(network, in, Shape.of(n, 48, d, h, w));
    assertThat(text(NetworkToOnnx.translateForCpu(network, WEIGHTS)))
        .doesNotContain("joined")
        .contains("again");
  }

  private static FloatTensor random(Shape shape) {
    FloatTensor tensor = FloatTensor.allocate(shape);
    Random random = new Random(3);
    for (int v = 0; v < shape.size(); v++) {
      tensor.data().put(v, (float) random.nextGaussian());
    }
    return tensor;
  }

  private static void assertRight(Network network, FloatTensor in, Shape shape) {
    FloatTensor out = FloatTensor.allocate(shape);
    try (InferenceSession session =
        new OnnxBackend().open(new Described("w", network, WEIGHTS), SessionConfig.cpu(1))) {
      session.run(in, out);
    }

    FloatTensor expected = ReferenceInterpreter.run(network, WEIGHTS, in);
    double scale = 0;
    for (int v = 0; v < shape.size(); v++) {
      scale = Math.max(scale, Math.abs(expected.data().get(v)));
    }
    for (int v = 0; v < shape.size(); v++) {
      assertThat((double) out.data().get(v))
          .isCloseTo(expected.data().get(v), within(2e-6 * scale));
    }
  }

  @Test
  void only_convolutions_that_keep_sizes_and_fill_blocks_are_rewritten() {
    Layer.Convolution fitting = same("first", Network.INPUT, 32, Optional.empty());

    assertThat(DepthWinograd.fits(fitting, 16)).isTrue();
    assertThat(DepthWinograd.fits(fitting, 8)).isFalse();
    assertThat(DepthWinograd.fits(same("a", "b", 24, Optional.empty()), 16)).isFalse();
    assertThat(DepthWinograd.fits((Layer.Convolution) network().layers().get(2), 32)).isFalse();
  }

  @Test
  void an_exported_file_keeps_one_node_for_each_layer() {
    Described model = new Described("w", network(), WEIGHTS);

    assertThat(text(NetworkToOnnx.translate(model.network(), model.weights())))
        .doesNotContain("EyeLike");
    assertThat(text(NetworkToOnnx.translateForCpu(model.network(), model.weights())))
        .contains("EyeLike");
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }
}
