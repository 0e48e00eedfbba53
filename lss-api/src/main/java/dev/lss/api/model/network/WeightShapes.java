package dev.lss.api.model.network;

import dev.lss.api.ModelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Checks the tensors of a network's layers against the shapes that the layers need. */
final class WeightShapes extends PerLayer<List<WeightShapes.Tensor>> {

  /** A tensor that a layer refers to, with the shape it must have. */
  record Tensor(String name, List<Integer> shape) {}

  private final Map<String, Integer> channels;

  private WeightShapes(Network network) {
    super(List.of());
    this.channels = network.channelsByLayer();
  }

  /** Checks every tensor; returns the number of values, a tensor of two layers counted once. */
  static long check(Network network, Weights weights) {
    WeightShapes shapes = new WeightShapes(network);
    Set<String> counted = new HashSet<>();
    long values = 0;
    for (Layer layer : network.layers()) {
      for (Tensor tensor : layer.accept(shapes)) {
        if (!weights.names().contains(tensor.name())) {
          throw new ModelException(
              "MISSING_WEIGHTS",
              "layer %s needs the tensor \"%s\", which the weights do not hold"
                  .formatted(layer.name(), tensor.name()));
        }
        List<Integer> found = weights.shape(tensor.name());
        if (!found.equals(tensor.shape())) {
          throw new ModelException(
              "WRONG_WEIGHTS",
              "layer %s needs the tensor \"%s\" as %s, found %s"
                  .formatted(layer.name(), tensor.name(), tensor.shape(), found));
        }
        if (counted.add(tensor.name())) {
          values += found.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        }
      }
    }
    return values;
  }

  @Override
  public List<Tensor> visit(Layer.Convolution layer) {
    return withBias(
        kernel(layer.weight(), layer.outChannels(), fed(layer), layer.kernel()),
        layer.bias(),
        layer.outChannels());
  }

  @Override
  public List<Tensor> visit(Layer.TransposedConvolution layer) {
    return withBias(
        kernel(layer.weight(), fed(layer), layer.outChannels(), layer.stride()),
        layer.bias(),
        layer.outChannels());
  }

  @Override
  public List<Tensor> visit(Layer.InstanceNorm layer) {
    return perChannel(layer, layer.scale(), layer.shift());
  }

  @Override
  public List<Tensor> visit(Layer.BatchNorm layer) {
    return perChannel(layer, layer.scale(), layer.shift(), layer.mean(), layer.variance());
  }

  private int fed(Layer layer) {
    return Objects.requireNonNull(channels.get(layer.inputs().get(0)));
  }

  private static Tensor kernel(String name, int first, int second, List<Integer> kernel) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(kernel);
    return new Tensor(name, List.copyOf(shape));
  }

  private static List<Tensor> withBias(Tensor weight, Optional<String> bias, int outChannels) {
    return bias.isPresent()
        ? List.of(weight, new Tensor(bias.get(), List.of(outChannels)))
        : List.of(weight);
  }

  private List<Tensor> perChannel(Layer layer, String... names) {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : names) {
      tensors.add(new Tensor(name, List.of(fed(layer))));
    }
    return Collections.unmodifiableList(tensors);
  }
}
