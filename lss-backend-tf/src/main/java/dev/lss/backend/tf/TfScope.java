package dev.lss.backend.tf;

import static dev.lss.backend.tf.TfGraph.number;
import static dev.lss.backend.tf.TfGraph.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;

/**
 * The nodes of one layer, whose names begin with the layer's, and what several kinds of layer make
 * of nodes. Tensors are of float32 where no type is given, sizes and axes of int32. Not
 * thread-safe.
 */
final class TfScope {

  static final AttrValue FLOAT = type(DataType.DT_FLOAT);
  static final AttrValue INTEGER = type(DataType.DT_INT32);

  private final TfGraph graph;
  private final String name;

  TfScope(TfGraph graph, String name) {
    this.graph = graph;
    this.name = name;
  }

  String node(
      String node, String operator, List<String> inputs, Map<String, AttrValue> attributes) {
    return graph.node(name + "/" + node, operator, inputs, attributes);
  }

  /** Adds an operator on float32 that needs to know no more. */
  String node(String node, String operator, List<String> inputs) {
    return node(node, operator, inputs, Map.of("T", FLOAT));
  }

  String floats(String node, List<Integer> sizes, float... values) {
    return graph.floats(name + "/" + node, sizes, values);
  }

  String integers(String node, int... values) {
    return graph.integers(name + "/" + node, values);
  }

  String integers(String node, List<Integer> sizes, int... values) {
    return graph.integers(name + "/" + node, sizes, values);
  }

  /** Adds one int32 without axes. */
  String integer(String node, int value) {
    return graph.integers(name + "/" + node, List.of(), value);
  }

  String cast(String node, String x, DataType from, DataType to) {
    return from == to
        ? x
        : node(node, "Cast", List.of(x), Map.of("SrcT", type(from), "DstT", type(to)));
  }

  String transposed(String node, String x, int... axes) {
    String order = integers(node + "_axes", axes);
    return node(node, "Transpose", List.of(x, order), Map.of("T", FLOAT, "Tperm", INTEGER));
  }

  /** Adds the sizes of a tensor as a vector. */
  String sizes(String x) {
    return node("sizes", "Shape", List.of(x), Map.of("T", FLOAT, "out_type", INTEGER));
  }

  /** Adds a part of a vector of sizes. */
  String part(String node, String vector, int begin, int length) {
    String from = integers(node + "_begin", begin);
    String count = integers(node + "_length", length);
    return node(
        node, "Slice", List.of(vector, from, count), Map.of("T", INTEGER, "Index", INTEGER));
  }

  /** Adds the products of a vector's sizes and these factors. */
  String times(String node, String vector, List<Integer> factors) {
    int[] values = factors.stream().mapToInt(Integer::intValue).toArray();
    String constant = integers(node + "_factors", values);
    return node(node, "Mul", List.of(vector, constant), Map.of("T", INTEGER));
  }

  /** Adds vectors of sizes as one. */
  String joined(String node, String... vectors) {
    List<String> inputs = new ArrayList<>(List.of(vectors));
    inputs.add(integer(node + "_axis", 0));
    return node(
        node,
        "ConcatV2",
        inputs,
        Map.of("N", number(vectors.length), "T", INTEGER, "Tidx", INTEGER));
  }

  /** Adds the same values with other sizes, given by vectors one after the other. */
  String reshaped(String node, String x, String... vectors) {
    String sizes = vectors.length == 1 ? vectors[0] : joined(node + "_sizes", vectors);
    return node(node, "Reshape", List.of(x, sizes), Map.of("T", FLOAT, "Tshape", INTEGER));
  }
}
