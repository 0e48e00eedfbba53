package dev.lss.backend.tf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * Bounds how large the tensors of a graph grow. Sizes that operators are given as tensors are
 * followed back to the constants that they are made of: what they multiply the input's sizes by
 * must be plausible, and a small file with {@code Fill} or {@code Range} must not ask for all the
 * memory that there is. Every refusal is an {@link IllegalArgumentException} in words that follow
 * the file's name. Not thread-safe.
 */
final class GraphSizes {

  /**
   * The largest product of sizes beyond the input's own, as a power of two: one thousand million.
   */
  private static final double MAX_BITS = 30;

  /** The same where numbers are made of nothing, which networks do for small tensors only. */
  private static final double MAX_MADE_BITS = 26;

  private static final Set<String> MAKERS =
      Set.of("Fill", "BroadcastTo", "Tile", "Range", "LinSpace", "OneHot");

  /** The most numbers that a tensor may have for each number of the input, as a power of two. */
  private static final double MAX_GROWTH = 16;

  /** A single number may be applied to every axis of a picture. */
  private static final int AXES = 5;

  private static final double UNKNOWN = Double.POSITIVE_INFINITY;

  /** Operands that say how large a tensor becomes, by operator. */
  private static final Map<String, List<Integer>> SIZES =
      Map.ofEntries(
          Map.entry("Fill", List.of(0)),
          Map.entry("BroadcastTo", List.of(1)),
          Map.entry("Tile", List.of(1)),
          Map.entry("Pad", List.of(1)),
          Map.entry("PadV2", List.of(1)),
          Map.entry("MirrorPad", List.of(1)),
          Map.entry("ResizeBilinear", List.of(1)),
          Map.entry("ResizeNearestNeighbor", List.of(1)),
          Map.entry("ResizeBicubic", List.of(1)),
          Map.entry("ResizeArea", List.of(1)),
          Map.entry("Conv2DBackpropInput", List.of(0)),
          Map.entry("Conv3DBackpropInputV2", List.of(0)),
          Map.entry("Range", List.of(0, 1, 2)),
          Map.entry("LinSpace", List.of(2)),
          Map.entry("OneHot", List.of(1)),
          Map.entry("SpaceToBatch", List.of(1)),
          Map.entry("SpaceToBatchND", List.of(1, 2)),
          Map.entry("BatchToSpace", List.of(1)),
          Map.entry("BatchToSpaceND", List.of(1, 2)));

  /** Operands of these may be negative. */
  private static final Set<String> SIGNED = Set.of("Range");

  /** Operators whose result has the numbers of their first operand, or some of them. */
  private static final Set<String> SAME =
      Set.of(
          "Identity",
          "Snapshot",
          "StopGradient",
          "PreventGradient",
          "EnsureShape",
          "Slice",
          "StridedSlice",
          "Reshape",
          "Squeeze",
          "ExpandDims",
          "Cast",
          "Prod",
          "Max",
          "Min",
          "Split",
          "SplitV",
          "Unpack",
          "ReverseV2",
          "Transpose",
          "Floor",
          "Ceil",
          "Round",
          "Rint",
          "Neg",
          "Abs",
          "InvertPermutation",
          "Roll");

  private static final Set<String> PRODUCTS =
      Set.of("Mul", "MulNoNan", "Div", "RealDiv", "DivNoNan", "FloorDiv", "TruncateDiv");

  private static final Set<String> SUMS =
      Set.of(
          "Add",
          "AddV2",
          "AddN",
          "Sub",
          "Maximum",
          "Minimum",
          "ClipByValue",
          "BroadcastArgs",
          "Select",
          "SelectV2");

  private static final Set<String> CONVOLUTIONS =
      Set.of("Conv2D", "Conv3D", "Conv2DBackpropInput", "Conv3DBackpropInputV2");

  /**
   * What is known of a tensor.
   *
   * @param bits the product of its numbers beyond sizes of the input, as a power of two
   * @param single whether it may be one number that stands for many
   * @param growth numbers for each number of the input, as a power of two
   */
  private record Bound(double bits, boolean single, double growth) {}

  private final Map<String, Bound> bounds = new HashMap<>();
  private final Map<String, NodeDef> nodes = new HashMap<>();

  /**
   * Checks all tensors.
   *
   * @param ordered checked nodes, each after its inputs
   */
  static void check(List<NodeDef> ordered) {
    GraphSizes sizes = new GraphSizes();
    for (NodeDef node : ordered) {
      Bound bound = sizes.bound(node);
      if (bound.growth() > MAX_GROWTH) {
        throw new IllegalArgumentException(
            "has the node \"%s\", whose result has far more numbers than a network's"
                .formatted(node.getName()));
      }
      sizes.nodes.put(node.getName(), node);
      sizes.bounds.put(node.getName(), bound);
    }
  }

