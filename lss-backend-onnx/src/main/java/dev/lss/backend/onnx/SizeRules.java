package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Constant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How large the results of each operator of operators.txt are, by the sizes and, where it needs
 * them, the values of its inputs, as the operators of ONNX are defined. What does not fit together
 * is an {@link IllegalArgumentException}. Operators that slide a window are in {@link WindowRules},
 * those that move elements in {@link MovementRules}.
 */
final class SizeRules {

  private SizeRules() {}

  /** Returns what is known of the outputs of a node. */
  static List<KnownTensor> outputs(KnownNode node) {
    return switch (node.node().operator()) {
      case "Split" -> MovementRules.split(node);
      case "TopK" -> {
        KnownTensor found = topK(node);
        yield List.of(found, found);
      }
      default -> List.of(output(node));
    };
  }

  private static KnownTensor output(KnownNode node) {
    return switch (node.node().operator()) {
      case "Abs",
          "Cast",
          "CastLike",
          "Ceil",
          "Celu",
          "Clip",
          "Cos",
          "CumSum",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "LpNormalization",
          "Mish",
          "Neg",
          "Not",
          "Reciprocal",
          "Relu",
          "Round",
          "ScatterElements",
          "ScatterND",
          "Selu",
          "Sigmoid",
          "Sign",
          "Sin",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tanh",
          "ThresholdedRelu",
          "Trilu" ->
          KnownArithmetic.of(node, node.in(0).longs());
      case "Add",
          "And",
          "Div",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Max",
          "Mean",
          "Min",
          "Mod",
          "Mul",
          "Or",
          "Pow",
          "Sub",
          "Sum",
          "Where",
          "Xor" ->
          KnownArithmetic.of(node, broadcast(node.present()));
      case "PRelu" -> {
        if (!broadcast(node.present()).equals(node.in(0).longs())) {
          throw new IllegalArgumentException(
              "it takes slopes of %s for %s".formatted(node.in(1), node.in(0)));
        }
        yield KnownTensor.of(node.in(0).longs());
      }
      case "EyeLike" -> {
        requireRank(node, 2);
        yield KnownTensor.of(node.in(0).longs());
      }
      case "BatchNormalization", "InstanceNormalization", "GroupNormalization" -> norm(node);
      case "LayerNormalization" -> {
        node.in(0).axis(node.integer("axis", -1));
        if (!broadcast(node.present()).equals(node.in(0).longs())) {
          throw new IllegalArgumentException(
              "it takes factors of %s for %s".formatted(node.in(1), node.in(0)));
        }
        yield KnownTensor.of(node.in(0).longs());
      }
      case "MatMul" -> matMul(node.in(0), node.in(1));
      case "Gemm" -> gemm(node);
      case "Einsum" -> Einsum.of(node).result();
      case "Shape" -> shape(node);
      case "Size" -> KnownTensor.of(List.of()).with(new double[] {node.in(0).elements()}, true);
      case "Constant" -> constant(node);
      case "ConstantOfShape" -> constantOfShape(node);
      case "Range" -> range(node);
      case "OneHot" -> oneHot(node);
      case "ArgMax", "ArgMin" ->
          reduced(node.in(0), List.of(node.integer("axis", 0)), node.integer("keepdims", 1) != 0);
      case "ReduceL1",
          "ReduceL2",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSum",
          "ReduceSumSquare" ->
          reduce(node);
      case "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Resize",
          "Upsample" ->
          WindowRules.output(node);
      default -> MovementRules.output(node);
    };
  }

  static void requireRank(KnownNode node, int rank) {
    if (node.in(0).rank() != rank) {
      throw new IllegalArgumentException(
          "it takes a tensor of %s axes, was given %s".formatted(rank, node.in(0)));
    }
  }

  /** Returns the sizes that tensors have when axes of size 1 are repeated. */
  static List<Long> broadcast(List<KnownTensor> tensors) {
    int rank = tensors.stream().mapToInt(KnownTensor::rank).max().orElse(0);
    List<Long> sizes = new ArrayList<>(Collections.nCopies(rank, 1L));
    for (KnownTensor tensor : tensors) {
      for (int axis = 0; axis < tensor.rank(); axis++) {
        int at = rank - tensor.rank() + axis;
        long size = tensor.dim(axis);
        if (size != 1) {
          if (sizes.get(at) != 1 && sizes.get(at) != size) {
            throw new IllegalArgumentException(
                "it takes tensors of %s together".formatted(tensors));
          }
          sizes.set(at, size);
        }
      }
    }
    return sizes;
  }

