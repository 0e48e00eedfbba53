package dev.lss.backend.onnx;

import static dev.lss.backend.onnx.OnnxGraph.attribute;

import dev.lss.api.ResourceException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Translates a network description to an ONNX model, layer by layer: every layer but a norm becomes
 * one node, and the output of the last of a layer carries the layer's name. ONNX Runtime's own
 * optimiser then folds batch norms into convolutions. Not thread-safe; one per translation.
 */
final class NetworkToOnnx implements Layer.Visitor<Void> {

  /** A protobuf message ends at 2 GiB; this leaves room for the nodes. */
  private static final long MAX_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  /** Of so many slices a norm looks at one for a first guess of the mean. */
  private static final long SAMPLED = 8;

  private final OnnxGraph graph = new OnnxGraph();
  private final Network network;
  private final Weights weights;
  private final Optional<DepthWinograd> winograd;
  private final Map<String, Integer> channels;
  private final Map<String, String> sizes = new HashMap<>(); // by layer; equal means equal sizes

  /** What is joined for one convolution only, which takes the parts instead. */
  private final Map<String, List<DepthWinograd.Part>> apart = new HashMap<>();

  private NetworkToOnnx(Network network, Weights weights, boolean fast) {
    this.network = network;
    this.weights = weights;
    this.winograd = fast ? Optional.of(new DepthWinograd(graph)) : Optional.empty();
    this.channels = network.channelsByLayer();
    if (fast) {
      network.layers().forEach(this::keepApart);
    }
  }

  private void keepApart(Layer layer) {
    List<Layer> users =
        network.layers().stream().filter(user -> user.inputs().contains(layer.name())).toList();
    if (!(layer instanceof Layer.Concatenate joined)
        || network.output().equals(layer.name())
        || users.size() != 1
        || !(users.get(0) instanceof Layer.Convolution convolution)
        || !DepthWinograd.fits(convolution, channels(layer.name()))) {
      return;
    }
    List<DepthWinograd.Part> parts =
        joined.parts().stream().map(part -> new DepthWinograd.Part(part, channels(part))).toList();
    if (DepthWinograd.fits(parts)) {
      apart.put(layer.name(), parts);
    }
  }

  private int channels(String layer) {
    return Objects.requireNonNull(channels.get(layer));
  }

  /**
   * Returns the bytes of an .onnx file with this network.
   *
   * @throws dev.lss.api.ModelException when the weights do not fit the network
   * @throws ResourceException when the weights are more than a file of this format holds
   */
  static byte[] translate(Network network, Weights weights) {
    long bytes = network.requireWeights(weights) * Float.BYTES;
    if (bytes > MAX_WEIGHT_BYTES) {
      throw new ResourceException(
          "MODEL_TOO_LARGE",
          "an ONNX model holds at most %s bytes of weights, this network has %s"
              .formatted(MAX_WEIGHT_BYTES, bytes));
    }
    return new NetworkToOnnx(network, weights, false).translate();
  }

  /**
   * Returns the same network written for speed on a CPU, with other nodes that give the same up to
   * rounding (see {@link DepthWinograd}); as {@link #translate} where the weights would become more
   * than a file holds.
   */
  static byte[] translateForCpu(Network network, Weights weights) {
    long bytes = network.requireWeights(weights) * Float.BYTES;
    boolean fast = network.spatialRank() == 3 && 2 * bytes <= MAX_WEIGHT_BYTES;
    return fast
        ? new NetworkToOnnx(network, weights, true).translate()
        : translate(network, weights);
  }

  private byte[] translate() {
    graph.input(Network.INPUT, network.inputChannels(), network.spatialRank());
    sizes.put(Network.INPUT, "sizes");
    for (Layer layer : network.layers()) {
      layer.accept(this);
      sizes.putIfAbsent(layer.name(), Objects.requireNonNull(sizes.get(layer.inputs().get(0))));
    }
    graph.output(network.output(), network.outputChannels(), network.spatialRank());
    return graph.toModel();
  }

