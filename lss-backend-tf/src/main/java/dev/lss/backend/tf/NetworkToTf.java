package dev.lss.backend.tf;

import static dev.lss.backend.tf.TfGraph.flag;
import static dev.lss.backend.tf.TfGraph.number;
import static dev.lss.backend.tf.TfGraph.numbers;
import static dev.lss.backend.tf.TfGraph.text;
import static dev.lss.backend.tf.TfGraph.type;
import static dev.lss.backend.tf.TfScope.FLOAT;
import static dev.lss.backend.tf.TfScope.INTEGER;

import dev.lss.api.ResourceException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.spi.Precision;
import dev.lss.spi.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

/**
 * Translates a network description to a TensorFlow graph, layer by layer. Inside, tensors are
 * channels-last, which TensorFlow's convolutions on the CPU want; at both ends they are transposed,
 * so that the graph takes and gives N C D H W. Not thread-safe; one per translation.
 */
final class NetworkToTf implements Layer.Visitor<String> {

  /** Name of the graph's input node. */
  static final String INPUT = "input";

  /** Name of the graph's output node. */
  static final String OUTPUT = "output";

  /** A protobuf message ends at 2 GiB; this leaves room for the nodes. */
  private static final long MAX_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private final TfGraph graph = new TfGraph();
  private final Map<String, String> results = new HashMap<>();
  private final Network network;
  private final GraphWeights weights;
  private final Precision precision;
  private final Set<String> last;
  private final int rank;
  private TfScope scope = new TfScope(graph, "layers");

  private NetworkToTf(Network network, Weights weights, Precision precision) {
    this.network = network;
    this.weights = new GraphWeights(graph, weights);
    this.precision = precision;
    this.last = network.lastConvolutions();
    this.rank = network.spatialRank();
  }

  /**
   * Returns a graph of this network, from the node {@value #INPUT} to the node {@value #OUTPUT}.
   *
   * @param precision {@code BF16} makes all convolutions but the last ones take and give bfloat16
   * @throws dev.lss.api.ModelException when the weights do not fit the network
   * @throws ResourceException when the weights are more than a graph holds
   */
  static GraphDef translate(Network network, Weights weights, Precision precision) {
    long bytes = network.requireWeights(weights) * Float.BYTES;
    if (bytes > MAX_WEIGHT_BYTES) {
      throw new ResourceException(
          "MODEL_TOO_LARGE",
          "a TensorFlow graph holds at most %s bytes of weights, this network has %s"
              .formatted(MAX_WEIGHT_BYTES, bytes));
    }
    return new NetworkToTf(network, weights, precision).translate();
  }

  /** Returns the sizes of a tensor that a network takes or gives: any, but for the channels. */
  static List<Integer> sizes(Network network, int channels) {
    List<Integer> sizes =
        new ArrayList<>(Collections.nCopies(network.spatialRank() + 2, TensorSpec.ANY));
    sizes.set(1, channels);
    return sizes;
  }

  private GraphDef translate() {
    graph.input(INPUT, sizes(network, network.inputChannels()));
    int[] channelsLast =
        IntStream.range(0, rank + 2).map(i -> i == 0 ? 0 : i % (rank + 1) + 1).toArray();
    int[] channelsFirst =
        IntStream.range(0, rank + 2).map(i -> i < 2 ? i * (rank + 1) : i - 1).toArray();
    results.put(Network.INPUT, scope.transposed("channels_last", INPUT, channelsLast));
    int number = 0;
    for (Layer layer : network.layers()) {
      // Names of nodes take few kinds of character, so the number is what makes them differ.
      String name = layer.name().replaceAll("[^A-Za-z0-9_.-]", "_");
      scope = new TfScope(graph, String.format(Locale.ROOT, "layers/%03d_%s", number++, name));
      results.put(layer.name(), layer.accept(this));
    }
    scope = new TfScope(graph, "layers");
    String transposed = scope.transposed("channels_first", of(network.output()), channelsFirst);
    graph.node(OUTPUT, "Identity", List.of(transposed), Map.of("T", FLOAT));
    return graph.toGraphDef();
  }

  private String of(String layer) {
    return Objects.requireNonNull(results.get(layer), layer);
  }

