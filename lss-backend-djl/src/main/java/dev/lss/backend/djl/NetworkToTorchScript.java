package dev.lss.backend.djl;

import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.backend.djl.TorchScriptTensor.Storage;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Translates a network description to a TorchScript archive, layer by layer: every layer becomes
 * one call of an operator. Not thread-safe; one per translation.
 *
 * <p>In bf16 a value keeps 16 bits from a convolution over norms and rectifiers to the next
 * convolution; norms compute in 32 bits, and what feeds any other layer is widened first.
 */
final class NetworkToTorchScript implements Layer.Visitor<Void> {

  /** A value of the code: its name, and whether it has 16 bits. */
  private record Value(String name, boolean half) {}

  private static final int FLOAT = 6;
  private static final int BFLOAT16 = 15;

  /** With the axes in PyTorch's own order the operator is exact to 4e-7 at 128 x 128 x 128. */
  private static final String NORM =
      """
      return torch.instance_norm(x, scale, shift, None, None, True, 0., epsilon, True)
      """;

  /** Voxels whose squares are added up at once; they stay in the processor's cache. */
  private static final int CHUNK = 1 << 16;

  private final TorchScriptArchive archive = new TorchScriptArchive();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, String> tensors = new HashMap<>();
  private final Network network;
  private final Weights weights;
  private final Target target;

  /** Layers whose value one layer alone sees, which may change it. */
  private final Set<String> usedOnce;

  private final Set<String> last;

  private NetworkToTorchScript(Network network, Weights weights, Target target) {
    this.network = network;
    this.weights = weights;
    this.target = target;
    this.usedOnce = usedOnce(network);
    this.last = network.lastConvolutions();
  }

  /**
   * With the channels last, of one sample: PyTorch's mean adds in stages, its variance of a batch
   * norm does not and was off by 1e-3 at 128 x 128 x 128. So the squares are added up in chunks of
   * voxels, and the batch norm only applies both. PyTorch's own instance norm would reorder the
   * axes twice; several samples take it.
   */
  private String channelsLastNorm() {
    String order = network.spatialRank() == 3 ? "[0, 2, 3, 4, 1]" : "[0, 2, 3, 1]";
    return """
    if torch.eq(torch.size(x, 0), 1):
      voxels = torch.reshape(torch.permute(x, %s), [-1, torch.size(x, 1)])
      mean = torch.mean(voxels, [0], False, dtype=%s)
      squares = torch.zeros_like(mean)
      for chunk in torch.split(voxels, %s):
        centred = torch.sub(chunk, mean)
        squares = torch.add(squares, torch.sum(torch.mul_(centred, centred), [0], False))
      variance = torch.div(squares, torch.size(voxels, 0))
      y = torch.batch_norm(x, scale, shift, mean, variance, False, 0., epsilon, True)
    else:
      y = torch.instance_norm(x, scale, shift, None, None, True, 0., epsilon, True)
    return y
    """
        .formatted(order, FLOAT, CHUNK);
  }

