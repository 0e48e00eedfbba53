package dev.lss.backend.onnx;

import dev.lss.backend.onnx.OnnxModel.Constant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * What is known of a tensor before the network runs: its sizes, and its values where they are few
 * and depend on no voxel, as those that sizes are worked out from. Immutable.
 */
final class KnownTensor {

  /** Values of tensors with more are not followed; no list of sizes is as long. */
  static final int MOST_VALUES = 64;

  /** A tensor with more elements than any runtime takes, whatever the input is. */
  static final class TooLargeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooLargeException(List<Long> dims) {
      super("it makes a tensor of sizes %s".formatted(dims));
    }
  }

  private final List<Integer> dims;
  private final double[] values;
  private final boolean valued;
  private final boolean whole;

  private KnownTensor(List<Integer> dims, double[] values, boolean valued, boolean whole) {
    this.dims = dims;
    this.values = values;
    this.valued = valued;
    this.whole = whole;
  }

  /**
   * Returns a tensor of these sizes, with unknown values.
   *
   * @throws TooLargeException when it has 2^31 elements or more
   * @throws IllegalArgumentException when a size is negative
   */
  static KnownTensor of(List<Long> dims) {
    List<Integer> sizes = new ArrayList<>();
    double elements = 1; // in double, as a product of long overflows
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("it makes a tensor of sizes " + dims);
      }
      elements *= dim;
      sizes.add((int) Math.min(dim, Integer.MAX_VALUE));
    }
    boolean large = dims.stream().anyMatch(dim -> dim > Integer.MAX_VALUE);
    if (elements > Integer.MAX_VALUE || large) {
      throw new TooLargeException(dims);
    }
    return new KnownTensor(List.copyOf(sizes), new double[0], false, false);
  }

  /** Returns a tensor of the same sizes with these values, if they are few enough to follow. */
  KnownTensor with(double[] known, boolean areWhole) {
    if (known.length != elements()) {
      throw new IllegalArgumentException("%s values do not fill %s".formatted(known.length, dims));
    }
    return known.length > MOST_VALUES ? this : new KnownTensor(dims, known, true, areWhole);
  }

  static KnownTensor of(Constant constant) {
    KnownTensor tensor = of(constant.dims().stream().map(Integer::longValue).toList());
    if (tensor.elements() > MOST_VALUES) {
      return tensor;
    }
    ByteBuffer bytes = constant.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[(int) tensor.elements()];
    for (int n = 0; n < values.length; n++) {
      switch (constant.type()) {
        case FLOAT -> values[n] = bytes.getFloat();
        case DOUBLE -> values[n] = bytes.getDouble();
        case INT32 -> values[n] = bytes.getInt();
        case INT64 -> values[n] = bytes.getLong();
        case INT8 -> values[n] = bytes.get();
        case UINT8, BOOL -> values[n] = Byte.toUnsignedInt(bytes.get());
        case FLOAT16 -> {
          return tensor;
        }
      }
    }
    return tensor.with(values, constant.type().isWhole());
  }

  /** Returns a list of whole numbers. */
  static KnownTensor list(double... values) {
    return of(List.of((long) values.length)).with(values, true);
  }

  List<Integer> dims() {
    return dims;
  }

  int rank() {
    return dims.size();
  }

  /** Returns the size along an axis; axes below 0 count from the end. */
  int dim(long axis) {
    return dims.get(axis(axis));
  }

  /** Returns an axis counted from the front. */
  int axis(long axis) {
    return axis(axis, rank());
  }

  /** Returns an axis of a tensor of this rank, counted from the front. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          "it works along axis %s of a tensor of %s axes".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  List<Long> longs() {
    return dims.stream().map(Integer::longValue).toList();
  }

  long elements() {
    long elements = 1;
    for (int dim : dims) {
      elements *= dim;
    }
    return elements;
  }

  /** Returns whether values are whole numbers; false where they are not known. */
  boolean isWhole() {
    return whole;
  }

  /** Returns the values, the last axis fastest, where they are known. */
  Optional<double[]> values() {
    return valued ? Optional.of(values.clone()) : Optional.empty();
  }

  /** Returns the same elements in other sizes. */
  KnownTensor reshaped(List<Long> sizes) {
    KnownTensor shaped = of(sizes);
    if (shaped.elements() != elements()) {
      throw new IllegalArgumentException("it makes %s of %s".formatted(sizes, dims));
    }
    return valued ? shaped.with(values, whole) : shaped;
  }

  /**
   * Returns a tensor of other sizes whose elements are elements of this one.
   *
   * @param from gives for each element of the result the place of it here
   */
  KnownTensor rearranged(List<Long> sizes, IntUnaryOperator from) {
    KnownTensor shaped = of(sizes);
    if (!valued || shaped.elements() > MOST_VALUES) {
      return shaped;
    }
    double[] moved = new double[(int) shaped.elements()];
    for (int n = 0; n < moved.length; n++) {
      moved[n] = values[from.applyAsInt(n)];
    }
    return shaped.with(moved, whole);
  }

  /** Returns the index along each axis of the element at a place. */
  int[] index(int place) {
    int[] index = new int[rank()];
    int rest = place;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % dims.get(axis);
      rest /= dims.get(axis);
    }
    return index;
  }

  /** Returns the place of an element; axes that this tensor lacks or is 1 long along are spread. */
  int place(int[] index) {
    int place = 0;
    int lacking = index.length - rank();
    for (int axis = 0; axis < rank(); axis++) {
      int size = dims.get(axis);
      place = place * size + (size == 1 ? 0 : index[axis + lacking]);
    }
    return place;
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