  @Override
  public String visit(Layer.Convolution layer) {
    boolean centred = true;
    boolean unpadded = true;
    for (int axis = 0; axis < rank; axis++) {
      int padding = layer.padding().get(axis);
      centred &= layer.stride().get(axis) == 1 && layer.kernel().get(axis) == 2 * padding + 1;
      unpadded &= padding == 0;
    }
    DataType type = convolved(layer);
    String x = scope.cast("narrow", of(layer.input()), DataType.DT_FLOAT, type);
    // With a stride "SAME" pads less in front than behind; then the zeros are added first.
    if (!centred && !unpadded) {
      x = padded(x, layer.padding(), type);
    }
    String filter = weights.filter(layer.weight(), type);
    String y = convolution(x, filter, layer.stride(), centred ? "SAME" : "VALID", type);
    return layer.bias().isEmpty()
        ? y
        : scope.node("bias", "BiasAdd", List.of(y, weights.vector(layer.bias().get())));
  }

  private String convolution(
      String x, String filter, List<Integer> stride, String padding, DataType type) {
    String y =
        scope.node(
            "convolution",
            rank == 3 ? "Conv3D" : "Conv2D",
            List.of(x, filter),
            Map.of("T", type(type), "strides", perAxis(stride), "padding", text(padding)));
    return scope.cast("widen", y, type, DataType.DT_FLOAT);
  }

  /** Returns what a convolution calculates in; the last of a network keep full precision. */
  private DataType convolved(Layer layer) {
    return precision == Precision.FP32 || last.contains(layer.name())
        ? DataType.DT_FLOAT
        : DataType.DT_BFLOAT16;
  }

  private String padded(String x, List<Integer> padding, DataType type) {
    int[] amounts = new int[2 * (rank + 2)];
    for (int axis = 0; axis < rank; axis++) {
      amounts[2 * axis + 2] = padding.get(axis);
      amounts[2 * axis + 3] = padding.get(axis);
    }
    String paddings = scope.integers("paddings", List.of(rank + 2, 2), amounts);
    return scope.node(
        "pad", "Pad", List.of(x, paddings), Map.of("T", type(type), "Tpaddings", INTEGER));
  }

  /**
   * Kernel and stride are equal, so every value of the input makes a block of the output: a 1 x 1 x
   * 1 convolution calculates the blocks as channels, then they are laid out in space. TensorFlow's
   * own transposed convolution cannot take in the bias, which then costs as much again.
   */
  @Override
  public String visit(Layer.TransposedConvolution layer) {
    List<Integer> stride = layer.stride();
    DataType type = convolved(layer);
    String x = scope.cast("narrow", of(layer.input()), DataType.DT_FLOAT, type);
    String filter = weights.blocks(layer.weight(), type);
    String y = convolution(x, filter, Collections.nCopies(rank, 1), "VALID", type);
    if (layer.bias().isPresent()) {
      y = scope.node("bias", "BiasAdd", List.of(y, weights.blockBias(layer.bias().get(), stride)));
    }
    int[] block = new int[rank + 1];
    int[] order = new int[2 * rank + 2]; // N D d H h W w C of N D H W d h w C
    List<Integer> factors = new ArrayList<>(List.of(1));
    for (int axis = 0; axis < rank; axis++) {
      block[axis] = stride.get(axis);
      order[2 * axis + 1] = 1 + axis;
      order[2 * axis + 2] = 1 + rank + axis;
      factors.add(stride.get(axis));
    }
    block[rank] = layer.outChannels();
    order[2 * rank + 1] = 2 * rank + 1;
    String before = scope.part("before", scope.sizes(of(layer.input())), 0, rank + 1);
    String blocks = scope.reshaped("blocks", y, before, scope.integers("block", block));
    return scope.reshaped(
        "joined",
        scope.transposed("laid_out", blocks, order),
        scope.times("after", before, factors),
        scope.integers("channels", layer.outChannels()));
  }

