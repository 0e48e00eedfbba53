package dev.lss.backend.tf;

import dev.lss.api.model.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.proto.DataType;

/**
 * The weights of a network as constants of a graph, in the order of axes that TensorFlow wants,
 * each added once however many layers use it. Not thread-safe.
 */
final class GraphWeights {

  private final TfGraph graph;
  private final Weights weights;
  private final Map<String, String> added = new HashMap<>();

  GraphWeights(TfGraph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
  }

  /** Returns the values of a tensor, in a new array. */
  float[] values(String tensor) {
    return weights.values(tensor);
  }

  /** Adds one value per channel. */
  String vector(String tensor) {
    return once(
        "vector " + tensor,
        name -> graph.floats(name, weights.shape(tensor), weights.values(tensor)));
  }

  /** Adds the filter of a convolution, out x in x kernel, as kernel x in x out. */
  String filter(String tensor, DataType type) {
    return once(
        "filter " + type + " " + tensor,
        name -> {
          List<Integer> shape = weights.shape(tensor);
          float[] values = weights.values(tensor);
          int out = shape.get(0);
          int in = shape.get(1);
          int taps = values.length / (out * in);
          float[] transposed = new float[values.length];
          for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
              for (int tap = 0; tap < taps; tap++) {
                transposed[(tap * in + i) * out + o] = values[(o * in + i) * taps + tap];
              }
            }
          }
          List<Integer> sizes = new ArrayList<>(shape.subList(2, shape.size()));
          sizes.add(in);
          sizes.add(out);
          return constant(name, type, sizes, transposed);
        });
  }

  /**
   * Adds the filter of a transposed convolution, in x out x kernel, as 1 x 1 x 1 x in x (kernel x
   * out): one value of the input makes a whole block.
   */
  String blocks(String tensor, DataType type) {
    return once(
        "blocks " + type + " " + tensor,
        name -> {
          List<Integer> shape = weights.shape(tensor);
          float[] values = weights.values(tensor);
          int in = shape.get(0);
          int out = shape.get(1);
          int taps = values.length / (in * out);
          float[] transposed = new float[values.length];
          for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
              for (int tap = 0; tap < taps; tap++) {
                transposed[(i * taps + tap) * out + o] = values[(i * out + o) * taps + tap];
              }
            }
          }
          List<Integer> sizes = new ArrayList<>(Collections.nCopies(shape.size() - 2, 1));
          sizes.add(in);
          sizes.add(taps * out);
          return constant(name, type, sizes, transposed);
        });
  }

  /** Adds a bias repeated for every place in a block. */
  String blockBias(String tensor, List<Integer> kernel) {
    int taps = kernel.stream().reduce(1, Math::multiplyExact);
    return once(
        "bias of " + taps + " " + tensor,
        name -> {
          float[] bias = weights.values(tensor);
          float[] repeated = Arrays.copyOf(bias, taps * bias.length);
          for (int i = bias.length; i < repeated.length; i++) {
            repeated[i] = repeated[i - bias.length];
          }
          return graph.floats(name, List.of(repeated.length), repeated);
        });
  }

  private String constant(String name, DataType type, List<Integer> sizes, float[] values) {
    return type == DataType.DT_FLOAT
        ? graph.floats(name, sizes, values)
        : graph.bfloats(name, sizes, values);
  }

  private String once(String key, Function<String, String> add) {
    return added.computeIfAbsent(key, unused -> add.apply("weights/" + added.size()));
  }
}
