package dev.lss.core.nnunet;

import java.util.List;

/**
 * A tensor as a view on a storage: value (i, j, ...) lies at {@code offset + i * stride[0] + j *
 * stride[1] + ...}. Only its description; the values stay in the file. Immutable.
 *
 * @param storage the values
 * @param offset index of the first value
 * @param shape sizes, slowest axis first
 * @param stride steps in values, one per axis
 */
record StoredTensor(Storage storage, long offset, List<Integer> shape, List<Long> stride) {

  /**
   * One storage, the entry {@code data/<key>} of the zip.
   *
   * @param type what it holds
   * @param key name of the entry
   * @param count number of values, as the pickle claims
   */
  record Storage(StorageType type, String key, long count) {}

  /** Refuses views that reach outside their storage or repeat its values. */
  StoredTensor {
    shape = List.copyOf(shape);
    stride = List.copyOf(stride);
    if (shape.size() != stride.size() || shape.size() > 8) {
      throw new IllegalArgumentException(
          "a tensor has up to 8 axes with a stride each, was %s and %s".formatted(shape, stride));
    }
    long count = 1;
    long last = offset;
    for (int axis = 0; axis < shape.size(); axis++) {
      int size = shape.get(axis);
      long step = stride.get(axis);
      if (size < 0
          || step < 0
          || (size > 1 && step > storage.count())
          || (size > 0 && count > Integer.MAX_VALUE / size)) {
        throw new IllegalArgumentException(
            "a tensor of %s with strides %s in a storage of %s values is not possible"
                .formatted(shape, stride, storage.count()));
      }
      count *= size;
      last = Math.addExact(last, size > 1 ? Math.multiplyExact(size - 1L, step) : 0);
    }
    if (offset < 0 || count > storage.count() || (count > 0 && last >= storage.count())) {
      throw new IllegalArgumentException(
          "a tensor of %s with strides %s from value %s on does not fit in a storage of %s values"
              .formatted(shape, stride, offset, storage.count()));
    }
  }

  int count() {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  /** Tells whether the values lie one after the other in C order. */
  boolean isContiguous() {
    long step = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && stride.get(axis) != step) {
        return false;
      }
      step *= shape.get(axis);
    }
    return true;
  }

  /** Returns the index behind the last value, relative to {@link #offset}. */
  long span() {
    long last = 0;
    for (int axis = 0; axis < shape.size(); axis++) {
      last += (shape.get(axis) - 1) * stride.get(axis);
    }
    return count() == 0 ? 0 : last + 1;
  }
}
