package dev.lss.api.model.network;

import dev.lss.api.ModelException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A network as an ordered list of layers with one input, named {@value #INPUT}, and one output.
 * Immutable; a network that exists is connected: every layer is fed by the input or an earlier
 * layer.
 *
 * @param spatialRank 2 or 3
 * @param inputChannels channels of the input, at least 1
 * @param layers the layers in execution order, at least one
 * @param output name of the layer whose result is the network's
 */
public record Network(int spatialRank, int inputChannels, List<Layer> layers, String output) {

  /** The name by which layers refer to the network's input. */
  public static final String INPUT = "input";

  /** Refuses networks that are not connected, and layers that cannot work. */
  public Network {
    layers = List.copyOf(layers);
    if (spatialRank != 2 && spatialRank != 3) {
      throw new IllegalArgumentException("spatialRank must be 2 or 3, was " + spatialRank);
    }
    if (inputChannels < 1) {
      throw new IllegalArgumentException("inputChannels must be at least 1, was " + inputChannels);
    }
    Map<String, Integer> channels = channels(spatialRank, inputChannels, layers);
    if (output.equals(INPUT) || !channels.containsKey(output)) {
      throw new IllegalArgumentException("the output \"" + output + "\" is no layer");
    }
  }

  /** Returns the channels of the output. */
  public int outputChannels() {
    return Objects.requireNonNull(channelsByLayer().get(output));
  }

  /** Returns what the network takes and gives. */
  public Signature signature() {
    return new Signature(spatialRank, inputChannels, outputChannels(), sizeMultiples());
  }

  /**
   * Returns the number of channels that every layer gives, and the input's under {@value #INPUT}.
   */
  public Map<String, Integer> channelsByLayer() {
    return channels(spatialRank, inputChannels, layers);
  }

  /**
   * Returns, per spatial axis, the number that an input size must be a multiple of: the least
   * common multiple of the total strides of all layers. Sizes that are not would not meet again at
   * the skip connections.
   */
  public List<Integer> sizeMultiples() {
    Map<String, int[]> strides = new HashMap<>();
    int[] one = new int[spatialRank];
    Arrays.fill(one, 1);
    strides.put(INPUT, one);
    int[] common = one.clone();
    for (Layer layer : layers) {
      int[] total = Objects.requireNonNull(strides.get(layer.inputs().get(0))).clone();
      List<Integer> down = layer.accept(STRIDE);
      List<Integer> up = layer.accept(SCALE);
      for (int axis = 0; axis < spatialRank; axis++) {
        total[axis] = total[axis] * down.get(axis % down.size()) / up.get(axis % up.size());
        common[axis] = leastCommonMultiple(common[axis], Math.max(1, total[axis]));
      }
      strides.put(layer.name(), total);
    }
    return Arrays.stream(common).boxed().toList();
  }

  private static int leastCommonMultiple(int a, int b) {
    int multiple = a;
    while (multiple % b != 0) {
      multiple = Math.addExact(multiple, a);
    }
    return multiple;
  }

  /** Returns the names of all tensors that the layers use, in the order of the layers. */
  public Set<String> tensorNames() {
    Set<String> names = new LinkedHashSet<>();
    forEachTensor((layer, tensor) -> names.add(tensor.name()));
    return Collections.unmodifiableSet(names);
  }

  private void forEachTensor(BiConsumer<Layer, Layer.Tensor> action) {
    Map<String, Integer> channels = channelsByLayer();
    for (Layer layer : layers) {
      int fed = Objects.requireNonNull(channels.get(layer.inputs().get(0)));
      layer.tensors(fed).forEach(tensor -> action.accept(layer, tensor));
    }
  }

  /**
   * Checks that these weights hold every tensor of every layer in the shape that the layer needs;
   * every backend does so before native code sees them.
   *
   * @return the number of values that the network uses, a tensor of two layers counted once
   * @throws ModelException when a tensor is missing or has another shape
   */
  public long requireWeights(Weights weights) {
    Map<String, Long> values = new HashMap<>();
    forEachTensor(
        (layer, tensor) -> {
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
          values.put(
              tensor.name(),
              found.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact));
        });
    return values.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
  }

  /**
   * Returns the spatial sizes of the output for an input of these sizes. A runtime whose native
   * code does not survive a size that does not go through asks here first.
   *
   * @throws IllegalArgumentException when the input is too small for a window, or when layers that
   *     meet differ in size, with the layer's name
   */
  public List<Integer> outputSize(List<Integer> inputSize) {
    Map<String, List<Integer>> sizes = new HashMap<>();
    sizes.put(INPUT, inputSize);
    for (Layer layer : layers) {
      List<Integer> first = Objects.requireNonNull(sizes.get(layer.inputs().get(0)));
      for (String input : layer.inputs()) {
        if (!first.equals(sizes.get(input))) {
          throw new IllegalArgumentException(
              "the layer %s joins results of the sizes %s and %s"
                  .formatted(layer.name(), first, sizes.get(input)));
        }
      }
      List<Integer> size = layer.outputSize(first);
      if (!size.stream().allMatch(s -> s >= 1)) {
        throw new IllegalArgumentException(
            "it is too small, nothing is left of it at the layer " + layer.name());
      }
      sizes.put(layer.name(), size);
    }
    return Objects.requireNonNull(sizes.get(output));
  }

  /**
   * Returns the bytes of float32 that the results of layers take at their most, for one sample of
   * these sizes: each is kept from its layer to the last one that it feeds, and rectifiers work in
   * place. Runtimes take this and more, for what they calculate in between.
   */
  public long liveBytes(List<Integer> inputSize) {
    return Math.multiplyExact(Float.BYTES, new LiveValues(this, inputSize).most());
  }

  /**
   * Returns the names of the last layers with kernels: the convolutions between which and the
   * output there is no other. They decide between labels that are close, so that coarse arithmetic
   * such as bf16 leaves them alone.
   */
  public Set<String> lastConvolutions() {
    Map<String, Layer> byName = new HashMap<>();
    layers.forEach(layer -> byName.put(layer.name(), layer));
    Set<String> last = new HashSet<>();
    Set<String> seen = new HashSet<>(Set.of(INPUT));
    Deque<String> behind = new ArrayDeque<>(Set.of(output));
    while (!behind.isEmpty()) {
      String name = behind.remove();
      if (seen.add(name)) {
        Layer layer = Objects.requireNonNull(byName.get(name));
        if (layer instanceof Layer.Convolution || layer instanceof Layer.TransposedConvolution) {
          last.add(name);
        } else {
          behind.addAll(layer.inputs());
        }
      }
    }
    return Set.copyOf(last);
  }

  private static Map<String, Integer> channels(
      int spatialRank, int inputChannels, List<Layer> layers) {
    Map<String, Integer> channels = new HashMap<>();
    channels.put(INPUT, inputChannels);
    for (Layer layer : layers) {
      if (layer.inputs().isEmpty()) {
        throw new IllegalArgumentException("layer " + layer.name() + " has no input");
      }
      for (String input : layer.inputs()) {
        if (!channels.containsKey(input)) {
          throw new IllegalArgumentException(
              "layer %s is fed by \"%s\", which no earlier layer gives"
                  .formatted(layer.name(), input));
        }
      }
      if (channels.put(layer.name(), layer.accept(new ChannelCount(channels, spatialRank)))
          != null) {
        throw new IllegalArgumentException("two layers are named " + layer.name());
      }
    }
    return channels;
  }

  private static final List<Integer> ONE = List.of(1);

  /** The step of a layer that makes its result smaller. */
  private static final Layer.Visitor<List<Integer>> STRIDE =
      new Layer.Visitor<>() {
        @Override
        public List<Integer> other(Layer layer) {
          return ONE;
        }

        @Override
        public List<Integer> visit(Layer.Convolution layer) {
          return layer.stride();
        }

        @Override
        public List<Integer> visit(Layer.MaxPool layer) {
          return layer.stride();
        }

        @Override
        public List<Integer> visit(Layer.AveragePool layer) {
          return layer.stride();
        }
      };

  /** The factor of a layer that makes its result larger. */
  private static final Layer.Visitor<List<Integer>> SCALE =
      new Layer.Visitor<>() {
        @Override
        public List<Integer> other(Layer layer) {
          return ONE;
        }

        @Override
        public List<Integer> visit(Layer.TransposedConvolution layer) {
          return layer.stride();
        }

        @Override
        public List<Integer> visit(Layer.Upsample layer) {
          return layer.scale();
        }
      };
}
