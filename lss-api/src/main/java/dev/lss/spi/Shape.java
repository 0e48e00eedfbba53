package dev.lss.spi;

import dev.lss.api.ResourceException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, slowest axis first: N C D H W, or N C H W. Immutable.
 *
 * @param dims the sizes, each at least 1
 */
public record Shape(List<Integer> dims) {

  /** Refuses sizes below 1 and more values than a direct buffer of floats can hold. */
  public Shape {
    dims = List.copyOf(dims);
    BigInteger size = BigInteger.ONE;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException("sizes must be at least 1, were " + dims);
      }
      size = size.multiply(BigInteger.valueOf(dim));
    }
    if (size.compareTo(BigInteger.valueOf(FloatTensor.MAX_VALUES)) > 0) {
      throw new ResourceException(
          "TENSOR_TOO_LARGE",
          "a tensor holds at most %s floats, asked for %s = %s"
              .formatted(FloatTensor.MAX_VALUES, dims, size));
    }
  }

  /** Returns the shape with these sizes. */
  public static Shape of(int... dims) {
    return new Shape(Arrays.stream(dims).boxed().toList());
  }

  /** Returns the number of values. */
  public int size() {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    return size;
  }

  /** Returns the size along an axis. */
  public int get(int axis) {
    return dims.get(axis);
  }

  /** Returns the number of axes. */
  public int rank() {
    return dims.size();
  }

  /** Returns the sizes as longs, for runtimes. */
  public long[] toLongArray() {
    return dims.stream().mapToLong(Integer::longValue).toArray();
  }

  @Override
  public String toString() {
    return dims.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }
}