  private Bound bound(NodeDef node) {
    List<Bound> inputs = node.getInputList().stream().map(this::of).toList();
    double sizes = 0;
    for (int operand : SIZES.getOrDefault(node.getOp(), List.of())) {
      if (operand < inputs.size()) {
        sizes += inputs.get(operand).bits();
        requireSigns(node, node.getInput(operand));
      }
    }
    if (sizes > (MAKERS.contains(node.getOp()) ? MAX_MADE_BITS : MAX_BITS)) {
      throw new IllegalArgumentException(
          "has the node \"%s\" (%s) with sizes that no network has"
              .formatted(node.getName(), node.getOp()));
    }
    double growth = inputs.stream().mapToDouble(Bound::growth).max().orElse(0);
    return switch (node.getOp()) {
      case "Equal",
          "NotEqual",
          "Less",
          "LessEqual",
          "Greater",
          "GreaterEqual",
          "LogicalAnd",
          "LogicalOr",
          "LogicalNot" ->
          new Bound(0, true, growth);
      case "Const" -> constant(node);
      case "Placeholder" -> new Bound(UNKNOWN, false, 0);
      case "Shape", "ShapeN", "Size", "Rank" -> new Bound(0, !node.getOp().equals("Shape"), 0);
      case "Pack", "Concat", "ConcatV2" -> {
        double all = inputs.stream().mapToDouble(in -> Math.pow(2, in.growth())).sum();
        double bits = inputs.stream().mapToDouble(Bound::bits).sum();
        yield new Bound(bits, false, Math.log(all) / Math.log(2));
      }
      default -> new Bound(bits(node.getOp(), inputs), true, growth(node, inputs, sizes, growth));
    };
  }

  private Bound of(String tensor) {
    int colon = tensor.indexOf(':');
    return bounds.getOrDefault(
        colon < 0 ? tensor : tensor.substring(0, colon), new Bound(UNKNOWN, true, 0));
  }

  private static double bits(String operator, List<Bound> inputs) {
    if (SAME.contains(operator)) {
      return inputs.isEmpty() ? UNKNOWN : inputs.get(0).bits();
    }
    if (operator.equals("Gather") || operator.equals("GatherV2")) {
      return inputs.isEmpty() ? UNKNOWN : AXES * inputs.get(0).bits();
    }
    if (operator.equals("FloorMod") || operator.equals("Mod")) {
      return inputs.size() < 2 ? UNKNOWN : AXES * inputs.get(1).bits();
    }
    if (PRODUCTS.contains(operator)) {
      return inputs.stream().mapToDouble(in -> in.bits() * (in.single() ? AXES : 1)).sum();
    }
    if (SUMS.contains(operator)) {
      return AXES + inputs.stream().mapToDouble(in -> in.bits() * (in.single() ? AXES : 1)).sum();
    }
    return UNKNOWN;
  }

  private double growth(NodeDef node, List<Bound> inputs, double sizes, double growth) {
    if (CONVOLUTIONS.contains(node.getOp()) && inputs.size() >= 2) {
      // Its channels are the filter's, however many went in.
      return sizes;
    }
    return switch (node.getOp()) {
      case "Fill",
          "Range",
          "LinSpace",
          "ResizeBilinear",
          "ResizeNearestNeighbor",
          "ResizeBicubic",
          "ResizeArea" ->
          Math.max(0, Math.min(sizes, MAX_GROWTH));
      case "Tile", "OneHot" -> growth + sizes;
      case "MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum" ->
          Math.min(growth, 8);
      default -> growth;
    };
  }

  /** Constants of many numbers are no sizes. */
  private static Bound constant(NodeDef node) {
    double[] numbers = GraphNodes.few(node);
    double bits = numbers == null ? UNKNOWN : 0;
    for (int n = 0; numbers != null && n < numbers.length; n++) {
      double magnitude = Math.abs(numbers[n]);
      bits += magnitude == 0 ? 0 : Math.abs(Math.log(magnitude) / Math.log(2));
    }
    return new Bound(Double.isNaN(bits) ? UNKNOWN : bits, numbers == null || numbers.length < 2, 0);
  }

  private void requireSigns(NodeDef user, String tensor) {
    NodeDef node = nodes.get(tensor);
    while (node != null && node.getOp().equals("Identity") && node.getInputCount() == 1) {
      node = nodes.get(node.getInput(0));
    }
    double[] numbers = node == null ? null : GraphNodes.few(node);
    boolean zeroStep =
        user.getOp().equals("Range")
            && user.getInputCount() == 3
            && tensor.equals(user.getInput(2))
            && numbers != null
            && numbers.length == 1
            && numbers[0] == 0;
    boolean negative = false;
    for (int n = 0; numbers != null && n < numbers.length; n++) {
      negative |= !(numbers[n] >= 0) && !SIGNED.contains(user.getOp());
    }
    if (negative || zeroStep) {
      throw new IllegalArgumentException(
          "has the node \"%s\" (%s) with sizes that no network has"
              .formatted(user.getName(), user.getOp()));
    }
  }
}
