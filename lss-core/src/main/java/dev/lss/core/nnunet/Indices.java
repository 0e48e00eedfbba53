package dev.lss.core.nnunet;

import java.util.List;

/**
 * Walks through a tensor in C order and gives the place of each value, relative to its first one.
 * Not thread-safe.
 */
final class Indices {

  private final List<Integer> shape;
  private final List<Long> stride;
  private final int[] at;
  private long index;

  Indices(StoredTensor tensor) {
    shape = tensor.shape();
    stride = tensor.stride();
    at = new int[shape.size()];
  }

  /** Returns the place of the next value; to be asked as often as there are values. */
  int next() {
    int here = (int) index;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      long step = stride.get(axis);
      index += step;
      if (++at[axis] < shape.get(axis)) {
        break;
      }
      index -= step * shape.get(axis);
      at[axis] = 0;
    }
    return here;
  }
}
