package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.AttributeKind;
import dev.lss.backend.onnx.OnnxModel.Constant;
import dev.lss.backend.onnx.OnnxModel.Declared;
import dev.lss.backend.onnx.OnnxModel.Dimension;
import dev.lss.backend.onnx.OnnxModel.ElementType;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;

/** Writes an {@link OnnxModel} as an .onnx file that holds nothing else. */
final class OnnxModelWriter {

  /** The version of the format that came with operator set 19; what is written needs no newer. */
  private static final int IR_VERSION = 9;

  private OnnxModelWriter() {}

  /**
   * Returns the file, in native memory; constants are copied into it.
   *
   * @throws ArithmeticException when it is larger than a buffer
   */
  static ByteBuffer write(OnnxModel model) {
    ProtobufWriter graph = new ProtobufWriter();
    model.nodes().forEach(node -> graph.message(1, node(node)));
    graph.string(2, "network");
    // Sorted, so that equal models are equal files.
    new TreeMap<>(model.constants())
        .forEach((name, constant) -> graph.message(5, tensor(name, constant)));
    graph.message(11, declared(model.input())).message(12, declared(model.output()));
    return new ProtobufWriter()
        .integer(1, IR_VERSION)
        .string(2, "lss")
        .message(7, graph)
        .message(8, new ProtobufWriter().string(1, "").integer(2, model.operatorSet()))
        .toDirectBuffer();
  }

  private static ProtobufWriter node(Node node) {
    ProtobufWriter message = new ProtobufWriter();
    node.inputs().forEach(name -> message.string(1, name));
    node.outputs().forEach(name -> message.string(2, name));
    message.string(3, node.name()).string(4, node.operator());
    new TreeMap<>(node.attributes())
        .forEach((name, attribute) -> message.message(5, attribute(name, attribute)));
    return message;
  }

  private static ProtobufWriter attribute(String name, Attribute attribute) {
    ProtobufWriter message = new ProtobufWriter().string(1, name);
    AttributeKind kind = attribute.kind();
    switch (kind) {
      case FLOAT -> message.floating(2, attribute.floats().get(0));
      case INT -> message.integer(3, attribute.integers().get(0));
      case STRING -> message.string(4, attribute.text());
      case TENSOR -> message.message(5, tensor("", attribute.tensor().orElseThrow()));
      case FLOATS -> attribute.floats().forEach(value -> message.floating(7, value));
      case INTS -> attribute.integers().forEach(value -> message.integer(8, value));
    }
    return message.integer(20, kind.number());
  }

  private static ProtobufWriter tensor(String name, Constant constant) {
    ProtobufWriter message = new ProtobufWriter();
    constant.dims().forEach(size -> message.integer(1, size));
    return message.integer(2, constant.type().number()).string(8, name).bytes(9, constant.bytes());
  }

  private static ProtobufWriter declared(Declared declared) {
    ProtobufWriter type = new ProtobufWriter().integer(1, ElementType.FLOAT.number());
    declared.dims().ifPresent(dims -> type.message(2, shape(dims)));
    return new ProtobufWriter()
        .string(1, declared.name())
        .message(2, new ProtobufWriter().message(1, type));
  }

  private static ProtobufWriter shape(List<Dimension> dims) {
    ProtobufWriter shape = new ProtobufWriter();
    for (Dimension dimension : dims) {
      ProtobufWriter one = new ProtobufWriter();
      if (dimension.size() >= 0) {
        one.integer(1, dimension.size());
      } else if (!dimension.symbol().isEmpty()) {
        one.string(2, dimension.symbol());
      }
      shape.message(1, one);
    }
    return shape;
  }
}
