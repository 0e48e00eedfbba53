package dev.lss.backend.onnx;

import java.util.List;

/** What a node costs beside the room for its outputs. */
final class NodeCost {

  private NodeCost() {}

  /** Returns about how many multiplications, or elements looked at, the node takes. */
  static double work(KnownNode node, List<KnownTensor> outputs) {
    double made = outputs.stream().mapToDouble(KnownTensor::elements).sum();
    return switch (node.node().operator()) {
      case "Conv" -> made * perChannel(node.in(1));
      case "ConvTranspose" -> (double) node.in(0).elements() * perChannel(node.in(1));
      case "MatMul" -> made * node.in(0).dim(-1);
      case "Gemm" -> made * node.in(0).elements() / Math.max(1, outputs.get(0).dim(0));
      case "Einsum" -> Einsum.of(node).products();
      case "MaxPool", "AveragePool" -> made * window(node);
      default -> made + node.present().stream().mapToDouble(KnownTensor::elements).sum();
    };
  }

  /** Returns how many elements the runtime needs beside inputs and outputs. */
  static double room(KnownNode node) {
    if (!node.node().operator().equals("ConvTranspose")) {
      return 0;
    }
    KnownTensor image = node.in(0);
    double spatial = 1;
    for (int axis = 2; axis < image.rank(); axis++) {
      spatial *= image.dim(axis);
    }
    return spatial * perChannel(node.in(1));
  }

  private static double perChannel(KnownTensor weight) {
    return (double) weight.elements() / Math.max(1, weight.dim(0));
  }

  private static double window(KnownNode node) {
    double window = 1;
    for (long side : node.integers("kernel_shape").orElse(List.of())) {
      window *= side;
    }
    return window;
  }
}
