package dev.lss.backend.tf;

import dev.lss.api.BackendException;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.spi.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The spatial sizes of every layer's result for one size of the input, worked out before TensorFlow
 * sees that input: a size that does not go through the network may end the process there. Not
 * thread-safe; one per calculation.
 */
final class LayerSizes implements Layer.Visitor<List<Integer>> {

  private final Map<String, List<Integer>> known = new HashMap<>();

  private LayerSizes() {}

  /**
   * Returns the shape that a network gives for an input of this shape.
   *
   * @throws BackendException {@code WRONG_SHAPE} when the input is too small for a window, or when
   *     layers that meet differ in size
   */
  static Shape output(Network network, Shape input) {
    LayerSizes sizes = new LayerSizes();
    sizes.known.put(Network.INPUT, input.dims().subList(2, input.rank()));
    for (Layer layer : network.layers()) {
      List<Integer> result = layer.accept(sizes);
      if (!result.stream().allMatch(size -> size >= 1)) {
        throw new BackendException(
            "WRONG_SHAPE",
            "an input of %s is too small: nothing is left of it at the layer %s"
                .formatted(input, layer.name()));
      }
      sizes.known.put(layer.name(), result);
    }
    List<Integer> dims = new ArrayList<>(List.of(input.get(0), network.outputChannels()));
    dims.addAll(sizes.of(network.output()));
    return new Shape(dims);
  }

  private List<Integer> of(String layer) {
    return Objects.requireNonNull(known.get(layer), layer);
  }

  private List<Integer> same(Layer layer) {
    List<Integer> first = of(layer.inputs().get(0));
    for (String input : layer.inputs()) {
      if (!of(input).equals(first)) {
        throw new BackendException(
            "WRONG_SHAPE",
            "the layer %s joins results of the sizes %s and %s"
                .formatted(layer.name(), first, of(input)));
      }
    }
    return first;
  }

  private List<Integer> windows(
      String input, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
    List<Integer> sizes = new ArrayList<>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      int room = of(input).get(axis) + 2 * padding.get(axis) - kernel.get(axis);
      sizes.add(room < 0 ? 0 : room / stride.get(axis) + 1);
    }
    return sizes;
  }

  private List<Integer> enlarged(String input, List<Integer> factors) {
    List<Integer> sizes = new ArrayList<>();
    for (int axis = 0; axis < factors.size(); axis++) {
      sizes.add(Math.multiplyExact(of(input).get(axis), factors.get(axis)));
    }
    return sizes;
  }

  @Override
  public List<Integer> visit(Layer.Convolution layer) {
    return windows(layer.input(), layer.kernel(), layer.stride(), layer.padding());
  }

  @Override
  public List<Integer> visit(Layer.TransposedConvolution layer) {
    return enlarged(layer.input(), layer.stride());
  }

  @Override
  public List<Integer> visit(Layer.InstanceNorm layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.BatchNorm layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.LeakyRelu layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.Relu layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.Add layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.Concatenate layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.MaxPool layer) {
    return pool(layer.input(), layer.kernel(), layer.stride());
  }

  @Override
  public List<Integer> visit(Layer.AveragePool layer) {
    return pool(layer.input(), layer.kernel(), layer.stride());
  }

  private List<Integer> pool(String input, List<Integer> kernel, List<Integer> stride) {
    return windows(input, kernel, stride, kernel.stream().map(size -> 0).toList());
  }

  @Override
  public List<Integer> visit(Layer.Upsample layer) {
    return enlarged(layer.input(), layer.scale());
  }

  @Override
  public List<Integer> visit(Layer.Softmax layer) {
    return same(layer);
  }

  @Override
  public List<Integer> visit(Layer.Sigmoid layer) {
    return same(layer);
  }
}