  @Override
  public Void visit(Layer.Convolution layer) {
    if (winograd.isPresent() && DepthWinograd.fits(layer, channels(layer.input()))) {
      String same = Objects.requireNonNull(sizes.get(layer.input()));
      float[] bias =
          layer.bias().map(weights::values).orElseGet(() -> new float[layer.outChannels()]);
      List<DepthWinograd.Part> parts =
          apart.getOrDefault(
              layer.input(),
              List.of(new DepthWinograd.Part(layer.input(), channels(layer.input()))));
      winograd.get().convolve(layer, parts, same, weights.values(layer.weight()), bias);
      return null;
    }
    resized(layer);
    List<Integer> pads = new ArrayList<>(layer.padding());
    pads.addAll(layer.padding());
    return node(
        "Conv",
        withBias(layer.input(), layer.weight(), layer.bias()),
        layer,
        attribute("kernel_shape", layer.kernel()),
        attribute("strides", layer.stride()),
        attribute("pads", pads));
  }

  @Override
  public Void visit(Layer.TransposedConvolution layer) {
    resized(layer);
    return node(
        "ConvTranspose",
        withBias(layer.input(), layer.weight(), layer.bias()),
        layer,
        attribute("kernel_shape", layer.stride()),
        attribute("strides", layer.stride()));
  }

  /**
   * A mean of every eighth slice is taken off first; mean and squares of what is left are means of
   * means, axis after axis. So sums stay short, and a mean far from 0 costs no digits. ONNX
   * Runtime's own operator adds all voxels of a channel up in one float, and is off by 1.3e-4 at
   * 128 x 128 x 128, three hundred times as much as this.
   */
  @Override
  public Void visit(Layer.InstanceNorm layer) {
    String name = layer.name() + ":";
    int last = network.spatialRank() + 1;
    graph.node(
        "Slice",
        List.of(
            layer.input(),
            graph.constant(0L),
            graph.constant(Long.MAX_VALUE),
            graph.constant(2L),
            graph.constant(SAMPLED)),
        name + "some");
    reduced("ReduceMean", name + "some", IntStream.rangeClosed(2, last), name + "near");
    graph.node("Sub", List.of(layer.input(), name + "near"), name + "centred");
    String off = meanBelow(name + "centred", last, name + "off");
    String squares =
        reduced("ReduceSumSquare", name + "centred", IntStream.of(last), name + "squares");
    String sum = meanBelow(squares, last - 1, name + "squares");
    graph.node(
        "Shape",
        List.of(layer.input()),
        name + "row",
        attribute("start", last),
        attribute("end", last + 1));
    graph.node("Cast", List.of(name + "row"), name + "width", attribute("to", OnnxGraph.FLOAT));
    graph.node("Div", List.of(sum, name + "width"), name + "spread");
    graph.node("Mul", List.of(off, off), name + "off_squared");
    graph.node("Sub", List.of(name + "spread", name + "off_squared"), name + "variance");
    String epsilon = graph.constant(name + "epsilon", List.of(1), (float) layer.epsilon());
    graph.node("Add", List.of(name + "variance", epsilon), name + "positive");
    graph.node("Sqrt", List.of(name + "positive"), name + "deviation");
    graph.node("Div", List.of(perChannel(layer.scale()), name + "deviation"), name + "factor");
    graph.node("Mul", List.of(off, name + "factor"), name + "scaled_off");
    graph.node("Sub", List.of(perChannel(layer.shift()), name + "scaled_off"), name + "shift");
    graph.node("Mul", List.of(name + "centred", name + "factor"), name + "scaled");
    return node("Add", List.of(name + "scaled", name + "shift"), layer);
  }

  /** Adds the means along an axis and all spatial axes before it. */
  private String meanBelow(String tensor, int axis, String name) {
    String mean = tensor;
    for (int a = axis; a >= 2; a--) {
      mean = reduced("ReduceMean", mean, IntStream.of(a), name + a);
    }
    return mean;
  }

  private String reduced(String operator, String tensor, IntStream axes, String name) {
    String constant = graph.constant(axes.asLongStream().toArray());
    graph.node(operator, List.of(tensor, constant), name, attribute("keepdims", 1));
    return name;
  }

