package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.AttributeKind;
import dev.lss.backend.onnx.OnnxModel.ElementType;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The operators that an .onnx file may use, with their attributes, as operators.txt beside this
 * class lists them: what the exporter of PyTorch makes of networks for segmentation. Immutable.
 */
final class OnnxOperators {

  private static final Map<String, Allowed> ALL = read();

  private OnnxOperators() {}

  private record Count(int least, int most) {

    static Count of(String text) {
      if (text.equals("*")) {
        return new Count(1, Integer.MAX_VALUE);
      }
      String[] ends = text.split("-", 2);
      return new Count(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    void check(String what, List<String> names) {
      if (names.size() < least || names.size() > most) {
        throw new IllegalArgumentException(
            "it has %s %s, %s are allowed"
                .formatted(names.size(), what, least == most ? least : least + " to " + most));
      }
    }
  }

  private record Allowed(Count inputs, Count outputs, Map<String, String> attributes) {}

  private static Map<String, Allowed> read() {
    Map<String, Allowed> all = new TreeMap<>();
    try (InputStream in = OnnxOperators.class.getResourceAsStream("operators.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                String[] parts = line.split(" ", -1);
                Map<String, String> attributes = new TreeMap<>();
                for (int n = 3; n < parts.length; n++) {
                  String[] pair = parts[n].split("=", 2);
                  attributes.put(pair[0], pair[1]);
                }
                all.put(parts[0], new Allowed(Count.of(parts[1]), Count.of(parts[2]), attributes));
              });
    } catch (IOException e) {
      throw new UncheckedIOException("operators.txt cannot be read", e);
    }
    return all;
  }

  /** Returns the names of all operators, sorted. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * Checks that a node is one of an allowed operator.
   *
   * @throws IllegalArgumentException with what is not allowed
   */
  static void check(Node node) {
    Allowed allowed = ALL.get(node.operator());
    if (allowed == null) {
      throw new IllegalArgumentException(
          ("the operator \"%s\" is not among the %s that a network may use"
                  + " (docs/model-package.md); export the network without it")
              .formatted(OnnxModelReader.shown(node.operator()), ALL.size()));
    }
    allowed.inputs.check("inputs", node.inputs());
    allowed.outputs.check("outputs", node.outputs());
    node.attributes()
        .forEach(
            (name, attribute) -> {
              String kind = allowed.attributes.get(name);
              if (kind == null) {
                throw new IllegalArgumentException(
                    "it has an attribute \"%s\"; allowed are %s"
                        .formatted(OnnxModelReader.shown(name), allowed.attributes.keySet()));
              }
              if (!fits(kind, attribute)) {
                throw new IllegalArgumentException(
                    "its attribute \"%s\" is %s, which is not allowed (%s)"
                        .formatted(name, shown(attribute), meaning(kind)));
              }
            });
  }

  private static boolean fits(String kind, Attribute attribute) {
    List<Long> integers = attribute.integers();
    return switch (kind) {
      case "f" -> attribute.kind() == AttributeKind.FLOAT && finite(attribute);
      case "ff" -> attribute.kind() == AttributeKind.FLOATS && finite(attribute);
      case "i" -> attribute.kind() == AttributeKind.INT && within(integers, Integer.MIN_VALUE);
      case "ii" -> attribute.kind() == AttributeKind.INTS && within(integers, Integer.MIN_VALUE);
      case "n" -> attribute.kind() == AttributeKind.INT && within(integers, 1);
      case "nn" -> attribute.kind() == AttributeKind.INTS && within(integers, 1);
      case "zz" -> attribute.kind() == AttributeKind.INTS && within(integers, 0);
      case "b" -> attribute.kind() == AttributeKind.INT && one(attribute) >>> 1 == 0;
      case "off" -> attribute.kind() == AttributeKind.INT && one(attribute) == 0;
      case "type" ->
          attribute.kind() == AttributeKind.INT && ElementType.of(one(attribute)).isPresent();
      case "II" -> attribute.kind() == AttributeKind.INTS || attribute.kind() == AttributeKind.INT;
      case "t" -> attribute.kind() == AttributeKind.TENSOR;
      case "text" -> attribute.kind() == AttributeKind.STRING;
      default ->
          attribute.kind() == AttributeKind.STRING
              && List.of(kind.split("\\|")).contains(attribute.text());
    };
  }

  private static long one(Attribute attribute) {
    return attribute.integers().get(0);
  }

  private static boolean finite(Attribute attribute) {
    return attribute.floats().stream().allMatch(Float::isFinite);
  }

  private static boolean within(List<Long> integers, long least) {
    return integers.stream().allMatch(value -> value >= least && value <= Integer.MAX_VALUE);
  }

  private static String shown(Attribute attribute) {
    return switch (attribute.kind()) {
      case FLOAT, FLOATS -> OnnxModelReader.shown(attribute.floats().toString());
      case INT, INTS -> OnnxModelReader.shown(attribute.integers().toString());
      case STRING -> "\"" + OnnxModelReader.shown(attribute.text()) + "\"";
      case TENSOR -> "a tensor";
    };
  }

  private static String meaning(String kind) {
    return switch (kind) {
      case "f" -> "a finite number";
      case "ff" -> "finite numbers";
      case "i" -> "a whole number of 32 bits";
      case "ii" -> "whole numbers of 32 bits";
      case "n" -> "a whole number of 32 bits, at least 1";
      case "nn" -> "whole numbers of 32 bits, at least 1";
      case "zz" -> "whole numbers of 32 bits, at least 0";
      case "b" -> "0 or 1";
      case "off" -> "0";
      case "type" -> "a kind of numbers";
      case "II" -> "whole numbers";
      case "t" -> "a tensor";
      case "text" -> "a text";
      default -> kind.replace("|", ", ");
    };
  }
}
