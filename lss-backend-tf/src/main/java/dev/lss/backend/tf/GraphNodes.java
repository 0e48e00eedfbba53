package dev.lss.backend.tf;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Checks one node of a graph and writes it again: an operator on the list, the attributes that the
 * runtime knows for it with values that a network has, constants as long as they say. Every refusal
 * is an {@link IllegalArgumentException} in words that follow the file's name. Not thread-safe: it
 * adds up what constants take that are written shorter than they are.
 */
final class GraphNodes {

  private static final int MAX_AXES = 8;
  private static final int MAX_NUMBERS = 4096;
  private static final int MAX_SIZE = 1 << 16;

  /** What constants may take that are written as one value for all; TensorFlow stores zeros so. */
  private static final long MAX_EXPANDED_BYTES = 64L << 20;

  /** Bytes of one number. */
  private static final Map<DataType, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry(DataType.DT_FLOAT, 4),
          Map.entry(DataType.DT_DOUBLE, 8),
          Map.entry(DataType.DT_HALF, 2),
          Map.entry(DataType.DT_BFLOAT16, 2),
          Map.entry(DataType.DT_INT64, 8),
          Map.entry(DataType.DT_INT32, 4),
          Map.entry(DataType.DT_INT16, 2),
          Map.entry(DataType.DT_INT8, 1),
          Map.entry(DataType.DT_UINT8, 1),
          Map.entry(DataType.DT_BOOL, 1));

  /** Lists of sizes, of which a zero divides by zero in some runtimes. */
  private static final Set<String> STEPS = Set.of("strides", "dilations", "ksize", "rates");

  /** Single sizes. */
  private static final Set<String> COUNTS =
      Set.of("N", "num", "num_split", "block_size", "depth_radius");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.,>-]{0,64}");

  private final Map<String, OpDef> operators;
  private long expanded;

  GraphNodes(Map<String, OpDef> operators) {
    this.operators = operators;
  }

  /** Returns the node as it is written again. */
  NodeDef checked(NodeDef node) {
    OpDef operator = operator(node.getOp());
    NodeDef.Builder written =
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp(node.getOp())
            .addAllInput(node.getInputList());
    for (OpDef.AttrDef attribute : operator.getAttrList()) {
      AttrValue value = node.getAttrMap().get(attribute.getName());
      if (value != null) {
        written.putAttr(attribute.getName(), checked(node, attribute.getName(), value));
      }
    }
    return written.build();
  }

  /** Returns what the runtime says about an operator that is on the list. */
  OpDef operator(String name) {
    OpDef operator = operators.get(name);
    if (operator == null) {
      throw new IllegalArgumentException(
          "uses the custom operator \"%s\", which TensorFlow does not have".formatted(name));
    }
    if (operator.getIsStateful()) {
      throw new IllegalArgumentException(
          ("uses the operator \"%s\", which does more than to calculate from its inputs; a model"
                  + " with variables must be frozen, its weights made constants, before it is saved")
              .formatted(name));
    }
    if (!GraphOperators.contains(name)) {
      throw new IllegalArgumentException(
          "uses the operator \"%s\", which is not on the list of operators that networks need"
              .formatted(name));
    }
    return operator;
  }

  private AttrValue checked(NodeDef node, String name, AttrValue value) {
    return switch (value.getValueCase()) {
      case S -> {
        if (!WORD.matcher(value.getS().toStringUtf8()).matches()) {
          throw odd(node, name);
        }
        yield value;
      }
      case I -> {
        requireIn(node, name, value.getI(), COUNTS.contains(name) ? 1 : -MAX_SIZE);
        yield value;
      }
      case F, B -> value;
      case TYPE -> {
        requireType(node, value.getType());
        yield value;
      }
      case SHAPE -> {
        requireShape(node, value.getShape());
        yield value;
      }
      case TENSOR -> AttrValue.newBuilder().setTensor(checked(node, value.getTensor())).build();
      case LIST -> {
        requireList(node, name, value.getList());
        yield value;
      }
      default -> throw odd(node, name);
    };
  }

  private void requireList(NodeDef node, String name, AttrValue.ListValue list) {
    boolean plain =
        list.getICount() <= MAX_NUMBERS
            && list.getFCount() <= MAX_NUMBERS
            && list.getTypeCount() <= MAX_NUMBERS
            && list.getSCount()
                    + list.getBCount()
                    + list.getShapeCount()
                    + list.getTensorCount()
                    + list.getFuncCount()
                == 0;
    if (!plain) {
      throw odd(node, name);
    }
    for (long number : list.getIList()) {
      requireIn(node, name, number, STEPS.contains(name) ? 1 : -MAX_SIZE);
    }
    list.getTypeList().forEach(type -> requireType(node, type));
  }

  private static void requireIn(NodeDef node, String name, long value, long least) {
    if (value < least || value > MAX_SIZE) {
      throw new IllegalArgumentException(
          "has the attribute %s = %s of the node \"%s\", which must lie in [%s, %s]"
              .formatted(name, value, node.getName(), least, MAX_SIZE));
    }
  }

  private static void requireType(NodeDef node, DataType type) {
    if (type == DataType.DT_STRING) {
      throw new IllegalArgumentException(
          "uses texts in the operator \"%s\"".formatted(node.getOp()));
    }
    if (!NUMBERS.containsKey(type)) {
      throw new IllegalArgumentException(
          "uses %s in the operator \"%s\", which are no numbers".formatted(type, node.getOp()));
    }
  }

  private static IllegalArgumentException odd(NodeDef node, String attribute) {
    return new IllegalArgumentException(
        "has a value of the attribute \"%s\" of the node \"%s\" that no network needs"
            .formatted(attribute, node.getName()));
  }

  /** Returns how many numbers a shape has, negative where a size is open. */
  private static long requireShape(NodeDef node, TensorShapeProto shape) {
    long count = 1;
    boolean open = shape.getUnknownRank();
    for (TensorShapeProto.Dim dim : shape.getDimList()) {
      open |= dim.getSize() < 0;
      if (dim.getSize() < -1
          || dim.getSize() > Integer.MAX_VALUE
          || shape.getDimCount() > MAX_AXES) {
        throw sizes(node, shape);
      }
      count *= Math.max(1, dim.getSize());
      if (count > Integer.MAX_VALUE) {
        throw sizes(node, shape);
      }
    }
    boolean empty = shape.getDimList().stream().anyMatch(dim -> dim.getSize() == 0);
    return open ? -1 : empty ? 0 : count;
  }

  private static IllegalArgumentException sizes(NodeDef node, TensorShapeProto shape) {
    return new IllegalArgumentException(
        "has the node \"%s\" with sizes that no network has: %s"
            .formatted(
                node.getName(),
                shape.getDimList().stream()
                    .limit(MAX_AXES)
                    .map(TensorShapeProto.Dim::getSize)
                    .toList()));
  }

  private TensorProto checked(NodeDef node, TensorProto tensor) {
    requireType(node, tensor.getDtype());
    Integer width = NUMBERS.get(tensor.getDtype());
    long count = requireShape(node, tensor.getTensorShape());
    int axes = tensor.getTensorShape().getDimCount();
    if (count < 0 || width == null || (count == 0 && axes > 1)) {
      throw sizes(node, tensor.getTensorShape());
    }
    TensorProto.Builder written =
        TensorProto.newBuilder()
            .setDtype(tensor.getDtype())
            .setTensorShape(tensor.getTensorShape());
    ByteString content = tensor.getTensorContent();
    int values = values(tensor);
    if (!content.isEmpty()) {
      if (content.size() != count * width || values != 0) {
        throw length(node, count, content.size() / width);
      }
      return written.setTensorContent(content).build();
    }
    if (values > count || (values == 0 && count > 1)) {
      throw length(node, count, values);
    }
    if (values < count) {
      expanded += count * width;
      if (expanded > MAX_EXPANDED_BYTES) {
        throw new IllegalArgumentException(
            "has the constant \"%s\" of %s numbers, of which the file holds %s"
                .formatted(node.getName(), count, values));
      }
    }
    return written
        .addAllFloatVal(tensor.getFloatValList())
        .addAllDoubleVal(tensor.getDoubleValList())
        .addAllIntVal(tensor.getIntValList())
        .addAllInt64Val(tensor.getInt64ValList())
        .addAllBoolVal(tensor.getBoolValList())
        .addAllHalfVal(tensor.getHalfValList())
        .build();
  }

  /** Returns how many values are listed one by one, in the one list of the tensor's type. */
  private static int values(TensorProto tensor) {
    List<Integer> lists =
        List.of(
            tensor.getFloatValCount(),
            tensor.getDoubleValCount(),
            tensor.getIntValCount(),
            tensor.getInt64ValCount(),
            tensor.getBoolValCount(),
            tensor.getHalfValCount());
    int own =
        switch (tensor.getDtype()) {
          case DT_FLOAT -> tensor.getFloatValCount();
          case DT_DOUBLE -> tensor.getDoubleValCount();
          case DT_INT64 -> tensor.getInt64ValCount();
          case DT_BOOL -> tensor.getBoolValCount();
          case DT_HALF, DT_BFLOAT16 -> tensor.getHalfValCount();
          default -> tensor.getIntValCount();
        };
    if (lists.stream().mapToInt(Integer::intValue).sum() != own) {
      throw new IllegalArgumentException("has a constant with values of two types");
    }
    return own;
  }

  private static IllegalArgumentException length(NodeDef node, long count, long held) {
    return new IllegalArgumentException(
        "has the constant \"%s\" of %s numbers, of which the file holds %s"
            .formatted(node.getName(), count, held));
  }

  /** Returns the numbers of a constant of few integers or floats, or null. */
  static double @Nullable [] few(NodeDef node) {
    TensorProto tensor = node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
    long count = requireShape(node, tensor.getTensorShape());
    if (!node.getOp().equals("Const") || count > 64) {
      return null;
    }
    double[] numbers = new double[(int) count];
    ByteBuffer bytes =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    boolean listed = !bytes.hasRemaining();
    int values = listed ? values(tensor) : 0;
    for (int n = 0; n < numbers.length; n++) {
      int from = Math.min(n, values - 1);
      switch (tensor.getDtype()) {
        case DT_FLOAT ->
            numbers[n] = listed ? (from < 0 ? 0 : tensor.getFloatVal(from)) : bytes.getFloat();
        case DT_INT32 ->
            numbers[n] = listed ? (from < 0 ? 0 : tensor.getIntVal(from)) : bytes.getInt();
        case DT_INT64 ->
            numbers[n] = listed ? (from < 0 ? 0 : tensor.getInt64Val(from)) : bytes.getLong();
        default -> {
          return null;
        }
      }
    }
    return numbers;
  }
}
