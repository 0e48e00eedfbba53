package dev.lss.core.model;

import dev.lss.api.ModelException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tensors that a network names, with the shape that each must have. Checked before a backend
 * sees the weights, because a runtime may end the process on a wrong one.
 */
final class TensorShapes implements Layer.Visitor<Map<String, List<Integer>>> {

  private final Map<String, Integer> channels;

  private TensorShapes(Network network) {
    channels = network.channelsByLayer();
  }

  /**
   * Refuses weights that lack a tensor of the network or have it in another shape.
   *
   * @param name name of the stage, for messages
   */
  static void check(String name, Network network, Weights weights) {
    TensorShapes shapes = new TensorShapes(network);
    for (Layer layer : network.layers()) {
      layer.accept(shapes).forEach((tensor, wanted) -> check(name, layer, tensor, wanted, weights));
    }
  }

  private static void check(
      String name, Layer layer, String tensor, List<Integer> wanted, Weights weights) {
    String found =
        weights.names().contains(tensor) ? weights.shape(tensor).toString() : "no such tensor";
    if (!found.equals(wanted.toString())) {
      throw new ModelException(
          "MODEL_WEIGHTS",
          "%s: layer %s needs tensor \"%s\" of %s, found %s"
              .formatted(name, layer.name(), tensor, wanted, found));
    }
  }

  private int channelsOf(String layer) {
    return Objects.requireNonNull(channels.get(layer));
  }

  private static Map<String, List<Integer>> weightAndBias(
      String weight, List<Integer> shape, Optional<String> bias, int out) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put(weight, shape);
    bias.ifPresent(tensor -> shapes.put(tensor, List.of(out)));
    return shapes;
  }

  private static List<Integer> join(int first, int second, List<Integer> rest) {
    List<Integer> shape = new ArrayList<>(List.of(first, second));
    shape.addAll(rest);
    return shape;
  }

  private Map<String, List<Integer>> perChannel(String input, String... tensors) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (String tensor : tensors) {
      shapes.put(tensor, List.of(channelsOf(input)));
    }
    return shapes;
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Convolution layer) {
    return weightAndBias(
        layer.weight(),
        join(layer.outChannels(), channelsOf(layer.input()), layer.kernel()),
        layer.bias(),
        layer.outChannels());
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.TransposedConvolution layer) {
    return weightAndBias(
        layer.weight(),
        join(channelsOf(layer.input()), layer.outChannels(), layer.stride()),
        layer.bias(),
        layer.outChannels());
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.InstanceNorm layer) {
    return perChannel(layer.input(), layer.scale(), layer.shift());
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.BatchNorm layer) {
    return perChannel(layer.input(), layer.scale(), layer.shift(), layer.mean(), layer.variance());
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.LeakyRelu layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Relu layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Add layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Concatenate layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.MaxPool layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.AveragePool layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Upsample layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Softmax layer) {
    return Map.of();
  }

  @Override
  public Map<String, List<Integer>> visit(Layer.Sigmoid layer) {
    return Map.of();
  }
}