  /** Adds a tensor of one value per channel in the shape that meets N C D H W. */
  private String perChannel(String tensor) {
    String constant = "channels:" + tensor;
    if (graph.hasConstant(constant)) {
      return constant;
    }
    List<Integer> shape = new ArrayList<>(weights.shape(tensor));
    shape.addAll(Collections.nCopies(network.spatialRank(), 1));
    return graph.constant(constant, shape, weights.values(tensor));
  }

  @Override
  public Void visit(Layer.BatchNorm layer) {
    return node(
        "BatchNormalization",
        List.of(
            layer.input(),
            tensor(layer.scale()),
            tensor(layer.shift()),
            tensor(layer.mean()),
            tensor(layer.variance())),
        layer,
        attribute("epsilon", (float) layer.epsilon()));
  }

  @Override
  public Void visit(Layer.LeakyRelu layer) {
    return node("LeakyRelu", layer.inputs(), layer, attribute("alpha", (float) layer.slope()));
  }

  @Override
  public Void visit(Layer.Relu layer) {
    return node("Relu", layer.inputs(), layer);
  }

  @Override
  public Void visit(Layer.Add layer) {
    return node("Add", layer.inputs(), layer);
  }

  @Override
  public Void visit(Layer.Concatenate layer) {
    if (apart.containsKey(layer.name())) {
      return null;
    }
    return node("Concat", layer.inputs(), layer, attribute("axis", 1));
  }

  @Override
  public Void visit(Layer.MaxPool layer) {
    resized(layer);
    return node(
        "MaxPool",
        layer.inputs(),
        layer,
        attribute("kernel_shape", layer.kernel()),
        attribute("strides", layer.stride()));
  }

  @Override
  public Void visit(Layer.AveragePool layer) {
    resized(layer);
    return node(
        "AveragePool",
        layer.inputs(),
        layer,
        attribute("kernel_shape", layer.kernel()),
        attribute("strides", layer.stride()));
  }

  /**
   * Resize. For whole factors the nearest sample of output o is floor(o / scale): "asymmetric" with
   * "floor", and not "half_pixel" with its default rounding, which differs for odd factors.
   */
  @Override
  public Void visit(Layer.Upsample layer) {
    resized(layer);
    float[] scales = new float[2 + network.spatialRank()];
    scales[0] = 1;
    scales[1] = 1;
    for (int axis = 0; axis < network.spatialRank(); axis++) {
      scales[2 + axis] = layer.scale().get(axis);
    }
    String constant = graph.constant(layer.name() + ":scales", List.of(scales.length), scales);
    List<String> inputs = List.of(layer.input(), "", constant);
    return switch (layer.interpolation()) {
      case NEAREST ->
          node(
              "Resize",
              inputs,
              layer,
              attribute("mode", "nearest"),
              attribute("coordinate_transformation_mode", "asymmetric"),
              attribute("nearest_mode", "floor"));
      case LINEAR ->
          node(
              "Resize",
              inputs,
              layer,
              attribute("mode", "linear"),
              attribute("coordinate_transformation_mode", "half_pixel"));
    };
  }

  @Override
  public Void visit(Layer.Softmax layer) {
    return node("Softmax", layer.inputs(), layer, attribute("axis", 1));
  }

  @Override
  public Void visit(Layer.Sigmoid layer) {
    return node("Sigmoid", layer.inputs(), layer);
  }

  /** Notes that a layer's spatial sizes are no earlier layer's. */
  private void resized(Layer layer) {
    sizes.put(layer.name(), "sizes of " + layer.name());
  }

  private Void node(
      String operator, List<String> inputs, Layer layer, ProtobufWriter... attributes) {
    graph.node(operator, inputs, layer.name(), attributes);
    return null;
  }

  private List<String> withBias(String input, String weight, Optional<String> bias) {
    return bias.isPresent()
        ? List.of(input, tensor(weight), tensor(bias.get()))
        : List.of(input, tensor(weight));
  }

  /** Adds a tensor of the weights, widened to float32, once however many layers use it. */
  private String tensor(String name) {
    String constant = "weights:" + name;
    return graph.hasConstant(constant)
        ? constant
        : graph.constant(constant, weights.shape(name), weights.values(name));
  }
}
