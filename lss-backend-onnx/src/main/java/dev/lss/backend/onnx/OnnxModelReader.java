package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.AttributeKind;
import dev.lss.backend.onnx.OnnxModel.Constant;
import dev.lss.backend.onnx.OnnxModel.Declared;
import dev.lss.backend.onnx.OnnxModel.Dimension;
import dev.lss.backend.onnx.OnnxModel.ElementType;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an .onnx file into an {@link OnnxModel}, and refuses what has no place in one: the fields
 * that hold programs (functions, inner graphs, training), tensors of other files, and fields that
 * onnx.proto does not have. Documentation is left out. Numbers in the calls are the field numbers
 * of onnx.proto. Recursion ends by itself, since no message that is read may hold one of its kind.
 * Not thread-safe; one per file.
 */
final class OnnxModelReader {

  private static final int MAX_NODES = 30_000;
  private static final int MAX_NAMES = 300_000;
  private static final int MAX_CONSTANTS = 100_000;
  private static final int MAX_ATTRIBUTES = 32;
  private static final int MAX_LIST = 4096;
  private static final int MAX_RANK = 8;
  private static final int MAX_LENGTH = 1024;
  private static final int NEWEST_IR = 11;
  private static final int OLDEST_OPERATORS = 9;
  private static final int NEWEST_OPERATORS = 23;
  private static final int EXTERNAL = 1;
  private static final int FLOAT = ElementType.FLOAT.number();

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Map<String, TypedValue> inputs = new LinkedHashMap<>();
  private final Map<String, TypedValue> outputs = new LinkedHashMap<>();
  private String place = "the model";
  private int names;
  private int operatorSet;

