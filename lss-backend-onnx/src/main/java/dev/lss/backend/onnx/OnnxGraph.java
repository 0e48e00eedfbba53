package dev.lss.backend.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ONNX model under construction: nodes in execution order, constants, one float input and one
 * float output. The numbers in the calls are the field numbers of onnx.proto. Not thread-safe.
 */
final class OnnxGraph {

  /** IR 9 with operator set 18: old enough for every runtime of the last years. */
  private static final int IR_VERSION = 9;

  private static final int OPERATOR_SET = 18;

  /** The number of float32 in onnx.proto. */
  static final int FLOAT = 1;

  private static final int LONG = 7;

  private final ProtobufWriter graph = new ProtobufWriter();
  private final Set<String> constants = new HashSet<>();

  /** Adds a constant; adding it again under the same name changes nothing. */
  String constant(String name, List<Integer> shape, float... values) {
    if (constants.add(name)) {
      ProtobufWriter tensor = new ProtobufWriter();
      for (int size : shape) {
        tensor.integer(1, size);
      }
      ByteBuffer raw =
          ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      raw.asFloatBuffer().put(values);
      graph.message(5, tensor.integer(2, FLOAT).string(8, name).bytes(9, raw.array()));
    }
    return name;
  }

  /** Adds a list of whole numbers, once however often it is asked for, and returns its name. */
  String constant(long... values) {
    String name = "longs:" + Arrays.toString(values);
    if (constants.add(name)) {
      ByteBuffer raw =
          ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      raw.asLongBuffer().put(values);
      ProtobufWriter tensor = new ProtobufWriter().integer(1, values.length).integer(2, LONG);
      graph.message(5, tensor.string(8, name).bytes(9, raw.array()));
    }
    return name;
  }

  /** Returns whether a constant of this name was added. */
  boolean hasConstant(String name) {
    return constants.contains(name);
  }

  /** Adds a node with one output. An empty input name means that the input is absent. */
  void node(String operator, List<String> inputs, String output, ProtobufWriter... attributes) {
    ProtobufWriter node = new ProtobufWriter();
    for (String input : inputs) {
      node.string(1, input);
    }
    node.string(2, output).string(3, output).string(4, operator);
    for (ProtobufWriter attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  static ProtobufWriter attribute(String name, long value) {
    return new ProtobufWriter().string(1, name).integer(3, value).integer(20, 2);
  }

  static ProtobufWriter attribute(String name, float value) {
    return new ProtobufWriter().string(1, name).floating(2, value).integer(20, 1);
  }

  static ProtobufWriter attribute(String name, String value) {
    return new ProtobufWriter().string(1, name).string(4, value).integer(20, 3);
  }

  static ProtobufWriter attribute(String name, List<Integer> values) {
    ProtobufWriter attribute = new ProtobufWriter().string(1, name);
    for (int value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, 7);
  }

  /** Declares the graph's input, of any batch and spatial size. */
  void input(String name, int channels, int spatialRank) {
    graph.message(11, value(name, channels, spatialRank, "in"));
  }

  /** Declares the graph's output, of any batch and spatial size. */
  void output(String name, int channels, int spatialRank) {
    graph.message(12, value(name, channels, spatialRank, "out"));
  }

  private static ProtobufWriter value(String name, int channels, int spatialRank, String sizes) {
    ProtobufWriter shape =
        new ProtobufWriter()
            .message(1, new ProtobufWriter().string(2, "batch"))
            .message(1, new ProtobufWriter().integer(1, channels));
    for (int axis = 0; axis < spatialRank; axis++) {
      shape.message(1, new ProtobufWriter().string(2, sizes + axis));
    }
    ProtobufWriter type = new ProtobufWriter().integer(1, FLOAT).message(2, shape);
    return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, type));
  }

  /** Returns the model as the bytes of an .onnx file. */
  byte[] toModel() {
    graph.string(2, "network");
    return new ProtobufWriter()
        .integer(1, IR_VERSION)
        .string(2, "lss")
        .message(7, graph)
        .message(8, new ProtobufWriter().string(1, "").integer(2, OPERATOR_SET))
        .toByteArray();
  }
}
