package dev.lss.backend.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The arithmetic that networks do with sizes, on known values: whole numbers as the runtime's
 * integers, others rounded to float32. A result that is not known for sure stays unknown.
 */
final class KnownArithmetic {

  /** Beyond it a double no longer holds every whole number. */
  private static final double LARGEST = 1L << 53;

  private KnownArithmetic() {}

  /** Returns a tensor of these sizes, with its values where the inputs' values are known. */
  static KnownTensor of(KnownNode node, List<Long> sizes) {
    KnownTensor result = KnownTensor.of(sizes);
    if (result.elements() > KnownTensor.MOST_VALUES
        || node.present().stream().anyMatch(input -> input.values().isEmpty())) {
      return result;
    }
    return switch (node.node().operator()) {
      case "Abs" -> each(node, result, Math::abs);
      case "Neg" -> each(node, result, x -> -x);
      case "Floor" -> each(node, result, Math::floor);
      case "Ceil" -> each(node, result, Math::ceil);
      case "Round" -> each(node, result, Math::rint);
      case "Sqrt" -> each(node, result, Math::sqrt);
      case "Identity", "Dropout" -> node.in(0);
      case "Not" -> truths(each(node, result, x -> x == 0 ? 1 : 0));
      case "Cast" -> cast(node, result);
      case "Add", "Sum" -> fold(node, result, Double::sum);
      case "Sub" -> fold(node, result, (a, b) -> a - b);
      case "Mul" -> fold(node, result, (a, b) -> a * b);
      case "Max" -> fold(node, result, Math::max);
      case "Min" -> fold(node, result, Math::min);
      case "Div" -> fold(node, result, quotient(node));
      case "Mod" -> fold(node, result, remainder(node));
      case "Equal" -> truths(fold(node, result, (a, b) -> a == b ? 1 : 0));
      case "Greater" -> truths(fold(node, result, (a, b) -> a > b ? 1 : 0));
      case "GreaterOrEqual" -> truths(fold(node, result, (a, b) -> a >= b ? 1 : 0));
      case "Less" -> truths(fold(node, result, (a, b) -> a < b ? 1 : 0));
      case "LessOrEqual" -> truths(fold(node, result, (a, b) -> a <= b ? 1 : 0));
      case "And" -> truths(fold(node, result, (a, b) -> a != 0 && b != 0 ? 1 : 0));
      case "Or" -> truths(fold(node, result, (a, b) -> a != 0 || b != 0 ? 1 : 0));
      case "Where" -> where(node, result);
      default -> result;
    };
  }

  private static DoubleBinaryOperator quotient(KnownNode node) {
    return node.in(0).isWhole()
        ? (a, b) -> {
          double exact = a / b;
          return exact < 0 ? Math.ceil(exact) : Math.floor(exact);
        }
        : (a, b) -> a / b;
  }

  /** The sign is the divisor's, as in Python, or with fmod the dividend's, as in C. */
  private static DoubleBinaryOperator remainder(KnownNode node) {
    return node.integer("fmod", 0) == 0 ? (a, b) -> a - b * Math.floor(a / b) : (a, b) -> a % b;
  }

  private static KnownTensor each(
      KnownNode node, KnownTensor result, DoubleUnaryOperator function) {
    double[] values = node.values(0);
    for (int n = 0; n < values.length; n++) {
      values[n] = function.applyAsDouble(values[n]);
    }
    return sure(result, values, node.in(0).isWhole());
  }

  private static KnownTensor fold(
      KnownNode node, KnownTensor result, DoubleBinaryOperator function) {
    boolean whole = node.in(0).isWhole();
    double[] values = spread(node.in(0), result);
    for (KnownTensor other : node.present().subList(1, node.present().size())) {
      double[] others = spread(other, result);
      for (int n = 0; n < values.length; n++) {
        values[n] = function.applyAsDouble(values[n], others[n]);
        if (!whole) {
          values[n] = (float) values[n];
        }
      }
    }
    return sure(result, values, whole);
  }

  private static KnownTensor sure(KnownTensor result, double[] values, boolean whole) {
    for (double value : values) {
      if (Double.isNaN(value) || (whole && Math.abs(value) > LARGEST)) {
        return result;
      }
    }
    return result.with(values, whole);
  }

  private static KnownTensor truths(KnownTensor result) {
    Optional<double[]> values = result.values();
    return values.isPresent() ? result.with(values.get(), true) : result;
  }

  private static KnownTensor cast(KnownNode node, KnownTensor result) {
    boolean whole =
        OnnxModel.ElementType.of(node.integer("to", 0))
            .map(OnnxModel.ElementType::isWhole)
            .orElse(false);
    double[] values = node.values(0);
    for (int n = 0; n < values.length; n++) {
      double value = values[n];
      values[n] = whole ? (value < 0 ? Math.ceil(value) : Math.floor(value)) : (float) value;
    }
    return sure(result, values, whole);
  }

  private static KnownTensor where(KnownNode node, KnownTensor result) {
    double[] condition = spread(node.in(0), result);
    double[] yes = spread(node.in(1), result);
    double[] no = spread(node.in(2), result);
    for (int n = 0; n < yes.length; n++) {
      yes[n] = condition[n] != 0 ? yes[n] : no[n];
    }
    return result.with(yes, node.in(1).isWhole());
  }

  private static double[] spread(KnownTensor tensor, KnownTensor result) {
    if (tensor.dims().equals(result.dims())) {
      return tensor.values().orElseThrow();
    }
    if (tensor.elements() == 1) {
      double[] same = new double[(int) result.elements()];
      Arrays.fill(same, tensor.values().orElseThrow()[0]);
      return same;
    }
    return tensor
        .rearranged(result.longs(), n -> tensor.place(result.index(n)))
        .values()
        .orElseThrow();
  }
}