  /** Returns where the reader is, for messages. */
  String place() {
    return place;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException when it is none, or holds what is not allowed; {@link #place}
   *     tells where
   */
  OnnxModel read(ByteBuffer file) {
    Fields seen = new Fields("the model");
    ProtobufReader model = new ProtobufReader(file);
    Optional<ProtobufReader> graph = Optional.empty();
    while (model.next()) {
      int field = model.field();
      switch (field) {
        case 1 -> {
          seen.once(field);
          between("the version of its format", model.integer(), 3, NEWEST_IR);
        }
        case 2, 3, 4, 6, 14 -> model.content();
        case 5 -> model.integer();
        case 7 -> {
          seen.once(field);
          graph = Optional.of(model.message());
        }
        case 8 -> readOperatorSet(model.message());
        case 20 ->
            throw new IllegalArgumentException(
                "it holds training information; export the network for inference");
        case 25 ->
            throw new IllegalArgumentException(
                "it holds functions; inline them (onnx.inliner.inline_local_functions) and save it"
                    + " again");
        default -> throw seen.unknown(field);
      }
    }
    if (operatorSet == 0) {
      throw new IllegalArgumentException("it does not say which operator set of ONNX it uses");
    }
    readGraph(graph.orElseThrow(() -> new IllegalArgumentException("it holds no graph")));
    place = "the graph";
    inputs.keySet().removeAll(constants.keySet());
    return new OnnxModel(
        operatorSet, single("input", inputs), single("output", outputs), nodes, constants);
  }

  private static Declared single(String what, Map<String, TypedValue> declared) {
    if (declared.size() != 1 || declared.values().iterator().next().elements() != FLOAT) {
      throw new IllegalArgumentException(
          "it must have one %s, a tensor of float32, but has %s"
              .formatted(what, shown(declared.keySet().toString())));
    }
    return declared.values().iterator().next().value();
  }

  /** An input or output, a tensor of this type of elements. */
  private record TypedValue(Declared value, long elements) {}

  private void readOperatorSet(ProtobufReader message) {
    Fields seen = new Fields("an operator set");
    String domain = "";
    long version = 0;
    while (message.next()) {
      seen.once(message.field());
      switch (message.field()) {
        case 1 -> domain = text(message);
        case 2 -> version = message.integer();
        default -> throw seen.unknown(message.field());
      }
    }
    // Sets of other domains are left out: no node may use them.
    if (isStandard(domain)) {
      if (operatorSet != 0) {
        throw new IllegalArgumentException("it names the operator set of ONNX twice");
      }
      between("the operator set of ONNX", version, OLDEST_OPERATORS, NEWEST_OPERATORS);
      operatorSet = (int) version;
    }
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private void readGraph(ProtobufReader graph) {
    place = "the graph";
    Fields seen = new Fields("the graph");
    while (graph.next()) {
      place = "the graph";
      switch (graph.field()) {
        case 1 -> {
          place = "node " + nodes.size();
          limit("nodes", nodes.size() + 1, MAX_NODES);
          nodes.add(node(graph.message()));
        }
        case 2, 10, 16 -> graph.content();
        case 5 -> {
          place = "initializer " + constants.size();
          limit("constants", constants.size() + 1, MAX_CONSTANTS);
          TensorField tensor = tensor(graph.message());
          if (constants.put(named(tensor.name()), tensor.constant()) != null) {
            throw new IllegalArgumentException("its name is that of another one");
          }
        }
        case 11 -> declare("input", inputs, graph.message());
        case 12 -> declare("output", outputs, graph.message());
        case 13 -> {
          place = "value_info";
          declared(graph.message(), false); // ONNX Runtime works the sizes out by itself
        }
        case 14 -> throw new IllegalArgumentException("it is quantized; export it in float32");
        case 15 ->
            throw new IllegalArgumentException(
                "it holds sparse tensors; export it with dense ones");
        default -> throw seen.unknown(graph.field());
      }
    }
  }

  private void declare(String what, Map<String, TypedValue> all, ProtobufReader message) {
    place = what + " " + all.size();
    limit(what + "s", all.size() + 1, MAX_CONSTANTS);
    TypedValue declared = declared(message, true);
    if (all.put(named(declared.value().name()), declared) != null) {
      throw new IllegalArgumentException("its name is that of another one");
    }
  }

  private TypedValue declared(ProtobufReader value, boolean used) {
    Fields seen = new Fields("a value");
    String name = "";
    TypedValue type = new TypedValue(new Declared(name, Optional.empty()), 0);
    while (value.next()) {
      seen.onceUnless(value.field(), 4);
      switch (value.field()) {
        case 1 -> {
          name = text(value);
          place += " \"" + shown(name) + "\"";
        }
        case 2 -> type = type(value.message(), used);
        case 3, 4 -> value.content();
        default -> throw seen.unknown(value.field());
      }
    }
    return new TypedValue(new Declared(name, type.value().dims()), type.elements());
  }

  private TypedValue type(ProtobufReader type, boolean used) {
    Fields seen = new Fields("a type");
    TypedValue tensor = new TypedValue(new Declared("", Optional.empty()), 0);
    while (type.next()) {
      seen.once(type.field());
      switch (type.field()) {
        case 1 -> tensor = tensorType(type.message(), used);
        case 6 -> type.content();
        case 4, 5, 7, 8, 9 ->
            throw new IllegalArgumentException("it is no tensor, but a sequence, map or the like");
        default -> throw seen.unknown(type.field());
      }
    }
    return tensor;
  }

  private TypedValue tensorType(ProtobufReader type, boolean used) {
    Fields seen = new Fields("a type");
    Optional<List<Dimension>> dims = Optional.empty();
    long elements = 0;
    while (type.next()) {
      seen.once(type.field());
      switch (type.field()) {
        case 1 -> elements = type.integer();
        case 2 -> dims = Optional.of(shape(type.message(), used));
        default -> throw seen.unknown(type.field());
      }
    }
    return new TypedValue(new Declared("", dims), elements);
  }

  private List<Dimension> shape(ProtobufReader shape, boolean used) {
    Fields seen = new Fields("a shape");
    List<Dimension> dims = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() != 1) {
        throw seen.unknown(shape.field());
      }
      limit("dimensions", dims.size() + 1, MAX_RANK);
      dims.add(dimension(shape.message(), used));
    }
    return dims;
  }

  private Dimension dimension(ProtobufReader dimension, boolean used) {
    Fields seen = new Fields("a dimension");
    int size = -1;
    String symbol = "";
    while (dimension.next()) {
      seen.once(dimension.field());
      switch (dimension.field()) {
        case 1 ->
            // Exporters write 0 into what they do not know of inner tensors.
            size = (int) between("a size", dimension.integer(), used ? 1 : -1, Integer.MAX_VALUE);
        case 2 -> symbol = text(dimension);
        case 3 -> dimension.content();
        default -> throw seen.unknown(dimension.field());
      }
    }
    return new Dimension(size, symbol);
  }

  private Node node(ProtobufReader node) {
    Fields seen = new Fields("a node");
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    List<ProtobufReader> attributes = new ArrayList<>();
    String name = "";
    String operator = "";
    String domain = "";
    while (node.next()) {
      int field = node.field();
      switch (field) {
        case 1, 2 -> {
          limit("names of inputs and outputs", ++names, MAX_NAMES);
          (field == 1 ? from : to).add(text(node));
        }
        case 3 -> {
          seen.once(field);
          name = text(node);
        }
        case 4 -> {
          seen.once(field);
          operator = text(node);
        }
        case 5 -> {
          limit("attributes", attributes.size() + 1, MAX_ATTRIBUTES);
          attributes.add(node.message());
        }
        case 6, 9 -> node.content();
        case 7 -> {
          seen.once(field);
          domain = text(node);
        }
        case 8 -> {
          if (!text(node).isEmpty()) {
            throw new IllegalArgumentException("it has an overload, as only functions have");
          }
        }
        default -> throw seen.unknown(field);
      }
    }
    place += ", %s%s".formatted(shown(operator), name.isEmpty() ? "" : " \"" + shown(name) + "\"");
    if (!isStandard(domain)) {
      throw new IllegalArgumentException(
          ("it uses the custom operator \"%s\" of the domain \"%s\"; only ONNX's own operators are"
                  + " allowed")
              .formatted(shown(operator), shown(domain)));
    }
    Map<String, Attribute> read = new LinkedHashMap<>();
    for (ProtobufReader attribute : attributes) {
      AttributeField one = attribute(attribute);
      if (read.put(one.name(), one.attribute()) != null) {
        throw new IllegalArgumentException(
            "it has the attribute \"%s\" twice".formatted(shown(one.name())));
      }
    }
    return new Node(place, operator, name, from, to, read);
  }

  private record AttributeField(String name, Attribute attribute) {}

  private AttributeField attribute(ProtobufReader attribute) {
    Fields seen = new Fields("an attribute");
    String name = "";
    long kind = 0;
    Set<AttributeKind> held = new HashSet<>();
    List<Long> integers = new ArrayList<>();
    List<Float> floats = new ArrayList<>();
    String text = "";
    Optional<Constant> tensor = Optional.empty();
    while (attribute.next()) {
      int field = attribute.field();
      seen.onceUnless(field, 7, 8);
      switch (field) {
        case 1 -> name = text(attribute);
        case 2 -> {
          held.add(AttributeKind.FLOAT);
          floats.add(attribute.floating());
        }
        case 3 -> {
          held.add(AttributeKind.INT);
          integers.add(attribute.integer());
        }
        case 4 -> {
          held.add(AttributeKind.STRING);
          text = text(attribute);
        }
        case 5 -> {
          held.add(AttributeKind.TENSOR);
          tensor = Optional.of(tensor(attribute.message()).constant());
        }
        case 7 -> {
          held.add(AttributeKind.FLOATS);
          addFloats(attribute, floats);
        }
        case 8 -> {
          held.add(AttributeKind.INTS);
          addIntegers(attribute, integers);
        }
        case 13 -> attribute.content();
        case 20 -> kind = attribute.integer();
        case 6, 11 ->
            throw new IllegalArgumentException(
                "it holds an inner graph; control flow (If, Loop, Scan) is not allowed: export the"
                    + " network without it");
        case 9, 10, 14, 15, 22, 23 ->
            throw new IllegalArgumentException(
                "the attribute \"%s\" holds lists of texts or tensors, types or sparse tensors"
                    .formatted(shown(name)));
        case 21 ->
            throw new IllegalArgumentException(
                "the attribute \"%s\" refers to one of a function".formatted(shown(name)));
        default -> throw seen.unknown(field);
      }
    }
    String shown = shown(name);
    AttributeKind known =
        AttributeKind.of(kind)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the attribute \"%s\" has no kind that is allowed".formatted(shown)));
    held.remove(known);
    if (!held.isEmpty()) {
      throw new IllegalArgumentException(
          "the attribute \"%s\" is of kind %s and holds %s".formatted(shown, known, held));
    }
    // Writers that leave out what is zero write neither 0 nor 0.0.
    if (known == AttributeKind.INT && integers.isEmpty()) {
      integers.add(0L);
    }
    if (known == AttributeKind.FLOAT && floats.isEmpty()) {
      floats.add(0f);
    }
    if (known == AttributeKind.TENSOR && tensor.isEmpty()) {
      throw new IllegalArgumentException("the attribute \"%s\" has no tensor".formatted(shown));
    }
    return new AttributeField(name, new Attribute(known, integers, floats, text, tensor));
  }

  private void addFloats(ProtobufReader field, List<Float> all) {
    if (field.packed()) {
      ByteBuffer values = field.content();
      requireWhole(values, Float.BYTES);
      limit("values of an attribute", all.size() + values.remaining() / Float.BYTES, MAX_LIST);
      while (values.hasRemaining()) {
        all.add(values.getFloat());
      }
    } else {
      limit("values of an attribute", all.size() + 1, MAX_LIST);
      all.add(field.floating());
    }
  }

  private void addIntegers(ProtobufReader field, List<Long> all) {
    if (field.packed()) {
      ProtobufReader values = field.message();
      while (!values.atEnd()) {
        limit("values of an attribute", all.size() + 1, MAX_LIST);
        all.add(values.varint());
      }
    } else {
      limit("values of an attribute", all.size() + 1, MAX_LIST);
      all.add(field.integer());
    }
  }

  private static void requireWhole(ByteBuffer values, int bytes) {
    if (values.remaining() % bytes != 0) {
      throw new IllegalArgumentException(
          "%s bytes are no whole number of values of %s".formatted(values.remaining(), bytes));
    }
  }

  private record TensorField(String name, Constant constant) {}

  private TensorField tensor(ProtobufReader tensor) {
    Fields seen = new Fields("a tensor");
    String name = "";
    long type = 0;
    boolean external = false;
    List<Integer> dims = new ArrayList<>();
    TensorValues values = new TensorValues();
    while (tensor.next()) {
      int field = tensor.field();
      seen.onceUnless(field, 1, 4, 5, 7, 10, 13, 16);
      switch (field) {
        case 1 -> addSizes(tensor, dims);
        case 2 -> type = tensor.integer();
        case 4, 5, 7, 9, 10 -> values.add(tensor);
        case 8 -> {
          name = text(tensor);
          if (!name.isEmpty()) {
            place += " \"" + shown(name) + "\"";
          }
        }
        case 12, 16 -> tensor.content();
        case 13 -> external = true;
        case 14 -> external |= tensor.integer() == EXTERNAL;
        case 3 -> throw new IllegalArgumentException("the tensor is in segments; save it as one");
        case 6, 11 ->
            throw new IllegalArgumentException("the tensor holds texts or unsigned numbers");
        default -> throw seen.unknown(field);
      }
    }
    if (external) {
      throw new IllegalArgumentException(
          "it keeps the tensor \"%s\" in another file; save the model with all tensors in one file"
              .formatted(shown(name)));
    }
    long number = type;
    ElementType known =
        ElementType.of(type)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the tensor holds elements of type %s; only float, double, float16, int32,"
                                .formatted(number)
                            + " int64, int8, uint8 and bool are allowed"));
    return new TensorField(name, new Constant(known, dims, values.bytes(known, count(dims))));
  }

  private void addSizes(ProtobufReader field, List<Integer> dims) {
    ProtobufReader values = field.packed() ? field.message() : field;
    do {
      if (field.packed() && values.atEnd()) {
        return;
      }
      long size = field.packed() ? values.varint() : field.integer();
      limit("dimensions", dims.size() + 1, MAX_RANK);
      dims.add((int) between("a size", size, 0, Integer.MAX_VALUE));
    } while (field.packed());
  }

  private static long count(List<Integer> dims) {
    long count = 1;
    for (int dim : dims) {
      count *= dim; // at most 2^31 times 2^31 before it is looked at
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "the tensor has sizes %s, more values than a file can hold".formatted(dims));
      }
    }
    return count;
  }

  private String text(ProtobufReader field) {
    if (field.content().remaining() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a name has %s bytes; at most %s are allowed"
              .formatted(field.content().remaining(), MAX_LENGTH));
    }
    String text = field.text();
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the name \"%s\" holds control characters".formatted(shown(text)));
    }
    return text;
  }

  private static String named(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("it has no name");
    }
    return name;
  }

  /** Returns a name as it can be printed: short, and without control characters. */
  static String shown(String name) {
    String plain = name.replaceAll("\\p{C}", "?");
    return plain.length() > 60 ? plain.substring(0, 57) + "..." : plain;
  }

  private static long between(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %s; %s to %s is allowed".formatted(what, value, least, most));
    }
    return value;
  }

  private static void limit(String what, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException(
          "it has more than %s %s; no network needs as many".formatted(most, what));
    }
  }

  /** The fields of one message: none but lists may come twice, as some readers would merge them. */
  private static final class Fields {

    private final String message;
    private final BitSet seen = new BitSet();

    Fields(String message) {
      this.message = Objects.requireNonNull(message);
    }

    void once(int field) {
      if (field < MAX_LENGTH) {
        if (seen.get(field)) {
          throw new IllegalArgumentException("%s has its field %s twice".formatted(message, field));
        }
        seen.set(field);
      }
    }

    void onceUnless(int field, int... lists) {
      for (int list : lists) {
        if (field == list) {
          return;
        }
      }
      once(field);
    }

    IllegalArgumentException unknown(int field) {
      return new IllegalArgumentException(
          "%s has a field %s, which the format does not have".formatted(message, field));
    }
  }
}
