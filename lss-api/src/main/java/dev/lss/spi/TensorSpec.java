package dev.lss.spi;

import dev.lss.api.BackendException;
import java.util.List;

/**
 * What a tensor of a model must look like. Immutable.
 *
 * @param name the model's name for it
 * @param dims the sizes; {@link #ANY} where any size goes
 * @param multiples per axis the number that the size must be a multiple of; 1 where any goes
 */
public record TensorSpec(String name, List<Integer> dims, List<Integer> multiples) {

  /** Marks an axis whose size is not fixed. */
  public static final int ANY = -1;

  /** Refuses lists of different lengths. */
  public TensorSpec {
    dims = List.copyOf(dims);
    multiples = List.copyOf(multiples);
    if (dims.size() != multiples.size()) {
      throw new IllegalArgumentException("dims and multiples must have one length");
    }
  }

  /**
   * Checks a tensor's shape before it reaches native code, which may end the process on a wrong
   * one.
   *
   * @throws BackendException when the shape does not fit
   */
  public void check(Shape shape) {
    boolean fits = shape.rank() == dims.size();
    for (int axis = 0; fits && axis < dims.size(); axis++) {
      int size = shape.get(axis);
      fits = (dims.get(axis) == ANY || dims.get(axis) == size) && size % multiples.get(axis) == 0;
    }
    if (!fits) {
      throw new BackendException(
          "WRONG_SHAPE",
          "tensor \"%s\" takes %s (-1: any size) in multiples of %s, was given %s"
              .formatted(name, dims, multiples, shape));
    }
  }
}
