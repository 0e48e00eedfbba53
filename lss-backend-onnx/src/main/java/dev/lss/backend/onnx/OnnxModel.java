package dev.lss.backend.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an .onnx file says, as far as a network needs it: no functions, no inner graphs, no tensors
 * elsewhere, no documentation. Immutable. {@link OnnxModelReader} makes it of a file, and {@link
 * OnnxModelWriter} makes a file of it.
 *
 * @param operatorSet version of ONNX's own operators
 * @param input the one input that is no constant
 * @param output the one output
 * @param nodes operators in execution order
 * @param constants tensors with their values, by name
 */
record OnnxModel(
    int operatorSet,
    Declared input,
    Declared output,
    List<Node> nodes,
    Map<String, Constant> constants) {

  OnnxModel {
    nodes = List.copyOf(nodes);
    constants = Map.copyOf(constants);
  }

  /** Kinds of numbers, with their numbers in onnx.proto. */
  enum ElementType {
    FLOAT(1, Float.BYTES),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, Integer.BYTES),
    INT64(7, Long.BYTES),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, Double.BYTES);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
      this.number = number;
      this.bytes = bytes;
    }

    int number() {
      return number;
    }

    int bytes() {
      return bytes;
    }

    /** Returns whether values are whole numbers. */
    boolean isWhole() {
      return this != FLOAT && this != FLOAT16 && this != DOUBLE;
    }

    static Optional<ElementType> of(long number) {
      for (ElementType type : values()) {
        if (type.number == number) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A size of an input or output.
   *
   * @param size at least 1, or -1 where any size goes
   * @param symbol what the file calls a size that is not fixed; sizes of one symbol are equal
   */
  record Dimension(int size, String symbol) {}

  /**
   * The input or the output, float32.
   *
   * @param dims its sizes; empty where the file does not say even how many
   */
  record Declared(String name, Optional<List<Dimension>> dims) {
    Declared {
      dims = dims.map(List::copyOf);
    }
  }

  /**
   * A tensor with its values.
   *
   * @param dims sizes, each at least 0; none for a single value
   * @param bytes the values, little-endian, exactly as many as the sizes say
   */
  record Constant(ElementType type, List<Integer> dims, ByteBuffer bytes) {
    Constant {
      dims = List.copyOf(dims);
    }
  }

  /** Kinds of attributes, with their numbers in onnx.proto. */
  enum AttributeKind {
    FLOAT(1),
    INT(2),
    STRING(3),
    TENSOR(4),
    FLOATS(6),
    INTS(7);

    private final int number;

    AttributeKind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Optional<AttributeKind> of(long number) {
      for (AttributeKind kind : values()) {
        if (kind.number == number) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** A setting of a node; of the values only that of its kind is filled. */
  record Attribute(
      AttributeKind kind,
      List<Long> integers,
      List<Float> floats,
      String text,
      Optional<Constant> tensor) {
    Attribute {
      integers = List.copyOf(integers);
      floats = List.copyOf(floats);
    }
  }

  /**
   * One operator.
   *
   * @param place what messages call it, such as {@code node 12, Conv "conv1"}
   * @param inputs names of tensors; empty where an optional one is absent
   * @param outputs names of tensors; empty where one is not wanted
   */
  record Node(
      String place,
      String operator,
      String name,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    Node {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      attributes = Map.copyOf(attributes);
    }
  }
}