  /**
   * Means of means, axis after axis, so that sums stay short. A mean over all axes at once, which
   * TensorFlow makes one operator of together with what follows, adds all voxels of a channel up in
   * one float: it takes a fourth of the time, and is off by 1.1e-3 at 128 x 128 x 128.
   */
  @Override
  public String visit(Layer.InstanceNorm layer) {
    String x = of(layer.input());
    String mean = spatialMean("mean", x);
    String squares = scope.node("squares", "SquaredDifference", List.of(x, mean));
    String variance = spatialMean("variance", squares);
    String epsilon = scope.floats("epsilon", List.of(), (float) layer.epsilon());
    String sum = scope.node("sum", "AddV2", List.of(variance, epsilon));
    String inverse = scope.node("inverse", "Rsqrt", List.of(sum));
    String factor = scope.node("factor", "Mul", List.of(inverse, weights.vector(layer.scale())));
    String scaled = scope.node("scaled", "Mul", List.of(x, factor));
    String offset = scope.node("offset", "Mul", List.of(mean, factor));
    String shift = scope.node("shift", "Sub", List.of(weights.vector(layer.shift()), offset));
    return scope.node("norm", "AddV2", List.of(scaled, shift));
  }

  /** Adds the mean over rows, then over columns, then over slices; the axes stay. */
  private String spatialMean(String node, String x) {
    Map<String, AttrValue> kept = Map.of("T", FLOAT, "Tidx", INTEGER, "keep_dims", flag(true));
    String mean = x;
    for (int axis = rank; axis >= 1; axis--) {
      String name = node + "_" + axis;
      mean = scope.node(name, "Mean", List.of(mean, scope.integers(name + "_axis", axis)), kept);
    }
    return mean;
  }

  @Override
  public String visit(Layer.BatchNorm layer) {
    float[] scale = weights.values(layer.scale());
    float[] shift = weights.values(layer.shift());
    float[] mean = weights.values(layer.mean());
    float[] variance = weights.values(layer.variance());
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt(variance[c] + layer.epsilon());
      shift[c] = (float) (shift[c] - mean[c] * factor);
      scale[c] = (float) factor;
    }
    String factor = scope.floats("factor", List.of(scale.length), scale);
    String offset = scope.floats("offset", List.of(shift.length), shift);
    String scaled = scope.node("scaled", "Mul", List.of(of(layer.input()), factor));
    return scope.node("norm", "AddV2", List.of(scaled, offset));
  }

  @Override
  public String visit(Layer.LeakyRelu layer) {
    return scope.node(
        "leaky",
        "LeakyRelu",
        List.of(of(layer.input())),
        Map.of("T", FLOAT, "alpha", number((float) layer.slope())));
  }

  @Override
  public String visit(Layer.Relu layer) {
    return scope.node("relu", "Relu", List.of(of(layer.input())));
  }

  @Override
  public String visit(Layer.Add layer) {
    return scope.node("sum", "AddV2", List.of(of(layer.left()), of(layer.right())));
  }

  @Override
  public String visit(Layer.Softmax layer) {
    return scope.node("softmax", "Softmax", List.of(of(layer.input()))); // over the last axis
  }

  @Override
  public String visit(Layer.Sigmoid layer) {
    return scope.node("sigmoid", "Sigmoid", List.of(of(layer.input())));
  }

  @Override
  public String visit(Layer.Concatenate layer) {
    List<String> inputs = new ArrayList<>(layer.parts().stream().map(this::of).toList());
    inputs.add(scope.integer("axis", rank + 1));
    return scope.node(
        "joined",
        "ConcatV2",
        inputs,
        Map.of("N", number(layer.parts().size()), "T", FLOAT, "Tidx", INTEGER));
  }

  @Override
  public String visit(Layer.MaxPool layer) {
    return pool("MaxPool", layer, layer.kernel(), layer.stride());
  }

  @Override
  public String visit(Layer.AveragePool layer) {
    return pool("AvgPool", layer, layer.kernel(), layer.stride());
  }

  private String pool(String operator, Layer layer, List<Integer> kernel, List<Integer> stride) {
    return scope.node(
        "pool",
        rank == 3 ? operator + "3D" : operator,
        List.of(of(layer.inputs().get(0))),
        Map.of(
            "T", FLOAT,
            "ksize", perAxis(kernel),
            "strides", perAxis(stride),
            "padding", text("VALID")));
  }

  @Override
  public String visit(Layer.Upsample layer) {
    return Upsampling.add(scope, of(layer.input()), layer);
  }

  /** The values of the spatial axes between ones for samples and channels. */
  private AttrValue perAxis(List<Integer> values) {
    int[] all = new int[rank + 2];
    all[0] = 1;
    all[rank + 1] = 1;
    for (int axis = 0; axis < rank; axis++) {
      all[axis + 1] = values.get(axis);
    }
    return numbers(all);
  }
}
