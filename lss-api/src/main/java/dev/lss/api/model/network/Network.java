package dev.lss.api.model.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

  /**
   * Checks that these weights hold every tensor of every layer in the shape that the layer needs;
   * every backend does so before native code sees them.
   *
   * @return the number of values that the network uses
   * @throws dev.lss.api.ModelException when a tensor is missing or has another shape
   */
  public long requireWeights(Weights weights) {
    return WeightShapes.check(this, weights);
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
      new PerLayer<>(ONE) {
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
      new PerLayer<>(ONE) {
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
