package dev.lss.backend.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/** Sizes of what operators make that move elements and change none; known values move along. */
final class MovementRules {

  private MovementRules() {}

  static KnownTensor output(KnownNode node) {
    KnownTensor tensor = node.in(0);
    return switch (node.node().operator()) {
      case "Concat" -> concatenated(node);
      case "Reshape" -> reshaped(node);
      case "Flatten" -> {
        long axis = node.integer("axis", 1);
        int at = axis == tensor.rank() ? tensor.rank() : tensor.axis(axis);
        yield tensor.reshaped(List.of(product(tensor, 0, at), product(tensor, at, tensor.rank())));
      }
      case "Squeeze" -> squeezed(node);
      case "Unsqueeze" -> unsqueezed(node);
      case "Transpose" -> transposed(node);
      case "Expand" -> {
        List<Long> sizes = SizeRules.broadcast(List.of(tensor, KnownTensor.of(node.numbers(1))));
        KnownTensor shape = KnownTensor.of(sizes);
        yield tensor.rearranged(sizes, n -> tensor.place(shape.index(n)));
      }
      case "Tile" -> tiled(node);
      case "Slice" -> sliced(node);
      case "Gather" -> gathered(node);
      case "GatherElements" -> KnownTensor.of(node.in(1).longs());
      case "GatherND" -> gatheredPieces(node);
      case "Pad" -> padded(node);
      case "DepthToSpace", "SpaceToDepth" -> blocks(node);
      default ->
          throw new IllegalArgumentException(
              "the sizes of what %s makes are not known".formatted(node.node().operator()));
    };
  }

