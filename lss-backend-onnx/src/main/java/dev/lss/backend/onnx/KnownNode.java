package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Attribute;
import dev.lss.backend.onnx.OnnxModel.Node;
import java.util.List;
import java.util.Optional;

/**
 * A node with what is known of its inputs.
 *
 * @param node the node
 * @param inputs one for each input; empty where an optional one is absent
 * @param operatorSet version of ONNX's operators
 */
record KnownNode(Node node, List<Optional<KnownTensor>> inputs, int operatorSet) {

  /** The size of a result depends on voxels, or on more numbers than are followed. */
  static final class UnknownValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownValueException(String name) {
      super(
          "the size of its result depends on what \"%s\" holds when the network runs"
              .formatted(OnnxModelReader.shown(name)));
    }
  }

  KnownNode {
    inputs = List.copyOf(inputs);
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input).isPresent();
  }

  KnownTensor in(int input) {
    if (!has(input)) {
      throw new IllegalArgumentException("its input %s is missing".formatted(input));
    }
    return inputs.get(input).orElseThrow();
  }

  /** Returns the inputs that are there. */
  List<KnownTensor> present() {
    return inputs.stream().flatMap(Optional::stream).toList();
  }

  /** Returns the whole numbers in an input, which sizes depend on. */
  List<Long> numbers(int input) {
    double[] values = values(input);
    Long[] numbers = new Long[values.length];
    for (int n = 0; n < numbers.length; n++) {
      numbers[n] = (long) values[n]; // too large ones become the largest
    }
    return List.of(numbers);
  }

  /** Returns the values in an input, which sizes depend on. */
  double[] values(int input) {
    return in(input)
        .values()
        .orElseThrow(() -> new UnknownValueException(node.inputs().get(input)));
  }

  long integer(String name, long otherwise) {
    return attribute(name).map(a -> a.integers().get(0)).orElse(otherwise);
  }

  Optional<List<Long>> integers(String name) {
    return attribute(name).map(Attribute::integers);
  }

  String text(String name, String otherwise) {
    return attribute(name).map(Attribute::text).orElse(otherwise);
  }

  Optional<Attribute> attribute(String name) {
    return Optional.ofNullable(node.attributes().get(name));
  }

  /** Returns numbers that older operators have as attribute and newer ones as input. */
  Optional<List<Long>> integers(String name, int input) {
    return has(input) ? Optional.of(numbers(input)) : integers(name);
  }
}