  /** Each channel, or each group of them, has one factor and the like. */
  private static KnownTensor norm(KnownNode node) {
    KnownTensor image = node.in(0);
    if (image.rank() < 2) {
      throw new IllegalArgumentException("it takes a tensor of two axes or more, not " + image);
    }
    long groups = node.integer("num_groups", 1);
    for (KnownTensor factor : node.present().subList(1, node.present().size())) {
      boolean fits =
          factor.elements() == image.dim(1)
              || (node.node().operator().startsWith("Group") && factor.elements() == groups);
      if (!fits || image.dim(1) % groups != 0) {
        throw new IllegalArgumentException(
            "it takes factors of %s for the channels of %s".formatted(factor, image));
      }
    }
    return KnownTensor.of(image.longs());
  }

  private static KnownTensor matMul(KnownTensor a, KnownTensor b) {
    if (a.rank() < 2 || b.rank() < 2) {
      return vectorMatMul(a, b);
    }
    if (a.dim(-1) != b.dim(-2)) {
      throw new IllegalArgumentException("it multiplies %s by %s".formatted(a, b));
    }
    KnownTensor batchA = KnownTensor.of(a.longs().subList(0, a.rank() - 2));
    KnownTensor batchB = KnownTensor.of(b.longs().subList(0, b.rank() - 2));
    List<Long> sizes = broadcast(List.of(batchA, batchB));
    sizes.add((long) a.dim(-2));
    sizes.add((long) b.dim(-1));
    return KnownTensor.of(sizes);
  }

  /** A vector is a row on the left, a column on the right, and the axis goes again. */
  private static KnownTensor vectorMatMul(KnownTensor a, KnownTensor b) {
    if (a.rank() == 0 || b.rank() == 0) {
      throw new IllegalArgumentException("it multiplies %s by %s".formatted(a, b));
    }
    List<Long> left = new ArrayList<>(a.longs());
    List<Long> right = new ArrayList<>(b.longs());
    if (a.rank() == 1) {
      left.add(0, 1L);
    }
    if (b.rank() == 1) {
      right.add(1L);
    }
    List<Long> sizes = new ArrayList<>(matMul(KnownTensor.of(left), KnownTensor.of(right)).longs());
    if (b.rank() == 1) {
      sizes.remove(sizes.size() - 1);
    }
    if (a.rank() == 1) {
      sizes.remove(sizes.size() - (b.rank() == 1 ? 1 : 2));
    }
    return KnownTensor.of(sizes);
  }

  private static KnownTensor gemm(KnownNode node) {
    KnownTensor a = node.in(0);
    KnownTensor b = node.in(1);
    requireRank(node, 2);
    int across = node.integer("transA", 0) != 0 ? 1 : 0;
    int down = node.integer("transB", 0) != 0 ? 1 : 0;
    if (b.rank() != 2 || a.dim(1 - across) != b.dim(down)) {
      throw new IllegalArgumentException("it multiplies %s by %s".formatted(a, b));
    }
    KnownTensor product = KnownTensor.of(List.of((long) a.dim(across), (long) b.dim(1 - down)));
    if (node.has(2) && !broadcast(List.of(product, node.in(2))).equals(product.longs())) {
      throw new IllegalArgumentException("it adds %s to %s".formatted(node.in(2), product));
    }
    return product;
  }

  private static KnownTensor shape(KnownNode node) {
    KnownTensor tensor = node.in(0);
    int rank = tensor.rank();
    int from = bounded(node.integer("start", 0), rank);
    int to = Math.max(from, bounded(node.integer("end", rank), rank));
    return KnownTensor.list(
        tensor.dims().subList(from, to).stream().mapToDouble(Integer::doubleValue).toArray());
  }

  private static int bounded(long index, int rank) {
    return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static KnownTensor constant(KnownNode node) {
    if (node.node().attributes().size() != 1) {
      throw new IllegalArgumentException(
          "it has %s values".formatted(node.node().attributes().size()));
    }
    OnnxModel.Attribute value = node.node().attributes().values().iterator().next();
    List<Long> one = List.of();
    return switch (value.kind()) {
      case TENSOR -> KnownTensor.of(value.tensor().orElseThrow());
      case FLOAT -> KnownTensor.of(one).with(doubles(value.floats()), false);
      case INT -> KnownTensor.of(one).with(doubles(value.integers()), true);
      case FLOATS ->
          KnownTensor.of(List.of((long) value.floats().size()))
              .with(doubles(value.floats()), false);
      case INTS ->
          KnownTensor.of(List.of((long) value.integers().size()))
              .with(doubles(value.integers()), true);
      case STRING -> throw new IllegalArgumentException("it is a text");
    };
  }

  private static double[] doubles(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).toArray();
  }

