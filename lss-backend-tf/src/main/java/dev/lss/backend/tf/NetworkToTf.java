package dev.lss.backend.tf;

import static dev.lss.backend.tf.TfGraph.flag;
import static dev.lss.backend.tf.TfGraph.number;
import static dev.lss.backend.tf.TfGraph.numbers;
import static dev.lss.backend.tf.TfGraph.text;
import static dev.lss.backend.tf.TfGraph.type;

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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

/**
 * Translates a network description to a TensorFlow graph, layer by layer. Inside, tensors are
 * channels-last, which TensorFlow's convolutions on the CPU want; the first and the last node turn
 * them, so that the graph takes and gives N C D H W. Not thread-safe; one per translation.
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
  private final Map<String, String> constants = new HashMap<>();
  private final Network network;
  private final Weights weights;
  private final int rank;
  private final Precision precision;
  private final Layer last;
  private String scope = "";

  private NetworkToTf(Network network, Weights weights, Precision precision) {
    this.network = network;
    this.weights = weights;
    this.rank = network.spatialRank();
    this.precision = precision;
    this.last = lastConvolution(network);
  }

  private static Layer lastConvolution(Network network) {
    return network.layers().stream()
        .filter(
            layer ->
                layer instanceof Layer.Convolution || layer instanceof Layer.TransposedConvolution)
        .reduce(network.layers().get(0), (before, layer) -> layer);
  }

  /**
   * Returns a graph of this network, from the node {@value #INPUT} to the node {@value #OUTPUT}.
   *
   * @throws dev.lss.api.ModelException when the weights do not fit the network
   * @throws ResourceException when the weights are more than a graph holds
   */
  static GraphDef translate(Network network, Weights weights, Precision precision) {
    long bytes = network.requireWeights(weights) * Float.BYTES;
    if (bytes > MAX_WEIGHT_BYTES) {
      throw new ResourceException(
          "MODEL_TOO_LARGE",
          "a TensorFlow graph holds at most %d bytes of weights, this network has %d"
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
    int[] last = IntStream.range(0, rank + 2).map(i -> i == 0 ? 0 : i % (rank + 1) + 1).toArray();
    results.put(Network.INPUT, turned("channels_last", INPUT, last));
    int number = 0;
    for (Layer layer : network.layers()) {
      // Node names take few characters, so the number is what makes them differ.
      scope = "%03d_%s".formatted(number++, layer.name().replaceAll("[^A-Za-z0-9_.-]", "_"));
      results.put(layer.name(), layer.accept(this));
    }
    int[] first = IntStream.range(0, rank + 2).map(i -> i < 2 ? i * (rank + 1) : i - 1).toArray();
    turned(OUTPUT, of(network.output()), first);
    return graph.toGraphDef();
  }

  private String turned(String name, String x, int... order) {
    String axes = graph.integers(name + "/axes", order);
    return graph.node(
        name,
        "Transpose",
        List.of(x, axes),
        Map.of("T", type(DataType.DT_FLOAT), "Tperm", type(DataType.DT_INT32)));
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
    String x = cast("narrow", of(layer.input()), DataType.DT_FLOAT, type);
    // With a stride "SAME" pads less in front than behind; then the zeros are added first.
    if (!centred && !unpadded) {
      x = padded(x, layer.padding(), type);
    }
    String y =
        node(
            "conv",
            rank == 3 ? "Conv3D" : "Conv2D",
            List.of(x, filter(layer.weight(), type)),
            Map.of(
                "T", type(type),
                "strides", perAxis(layer.stride()),
                "padding", text(centred ? "SAME" : "VALID")));
    return withBias(cast("widen", y, type, DataType.DT_FLOAT), layer.bias());
  }

  /** Returns what a convolution calculates in; the last one of a network gives full precision. */
  private DataType convolved(Layer layer) {
    return precision == Precision.FP32 || layer == last ? DataType.DT_FLOAT : DataType.DT_BFLOAT16;
  }

  private String cast(String name, String x, DataType from, DataType to) {
    return from == to
        ? x
        : node(name, "Cast", List.of(x), Map.of("SrcT", type(from), "DstT", type(to)));
  }

  private String padded(String x, List<Integer> padding, DataType type) {
    int[] amounts = new int[2 * (rank + 2)];
    for (int axis = 0; axis < rank; axis++) {
      amounts[2 * axis + 2] = padding.get(axis);
      amounts[2 * axis + 3] = padding.get(axis);
    }
    String paddings = graph.integers(scope + "/paddings", List.of(rank + 2, 2), amounts);
    return node(
        "pad",
        "Pad",
        List.of(x, paddings),
        Map.of("T", type(type), "Tpaddings", type(DataType.DT_INT32)));
  }

  /** Kernel and stride are equal, so nothing overlaps and every output is the input times both. */
  @Override
  public String visit(Layer.TransposedConvolution layer) {
    DataType type = convolved(layer);
    String x = cast("narrow", of(layer.input()), DataType.DT_FLOAT, type);
    int[] factors = new int[rank + 2];
    int[] channels = new int[rank + 2];
    factors[0] = 1;
    for (int axis = 0; axis < rank; axis++) {
      factors[axis + 1] = layer.stride().get(axis);
    }
    channels[rank + 1] = layer.outChannels();
    Map<String, AttrValue> integer = Map.of("T", type(DataType.DT_INT32));
    String enlarged =
        node(
            "enlarged",
            "Mul",
            List.of(sizes(x, type), graph.integers(scope + "/factors", factors)),
            integer);
    String sizes =
        node(
            "sizes",
            "AddV2",
            List.of(enlarged, graph.integers(scope + "/channels", channels)),
            integer);
    String y =
        node(
            "conv",
            rank == 3 ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput",
            List.of(sizes, filter(layer.weight(), type), x),
            Map.of(
                "T", type(type),
                "strides", perAxis(layer.stride()),
                "padding", text("VALID")));
    return withBias(cast("widen", y, type, DataType.DT_FLOAT), layer.bias());
  }

  /**
   * The nodes and their order are the pattern that TensorFlow's optimiser knows as instance norm:
   * on the CPU it makes one operator of them and of the leaky rectifier that follows.
   */
  @Override
  public String visit(Layer.InstanceNorm layer) {
    String x = of(layer.input());
    Map<String, AttrValue> real = Map.of("T", type(DataType.DT_FLOAT));
    Map<String, AttrValue> reduction =
        Map.of(
            "T", type(DataType.DT_FLOAT),
            "Tidx", type(DataType.DT_INT32),
            "keep_dims", flag(true));
    String axes = graph.integers(scope + "/axes", IntStream.rangeClosed(1, rank).toArray());
    String mean = node("mean", "Mean", List.of(x, axes), reduction);
    String squares = node("squares", "SquaredDifference", List.of(x, mean), real);
    String variance = node("variance", "Mean", List.of(squares, axes), reduction);
    String epsilon = graph.floats(scope + "/epsilon", List.of(), (float) layer.epsilon());
    String sum = node("sum", "AddV2", List.of(variance, epsilon), real);
    String inverse = node("inverse", "Rsqrt", List.of(sum), real);
    String factor = node("factor", "Mul", List.of(inverse, tensor(layer.scale())), real);
    String scaled = node("scaled", "Mul", List.of(x, factor), real);
    String offset = node("offset", "Mul", List.of(mean, factor), real);
    String shift = node("shift", "Sub", List.of(tensor(layer.shift()), offset), real);
    return node("norm", "AddV2", List.of(scaled, shift), real);
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
    List<Integer> sizes = List.of(scale.length);
    Map<String, AttrValue> real = Map.of("T", type(DataType.DT_FLOAT));
    String factor = graph.floats(scope + "/factor", sizes, scale);
    String offset = graph.floats(scope + "/offset", sizes, shift);
    String scaled = node("scaled", "Mul", List.of(of(layer.input()), factor), real);
    return node("norm", "AddV2", List.of(scaled, offset), real);
  }

  @Override
  public String visit(Layer.LeakyRelu layer) {
    return node(
        "leaky",
        "LeakyRelu",
        List.of(of(layer.input())),
        Map.of("T", type(DataType.DT_FLOAT), "alpha", number((float) layer.slope())));
  }

  @Override
  public String visit(Layer.Relu layer) {
    return pointwise("Relu", layer);
  }

  @Override
  public String visit(Layer.Add layer) {
    return pointwise("AddV2", layer);
  }

  @Override
  public String visit(Layer.Softmax layer) {
    return pointwise("Softmax", layer); // over the last axis
  }

  @Override
  public String visit(Layer.Sigmoid layer) {
    return pointwise("Sigmoid", layer);
  }

  private String pointwise(String operator, Layer layer) {
    List<String> inputs = layer.inputs().stream().map(this::of).toList();
    return node("out", operator, inputs, Map.of("T", type(DataType.DT_FLOAT)));
  }

  @Override
  public String visit(Layer.Concatenate layer) {
    List<String> inputs = new ArrayList<>(layer.parts().stream().map(this::of).toList());
    inputs.add(graph.integers(scope + "/axis", List.of(), rank + 1));
    return node(
        "concat",
        "ConcatV2",
        inputs,
        Map.of(
            "N", number(layer.parts().size()),
            "T", type(DataType.DT_FLOAT),
            "Tidx", type(DataType.DT_INT32)));
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
    return node(
        "pool",
        rank == 3 ? operator + "3D" : operator,
        List.of(of(layer.inputs().get(0))),
        Map.of(
            "T", type(DataType.DT_FLOAT),
            "ksize", perAxis(kernel),
            "strides", perAxis(stride),
            "padding", text("VALID")));
  }

  @Override
  public String visit(Layer.Upsample layer) {
    return Upsampling.add(graph, scope, of(layer.input()), layer);
  }

  private String sizes(String x, DataType type) {
    return node(
        "shape", "Shape", List.of(x), Map.of("T", type(type), "out_type", type(DataType.DT_INT32)));
  }

  private String withBias(String x, Optional<String> bias) {
    return bias.isEmpty()
        ? x
        : node(
            "bias",
            "BiasAdd",
            List.of(x, tensor(bias.get())),
            Map.of("T", type(DataType.DT_FLOAT)));
  }

  private String node(
      String name, String operator, List<String> inputs, Map<String, AttrValue> attributes) {
    return graph.node(scope + "/" + name, operator, inputs, attributes);
  }

  private String of(String layer) {
    return Objects.requireNonNull(results.get(layer), layer);
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

  /** Adds a tensor of the weights, widened to float32, once however many layers use it. */
  private String tensor(String name) {
    return constants.computeIfAbsent(
        name,
        key ->
            graph.floats("weights/" + constants.size(), weights.shape(key), weights.values(key)));
  }

  /** Adds a filter: the spatial axes first, then the second channel axis, then the first. */
  private String filter(String name, DataType type) {
    String key = type + " " + name;
    String known = constants.get(key);
    if (known != null) {
      return known;
    }
    List<Integer> shape = weights.shape(name);
    float[] values = weights.values(name);
    int first = shape.get(0);
    int second = shape.get(1);
    int taps = values.length / (first * second);
    float[] turned = new float[values.length];
    for (int a = 0; a < first; a++) {
      for (int b = 0; b < second; b++) {
        for (int tap = 0; tap < taps; tap++) {
          turned[(tap * second + b) * first + a] = values[(a * second + b) * taps + tap];
        }
      }
    }
    List<Integer> sizes = new ArrayList<>(shape.subList(2, shape.size()));
    sizes.add(second);
    sizes.add(first);
    String constant = "filters/" + constants.size();
    constants.put(key, constant);
    return type == DataType.DT_FLOAT
        ? graph.floats(constant, sizes, turned)
        : graph.bfloats(constant, sizes, turned);
  }
}