  private static long product(KnownTensor tensor, int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= tensor.dim(axis);
    }
    return product;
  }

  private static KnownTensor concatenated(KnownNode node) {
    KnownTensor first = node.in(0);
    int axis = first.axis(node.integer("axis", 0));
    List<Long> sizes = new ArrayList<>(first.longs());
    long length = 0;
    for (KnownTensor part : node.present()) {
      if (part.rank() != first.rank()) {
        throw new IllegalArgumentException("it joins %s".formatted(node.present()));
      }
      for (int other = 0; other < first.rank(); other++) {
        if (other != axis && part.dim(other) != first.dim(other)) {
          throw new IllegalArgumentException("it joins %s".formatted(node.present()));
        }
      }
      length += part.dim(axis);
    }
    sizes.set(axis, length);
    KnownTensor joined = KnownTensor.of(sizes);
    boolean known = node.present().stream().allMatch(part -> part.values().isPresent());
    if (!known || first.rank() != 1 || length > KnownTensor.MOST_VALUES) {
      return joined;
    }
    double[] values = new double[(int) length];
    int at = 0;
    for (KnownTensor part : node.present()) {
      double[] more = part.values().orElseThrow();
      System.arraycopy(more, 0, values, at, more.length);
      at += more.length;
    }
    return joined.with(values, first.isWhole());
  }

  private static KnownTensor reshaped(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> wanted = node.numbers(1);
    List<Long> sizes = new ArrayList<>();
    boolean zeros = node.integer("allowzero", 0) != 0;
    int open = -1;
    long product = 1;
    for (int axis = 0; axis < wanted.size(); axis++) {
      long size = wanted.get(axis);
      if (size == -1 && open < 0) {
        open = axis;
        sizes.add(1L);
        continue;
      }
      if (size == 0 && !zeros) {
        size = tensor.dim(axis);
      }
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("it makes %s of %s".formatted(wanted, tensor));
      }
      sizes.add(size);
      product *= size; // both are below 2^31
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("it makes %s of %s".formatted(wanted, tensor));
      }
    }
    if (open >= 0) {
      if (product == 0 || tensor.elements() % product != 0) {
        throw new IllegalArgumentException("it makes %s of %s".formatted(wanted, tensor));
      }
      sizes.set(open, tensor.elements() / product);
    }
    return tensor.reshaped(sizes);
  }

  private static KnownTensor squeezed(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> axes = node.integers("axes", 1).orElse(List.of());
    List<Long> sizes = new ArrayList<>(tensor.longs());
    if (axes.isEmpty()) {
      sizes.removeIf(size -> size == 1);
    } else {
      for (long axis : axes) {
        sizes.set(tensor.axis(axis), tensor.dim(axis) == 1 ? -1L : (long) tensor.dim(axis));
      }
      sizes.removeIf(size -> size < 0);
      if (sizes.size() + new TreeSet<>(axes).size() != tensor.rank()) {
        throw new IllegalArgumentException("it removes the axes %s of %s".formatted(axes, tensor));
      }
    }
    return tensor.reshaped(sizes);
  }

  private static KnownTensor unsqueezed(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> axes = node.integers("axes", 1).orElse(List.of());
    int rank = tensor.rank() + axes.size();
    TreeSet<Integer> added = new TreeSet<>();
    for (long axis : axes) {
      added.add(KnownTensor.axis(axis, rank));
    }
    if (added.size() != axes.size()) {
      throw new IllegalArgumentException("it adds the axes %s".formatted(axes));
    }
    List<Long> sizes = new ArrayList<>(tensor.longs());
    added.forEach(axis -> sizes.add(axis, 1L)); // in order, so that each comes to its place
    return tensor.reshaped(sizes);
  }

  private static KnownTensor transposed(KnownNode node) {
    KnownTensor tensor = node.in(0);
    int rank = tensor.rank();
    List<Long> backwards = new ArrayList<>();
    for (long axis = rank - 1L; axis >= 0; axis--) {
      backwards.add(axis);
    }
    List<Long> order = node.integers("perm").orElse(backwards);
    List<Long> sorted = new ArrayList<>(order);
    Collections.sort(sorted);
    Collections.reverse(sorted);
    if (!sorted.equals(backwards)) {
      throw new IllegalArgumentException("it puts the axes of %s as %s".formatted(tensor, order));
    }
    List<Long> sizes = new ArrayList<>();
    order.forEach(axis -> sizes.add((long) tensor.dim(axis)));
    KnownTensor shape = KnownTensor.of(sizes);
    return tensor.rearranged(
        sizes,
        n -> {
          int[] to = shape.index(n);
          int[] from = new int[rank];
          for (int axis = 0; axis < rank; axis++) {
            from[order.get(axis).intValue()] = to[axis];
          }
          return tensor.place(from);
        });
  }

  private static KnownTensor tiled(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> repeats = node.numbers(1);
    if (repeats.size() != tensor.rank()) {
      throw new IllegalArgumentException("it repeats %s by %s".formatted(tensor, repeats));
    }
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < tensor.rank(); axis++) {
      long times = Math.min(repeats.get(axis), 1L << 31);
      sizes.add(times * tensor.dim(axis));
    }
    KnownTensor shape = KnownTensor.of(sizes);
    return tensor.rearranged(
        sizes,
        n -> {
          int[] index = shape.index(n);
          for (int axis = 0; axis < index.length; axis++) {
            index[axis] %= tensor.dim(axis);
          }
          return tensor.place(index);
        });
  }

  private static KnownTensor sliced(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> starts = node.integers("starts", 1).orElse(List.of());
    List<Long> ends = node.integers("ends", 2).orElse(List.of());
    List<Long> all = new ArrayList<>();
    for (long axis = 0; axis < starts.size(); axis++) {
      all.add(axis);
    }
    List<Long> axes = node.integers("axes", 3).orElse(all);
    List<Long> steps = node.has(4) ? node.numbers(4) : Collections.nCopies(starts.size(), 1L);
    if (ends.size() != starts.size()
        || axes.size() != starts.size()
        || steps.size() != starts.size()) {
      throw new IllegalArgumentException(
          "it cuts from %s to %s along %s".formatted(starts, ends, axes));
    }
    long[] first = new long[tensor.rank()];
    long[] by = new long[tensor.rank()];
    java.util.Arrays.fill(by, 1);
    List<Long> sizes = new ArrayList<>(tensor.longs());
    for (int n = 0; n < starts.size(); n++) {
      int axis = tensor.axis(axes.get(n));
      long size = tensor.dim(axis);
      long step = Math.max(-size - 1, Math.min(size + 1, steps.get(n)));
      if (step == 0) {
        throw new IllegalArgumentException("it cuts in steps of 0");
      }
      long from = within(starts.get(n), size, 0, step > 0 ? size : size - 1);
      long to = within(ends.get(n), size, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
      long span = step > 0 ? to - from + step - 1 : from - to - step - 1;
      sizes.set(axis, size == 0 ? 0 : Math.max(0, span / Math.abs(step)));
      first[axis] = from;
      by[axis] = step;
    }
    KnownTensor shape = KnownTensor.of(sizes);
    return tensor.rearranged(
        sizes,
        n -> {
          int[] index = shape.index(n);
          for (int axis = 0; axis < index.length; axis++) {
            index[axis] = (int) (first[axis] + index[axis] * by[axis]);
          }
          return tensor.place(index);
        });
  }

  /** Returns an index that counts from the end where it is below 0, cut to the bounds. */
  private static long within(long index, long size, long least, long most) {
    long counted = index < 0 ? Math.max(index, -size - 1) + size : index;
    return Math.max(least, Math.min(most, counted));
  }

  private static KnownTensor gathered(KnownNode node) {
    KnownTensor tensor = node.in(0);
    KnownTensor indices = node.in(1);
    int axis = tensor.axis(node.integer("axis", 0));
    List<Long> sizes = new ArrayList<>(tensor.longs().subList(0, axis));
    sizes.addAll(indices.longs());
    sizes.addAll(tensor.longs().subList(axis + 1, tensor.rank()));
    if (tensor.rank() != 1 || tensor.values().isEmpty() || indices.values().isEmpty()) {
      return KnownTensor.of(sizes);
    }
    double[] which = indices.values().get();
    for (int n = 0; n < which.length; n++) {
      which[n] += which[n] < 0 ? tensor.elements() : 0;
      if (!(which[n] >= 0 && which[n] < tensor.elements())) {
        throw new IllegalArgumentException("it takes an element that %s lacks".formatted(tensor));
      }
    }
    return tensor.rearranged(sizes, n -> (int) which[n]);
  }

  private static KnownTensor gatheredPieces(KnownNode node) {
    KnownTensor tensor = node.in(0);
    KnownTensor indices = node.in(1);
    long batch = node.integer("batch_dims", 0);
    long depth = indices.rank() == 0 ? 0 : indices.dim(-1);
    if (batch < 0 || depth < 1 || batch + depth > tensor.rank() || batch >= indices.rank()) {
      throw new IllegalArgumentException("it takes pieces of %s by %s".formatted(tensor, indices));
    }
    List<Long> sizes = new ArrayList<>(indices.longs().subList(0, indices.rank() - 1));
    sizes.addAll(tensor.longs().subList((int) (batch + depth), tensor.rank()));
    return KnownTensor.of(sizes);
  }

  private static KnownTensor padded(KnownNode node) {
    KnownTensor tensor = node.in(0);
    List<Long> pads = node.integers("pads", 1).orElse(List.of());
    List<Long> axes = new ArrayList<>();
    for (long axis = 0; axis < tensor.rank(); axis++) {
      axes.add(axis);
    }
    axes = node.has(3) ? node.numbers(3) : axes;
    if (pads.size() != 2 * axes.size()) {
      throw new IllegalArgumentException("it pads %s by %s".formatted(tensor, pads));
    }
    List<Long> sizes = new ArrayList<>(tensor.longs());
    boolean reflected = node.text("mode", "constant").equals("reflect");
    for (int n = 0; n < axes.size(); n++) {
      int axis = tensor.axis(axes.get(n));
      long before = limited(pads.get(n));
      long after = limited(pads.get(n + axes.size()));
      if (reflected && Math.max(before, after) >= Math.max(1, tensor.dim(axis))) {
        throw new IllegalArgumentException("it reflects %s by %s".formatted(tensor, pads));
      }
      sizes.set(axis, tensor.dim(axis) + before + after);
    }
    return KnownTensor.of(sizes);
  }

  private static long limited(long pad) {
    return Math.max(Integer.MIN_VALUE, Math.min(1L << 31, pad));
  }

  private static KnownTensor blocks(KnownNode node) {
    SizeRules.requireRank(node, 4);
    KnownTensor image = node.in(0);
    long block = node.integer("blocksize", 1);
    boolean deeper = node.node().operator().equals("SpaceToDepth");
    long square = block * block;
    boolean fits =
        deeper
            ? image.dim(2) % block == 0 && image.dim(3) % block == 0
            : image.dim(1) % square == 0;
    if (!fits) {
      throw new IllegalArgumentException("it takes blocks of %s of %s".formatted(block, image));
    }
    return KnownTensor.of(
        List.of(
            (long) image.dim(0),
            deeper ? image.dim(1) * square : image.dim(1) / square,
            deeper ? image.dim(2) / block : image.dim(2) * block,
            deeper ? image.dim(3) / block : image.dim(3) * block));
  }

  static List<KnownTensor> split(KnownNode node) {
    KnownTensor tensor = node.in(0);
    int axis = tensor.axis(node.integer("axis", 0));
    int parts = node.node().outputs().size();
    long size = tensor.dim(axis);
    long even = (size + parts - 1) / parts; // the last one is smaller where it is not even
    List<Long> lengths = node.integers("split", 1).orElse(List.of());
    if (lengths.isEmpty()) {
      lengths = new ArrayList<>(Collections.nCopies(parts - 1, even));
      lengths.add(size - even * (parts - 1));
    }
    if (lengths.size() != parts || lengths.stream().mapToLong(n -> n).sum() != size) {
      throw new IllegalArgumentException("it splits %s into %s".formatted(tensor, lengths));
    }
    List<KnownTensor> pieces = new ArrayList<>();
    int start = 0;
    for (long length : lengths) {
      List<Long> sizes = new ArrayList<>(tensor.longs());
      sizes.set(axis, length);
      KnownTensor shape = KnownTensor.of(sizes);
      int from = start;
      pieces.add(
          tensor.rearranged(
              sizes,
              n -> {
                int[] index = shape.index(n);
                index[axis] += from;
                return tensor.place(index);
              }));
      start += (int) length;
    }
    return pieces;
  }
}