  private static KnownTensor constantOfShape(KnownNode node) {
    KnownTensor made = KnownTensor.of(node.numbers(0));
    Optional<Constant> constant = node.attribute("value").flatMap(OnnxModel.Attribute::tensor);
    KnownTensor fill =
        constant
            .map(KnownTensor::of)
            .orElseGet(() -> KnownTensor.of(List.of()).with(new double[1], false));
    if (fill.elements() != 1) {
      throw new IllegalArgumentException("it fills a tensor with %s values".formatted(fill));
    }
    return fill.rearranged(made.longs(), n -> 0);
  }

  private static KnownTensor range(KnownNode node) {
    double start = single(node, 0);
    double delta = single(node, 2);
    double count = Math.max(0, Math.ceil((single(node, 1) - start) / delta));
    if (Double.isNaN(count)) {
      throw new IllegalArgumentException("its range has no end");
    }
    // A count beyond long becomes the largest, which is refused as too large.
    KnownTensor made = KnownTensor.of(List.of((long) count));
    if (count > KnownTensor.MOST_VALUES) {
      return made;
    }
    double[] values = new double[(int) count];
    for (int n = 0; n < values.length; n++) {
      values[n] = start + n * delta;
    }
    return made.with(values, node.in(0).isWhole());
  }

  static double single(KnownNode node, int input) {
    double[] values = node.values(input);
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "its input %s holds %s values instead of one".formatted(input, values.length));
    }
    return values[0];
  }

  private static KnownTensor oneHot(KnownNode node) {
    KnownTensor indices = node.in(0);
    List<Long> sizes = new ArrayList<>(indices.longs());
    int axis = KnownTensor.axis(node.integer("axis", -1), indices.rank() + 1);
    sizes.add(axis, (long) single(node, 1));
    return KnownTensor.of(sizes);
  }

  private static KnownTensor topK(KnownNode node) {
    KnownTensor tensor = node.in(0);
    int axis = tensor.axis(node.integer("axis", -1));
    long k = node.has(1) ? (long) single(node, 1) : node.integer("k", 1);
    if (k < 0 || k > tensor.dim(axis)) {
      throw new IllegalArgumentException("it takes the first %s of %s".formatted(k, tensor));
    }
    List<Long> sizes = new ArrayList<>(tensor.longs());
    sizes.set(axis, k);
    return KnownTensor.of(sizes);
  }

  private static KnownTensor reduce(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> axes = node.integers("axes", 1).orElse(List.of());
    boolean keep = node.integer("keepdims", 1) != 0;
    if (axes.isEmpty()) {
      if (node.integer("noop_with_empty_axes", 0) != 0) {
        return KnownTensor.of(tensor.longs());
      }
      axes = new ArrayList<>();
      for (long axis = 0; axis < tensor.rank(); axis++) {
        axes.add(axis);
      }
    }
    KnownTensor result = reduced(tensor, axes, keep);
    // Products and sums of sizes, which have one axis.
    if (result.elements() != 1 || tensor.values().isEmpty()) {
      return result;
    }
    double[] values = tensor.values().get();
    double total =
        switch (node.node().operator()) {
          case "ReduceProd" -> product(values);
          case "ReduceSum" -> java.util.Arrays.stream(values).sum();
          case "ReduceMax" -> java.util.Arrays.stream(values).max().orElse(Double.NaN);
          case "ReduceMin" -> java.util.Arrays.stream(values).min().orElse(Double.NaN);
          default -> Double.NaN;
        };
    return Double.isNaN(total) || Math.abs(total) > 1L << 53
        ? result
        : result.with(new double[] {total}, tensor.isWhole());
  }

  private static double product(double[] values) {
    double product = 1;
    for (double value : values) {
      product *= value;
    }
    return product;
  }

  private static KnownTensor reduced(KnownTensor tensor, List<Long> axes, boolean keep) {
    List<Long> sizes = new ArrayList<>(tensor.longs());
    for (long axis : axes) {
      sizes.set(tensor.axis(axis), keep ? 1L : -1L);
    }
    sizes.removeIf(size -> size < 0);
    return KnownTensor.of(sizes);
  }
}
