package dev.lss.backend.tf;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/**
 * A TensorFlow graph under construction: nodes in execution order, each with one output that is
 * known by the node's name. Plain Java, no native code. Not thread-safe.
 */
final class TfGraph {

  /** The graph version of TensorFlow 1.15, which knows all operators that are used here. */
  private static final int PRODUCER = 134;

  private static final int MIN_CONSUMER = 12;

  private final GraphDef.Builder graph =
      GraphDef.newBuilder()
          .setVersions(VersionDef.newBuilder().setProducer(PRODUCER).setMinConsumer(MIN_CONSUMER));

  /** Adds a node and returns its name. */
  String node(
      String name, String operator, List<String> inputs, Map<String, AttrValue> attributes) {
    graph.addNode(
        NodeDef.newBuilder()
            .setName(name)
            .setOp(operator)
            .addAllInput(inputs)
            .putAllAttr(attributes));
    return name;
  }

  /** Adds the graph's input, float32 with these sizes, -1 for any. */
  String input(String name, List<Integer> sizes) {
    return node(
        name,
        "Placeholder",
        List.of(),
        Map.of(
            "dtype",
            type(DataType.DT_FLOAT),
            "shape",
            AttrValue.newBuilder().setShape(shape(sizes)).build()));
  }

  /** Adds a constant of float32. */
  String floats(String name, List<Integer> sizes, float... values) {
    ByteBuffer bytes = littleEndian(values.length, Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(name, DataType.DT_FLOAT, sizes, bytes);
  }

  /** Adds a constant of bfloat16, values rounded to the nearest, ties to even. */
  String bfloats(String name, List<Integer> sizes, float... values) {
    ByteBuffer bytes = littleEndian(values.length, Short.BYTES);
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      bytes.putShort((short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
    }
    return constant(name, DataType.DT_BFLOAT16, sizes, bytes.rewind());
  }

  /** Adds a vector of int32. */
  String integers(String name, int... values) {
    return integers(name, List.of(values.length), values);
  }

  /** Adds a constant of int32. */
  String integers(String name, List<Integer> sizes, int... values) {
    ByteBuffer bytes = littleEndian(values.length, Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return constant(name, DataType.DT_INT32, sizes, bytes);
  }

  private static ByteBuffer littleEndian(int values, int bytes) {
    return ByteBuffer.allocate(Math.multiplyExact(values, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String constant(String name, DataType type, List<Integer> sizes, ByteBuffer bytes) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(shape(sizes))
            .setTensorContent(UnsafeByteOperations.unsafeWrap(bytes))
            .build();
    return node(
        name,
        "Const",
        List.of(),
        Map.of("dtype", type(type), "value", AttrValue.newBuilder().setTensor(tensor).build()));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue text(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttrValue number(float value) {
    return AttrValue.newBuilder().setF(value).build();
  }

  static AttrValue number(int value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  static AttrValue flag(boolean value) {
    return AttrValue.newBuilder().setB(value).build();
  }

  static AttrValue numbers(int... values) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    Arrays.stream(values).forEach(list::addI);
    return AttrValue.newBuilder().setList(list).build();
  }

  static TensorShapeProto shape(List<Integer> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : sizes) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return shape.build();
  }

  /** Returns the graph. */
  GraphDef toGraphDef() {
    return graph.build();
  }
}