  private static Set<String> usedOnce(Network network) {
    Map<String, Integer> uses = new HashMap<>(Map.of(network.output(), 1));
    for (Layer layer : network.layers()) {
      layer.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
    uses.remove(Network.INPUT);
    return uses.keySet().stream()
        .filter(name -> Objects.equals(uses.get(name), 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Writes the archive.
   *
   * @throws dev.lss.api.ModelException when the weights do not fit the network
   * @throws IOException when it cannot be written
   */
  static void translate(Network network, Weights weights, Target target, OutputStream out)
      throws IOException {
    network.requireWeights(weights);
    new NetworkToTorchScript(network, weights, target).translate(out);
  }

  private void translate(OutputStream out) throws IOException {
    archive.method(
        "instance_norm",
        "x: Tensor,\n    scale: Tensor,\n    shift: Tensor,\n    epsilon: float",
        target.oneDnn() ? channelsLastNorm() : NORM);
    String input = TorchScriptArchive.ARGUMENT;
    int channelsLast = network.spatialRank() == 3 ? 3 : 2;
    values.put(
        Network.INPUT,
        new Value(target.oneDnn() ? inMemoryFormat(input, channelsLast) : input, false));
    for (Layer layer : network.layers()) {
      layer.accept(this);
    }
    String result = single(network.output());
    archive.writeTo(out, target.oneDnn() ? inMemoryFormat(result, 0) : result);
  }

  private String inMemoryFormat(String value, int format) {
    return archive.value("torch.contiguous(%s, memory_format=%s)".formatted(value, format));
  }

  @Override
  public Void visit(Layer.Convolution layer) {
    boolean half = half(layer);
    String format =
        target.oneDnn()
            ? "torch.mkldnn_convolution(%s, %s, %s, %4$s, %5$s, %6$s, 1)"
            : "torch._convolution(%s, %s, %s, %5$s, %4$s, %6$s, False, %7$s, 1, False, True, True,"
                + " False)";
    return add(
        layer,
        half,
        format.formatted(
            typed(layer.input(), half),
            tensor(layer.weight(), half),
            bias(layer.bias(), half),
            layer.padding(),
            layer.stride(),
            each(1),
            each(0)));
  }

  /** The last four: no benchmark, deterministic, with cuDNN, and no rounding to TF32. */
  @Override
  public Void visit(Layer.TransposedConvolution layer) {
    boolean half = half(layer);
    return add(
        layer,
        half,
        "torch._convolution(%s, %s, %s, %s, %s, %s, True, %5$s, 1, False, True, True, False)"
            .formatted(
                typed(layer.input(), half),
                tensor(layer.weight(), half),
                bias(layer.bias(), half),
                layer.stride(),
                each(0),
                each(1)));
  }

  @Override
  public Void visit(Layer.InstanceNorm layer) {
    return add(
        layer,
        value(layer.input()).half(),
        "(self).instance_norm(%s, %s, %s, %s)"
            .formatted(
                value(layer.input()).name(),
                tensor(layer.scale(), false),
                tensor(layer.shift(), false),
                number(layer.epsilon())));
  }

  @Override
  public Void visit(Layer.BatchNorm layer) {
    return add(
        layer,
        value(layer.input()).half(),
        "torch.batch_norm(%s, %s, %s, %s, %s, False, 0., %s, True)"
            .formatted(
                value(layer.input()).name(),
                tensor(layer.scale(), false),
                tensor(layer.shift(), false),
                tensor(layer.mean(), false),
                tensor(layer.variance(), false),
                number(layer.epsilon())));
  }

  @Override
  public Void visit(Layer.LeakyRelu layer) {
    Value input = value(layer.input());
    return add(
        layer,
        input.half(),
        "torch.leaky_relu%s(%s, %s)"
            .formatted(inPlace(layer.input()), input.name(), number(layer.slope())));
  }

  @Override
  public Void visit(Layer.Relu layer) {
    Value input = value(layer.input());
    return add(
        layer, input.half(), "torch.relu%s(%s)".formatted(inPlace(layer.input()), input.name()));
  }

  @Override
  public Void visit(Layer.Add layer) {
    return add(
        layer, false, "torch.add(%s, %s)".formatted(single(layer.left()), single(layer.right())));
  }

  @Override
  public Void visit(Layer.Concatenate layer) {
    boolean half = layer.inputs().stream().allMatch(input -> value(input).half());
    String parts =
        layer.inputs().stream()
            .map(input -> typed(input, half))
            .collect(Collectors.joining(", ", "[", "]"));
    return add(layer, half, "torch.cat(%s, 1)".formatted(parts));
  }

  @Override
  public Void visit(Layer.MaxPool layer) {
    return add(
        layer,
        value(layer.input()).half(),
        "torch.max_pool%sd(%s, %s, %s, %s, %s, False)"
            .formatted(
                network.spatialRank(),
                value(layer.input()).name(),
                layer.kernel(),
                layer.stride(),
                each(0),
                each(1)));
  }

  @Override
  public Void visit(Layer.AveragePool layer) {
    return add(
        layer,
        false,
        "torch.avg_pool%sd(%s, %s, %s, %s, False, True, None)"
            .formatted(
                network.spatialRank(),
                single(layer.input()),
                layer.kernel(),
                layer.stride(),
                each(0)));
  }

  @Override
  public Void visit(Layer.Upsample layer) {
    List<Double> scales = layer.scale().stream().map(Integer::doubleValue).toList();
    return switch (layer.interpolation()) {
      case NEAREST ->
          add(
              layer,
              false,
              "torch.upsample_nearest%sd(%s, None, %s)"
                  .formatted(network.spatialRank(), single(layer.input()), scales));
      case LINEAR ->
          add(
              layer,
              false,
              "torch.upsample_%s(%s, None, False, %s)"
                  .formatted(
                      network.spatialRank() == 3 ? "trilinear3d" : "bilinear2d",
                      single(layer.input()),
                      scales));
    };
  }

  @Override
  public Void visit(Layer.Softmax layer) {
    return add(layer, false, "torch.softmax(%s, 1)".formatted(single(layer.input())));
  }

  @Override
  public Void visit(Layer.Sigmoid layer) {
    return add(layer, false, "torch.sigmoid(%s)".formatted(single(layer.input())));
  }

  private Void add(Layer layer, boolean half, String expression) {
    values.put(layer.name(), new Value(archive.value(expression), half));
    return null;
  }

  private Value value(String layer) {
    return Objects.requireNonNull(values.get(layer));
  }

  private String single(String layer) {
    return typed(layer, false);
  }

  /** Returns a layer's value in the type that is wanted. */
  private String typed(String layer, boolean half) {
    Value value = value(layer);
    return value.half() == half
        ? value.name()
        : archive.value(
            "torch.to(%s, %s, False, False, None)"
                .formatted(value.name(), half ? BFLOAT16 : FLOAT));
  }

  private boolean half(Layer convolution) {
    return target.precision() == Precision.BF16 && !last.contains(convolution.name());
  }

  /** The name of an operator that works in place ends so; it spares one tensor of memory. */
  private String inPlace(String input) {
    return usedOnce.contains(input) ? "_" : "";
  }

  private static String number(double value) {
    return Double.toString(value).toLowerCase(Locale.ROOT);
  }

  /** One number for each spatial axis. */
  private List<Integer> each(int number) {
    return Collections.nCopies(network.spatialRank(), number);
  }

  private String bias(Optional<String> name, boolean half) {
    return name.isPresent() ? tensor(name.get(), half) : "None";
  }

  /** Adds a tensor of the weights, once however many layers use it in one type. */
  private String tensor(String name, boolean half) {
    return tensors.computeIfAbsent(
        (half ? "half:" : "single:") + name,
        key -> {
          List<Integer> shape = weights.shape(name);
          return archive.tensor(
              name,
              new TorchScriptTensor(
                  shape,
                  () -> weights.values(name),
                  half ? Storage.BFLOAT16 : Storage.FLOAT,
                  target.oneDnn() && shape.size() > 1));
        });
  }
}
