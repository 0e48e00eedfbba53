package dev.lss.backend.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Sizes of what convolutions, pools and resizing make. */
final class WindowRules {

  private static final int MOST_SPATIAL = 3;

  private WindowRules() {}

  static KnownTensor output(KnownNode node) {
    return switch (node.node().operator()) {
      case "Conv" -> convolution(node);
      case "ConvTranspose" -> transposed(node);
      case "MaxPool", "AveragePool" -> pool(node);
      case "GlobalAveragePool", "GlobalMaxPool" -> {
        List<Long> sizes = new ArrayList<>(Collections.nCopies(spatial(node) + 2, 1L));
        sizes.set(0, (long) node.in(0).dim(0));
        sizes.set(1, (long) node.in(0).dim(1));
        yield KnownTensor.of(sizes);
      }
      case "Upsample" -> resized(node, node.has(1) ? Optional.of(node.values(1)) : scales(node));
      default -> resize(node);
    };
  }

  private static Optional<double[]> scales(KnownNode node) {
    return node.attribute("scales")
        .map(a -> a.floats().stream().mapToDouble(Float::doubleValue).toArray());
  }

  private static int spatial(KnownNode node) {
    int spatial = node.in(0).rank() - 2;
    if (spatial < 1 || spatial > MOST_SPATIAL) {
      throw new IllegalArgumentException("it takes an image, was given " + node.in(0));
    }
    return spatial;
  }

  /** Returns a setting with one number for each spatial axis, or {@code sides} of them. */
  private static List<Long> numbers(KnownNode node, String name, int count, long otherwise) {
    List<Long> numbers =
        node.integers(name)
            .filter(list -> !list.isEmpty())
            .orElse(Collections.nCopies(count, otherwise));
    if (numbers.size() != count) {
      throw new IllegalArgumentException(
          "it has %s numbers as %s instead of %s".formatted(numbers.size(), name, count));
    }
    return numbers;
  }

  private static List<Long> kernel(KnownNode node) {
    KnownTensor weight = node.in(1);
    if (weight.rank() != node.in(0).rank()) {
      throw new IllegalArgumentException(
          "it takes weights of %s for %s".formatted(weight, node.in(0)));
    }
    List<Long> kernel = weight.longs().subList(2, weight.rank());
    if (!node.integers("kernel_shape").orElse(kernel).equals(kernel)) {
      throw new IllegalArgumentException("its kernel_shape is not that of its weights " + weight);
    }
    return kernel;
  }

  private static void requireBias(KnownNode node, long channels) {
    if (node.has(2) && !node.in(2).longs().equals(List.of(channels))) {
      throw new IllegalArgumentException(
          "it takes a bias of %s for %s channels".formatted(node.in(2), channels));
    }
  }

  private static KnownTensor convolution(KnownNode node) {
    spatial(node);
    KnownTensor weight = node.in(1);
    List<Long> kernel = kernel(node);
    long groups = node.integer("group", 1);
    if (node.in(0).dim(1) != weight.dim(1) * groups || weight.dim(0) % groups != 0) {
      throw new IllegalArgumentException(
          "it takes weights of %s in %s groups for %s".formatted(weight, groups, node.in(0)));
    }
    requireBias(node, weight.dim(0));
    return KnownTensor.of(windows(node, weight.dim(0), kernel));
  }

  private static KnownTensor transposed(KnownNode node) {
    int spatial = spatial(node);
    KnownTensor weight = node.in(1);
    List<Long> kernel = kernel(node);
    long groups = node.integer("group", 1);
    if (node.in(0).dim(1) != weight.dim(0) || weight.dim(0) % groups != 0) {
      throw new IllegalArgumentException(
          "it takes weights of %s in %s groups for %s".formatted(weight, groups, node.in(0)));
    }
    requireBias(node, weight.dim(1) * groups);
    List<Long> strides = numbers(node, "strides", spatial, 1);
    List<Long> dilations = numbers(node, "dilations", spatial, 1);
    List<Long> pads = numbers(node, "pads", 2 * spatial, 0);
    List<Long> extra = numbers(node, "output_padding", spatial, 0);
    List<Long> sizes = new ArrayList<>(List.of((long) node.in(0).dim(0), weight.dim(1) * groups));
    for (int axis = 0; axis < spatial; axis++) {
      sizes.add(
          strides.get(axis) * (node.in(0).dim(2 + axis) - 1)
              + extra.get(axis)
              + (kernel.get(axis) - 1) * dilations.get(axis)
              + 1
              - pads.get(axis)
              - pads.get(axis + spatial));
    }
    return KnownTensor.of(sizes);
  }

  private static KnownTensor pool(KnownNode node) {
    int spatial = spatial(node);
    List<Long> kernel = numbers(node, "kernel_shape", spatial, 1);
    List<Long> pads = numbers(node, "pads", 2 * spatial, 0);
    for (int side = 0; side < pads.size(); side++) {
      if (pads.get(side) >= kernel.get(side % spatial)) {
        throw new IllegalArgumentException("its pads %s hold whole windows".formatted(pads));
      }
    }
    return KnownTensor.of(windows(node, node.in(0).dim(1), kernel));
  }

  /** Sizes of an image of one value for each place of the window. */
  private static List<Long> windows(KnownNode node, long channels, List<Long> kernel) {
    int spatial = kernel.size();
    List<Long> strides = numbers(node, "strides", spatial, 1);
    List<Long> dilations = numbers(node, "dilations", spatial, 1);
    List<Long> pads = numbers(node, "pads", 2 * spatial, 0);
    String auto = node.text("auto_pad", "NOTSET");
    boolean up = node.integer("ceil_mode", 0) != 0;
    List<Long> sizes = new ArrayList<>(List.of((long) node.in(0).dim(0), channels));
    for (int axis = 0; axis < spatial; axis++) {
      long size = node.in(0).dim(2 + axis);
      long stride = strides.get(axis);
      if (auto.startsWith("SAME")) {
        sizes.add((size + stride - 1) / stride);
        continue;
      }
      boolean padded = auto.equals("NOTSET");
      long before = padded ? pads.get(axis) : 0;
      long after = padded ? pads.get(axis + spatial) : 0;
      long window = (kernel.get(axis) - 1) * dilations.get(axis) + 1;
      long room = size + before + after - window;
      if (room < 0) {
        throw new IllegalArgumentException(
            "its window of %s does not fit into %s".formatted(kernel, node.in(0)));
      }
      long places = (up ? room + stride - 1 : room) / stride + 1;
      // The last window of those that reach out begins inside the image.
      sizes.add(up && (places - 1) * stride >= size + before ? places - 1 : places);
    }
    return sizes;
  }

  private static KnownTensor resize(KnownNode node) {
    // Operator set 10 has scales as second input, later ones a region before them.
    int scales = node.operatorSet() < 11 ? 1 : 2;
    if (node.has(scales) && node.in(scales).elements() > 0) {
      return resized(node, Optional.of(node.values(scales)));
    }
    List<Long> sizes = node.numbers(3);
    if (sizes.size() != node.in(0).rank()) {
      throw new IllegalArgumentException("it makes %s of %s".formatted(sizes, node.in(0)));
    }
    return KnownTensor.of(sizes);
  }

  private static KnownTensor resized(KnownNode node, Optional<double[]> found) {
    double[] scales = found.orElseThrow(() -> new IllegalArgumentException("it has no scales"));
    KnownTensor image = node.in(0);
    if (scales.length != image.rank()) {
      throw new IllegalArgumentException("it has %s scales for %s".formatted(scales.length, image));
    }
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < scales.length; axis++) {
      if (!(scales[axis] > 0)) {
        throw new IllegalArgumentException("its scale is " + scales[axis]);
      }
      sizes.add((long) (image.dim(axis) * (float) scales[axis])); // in float, as the runtime does
    }
    return KnownTensor.of(sizes);
  }
}
