package dev.lss.backend.djl;

import dev.lss.backend.djl.ModulePickle.Kind;
import dev.lss.backend.djl.ModulePickle.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The numbers that the tensors of one pickle lie in: each an entry of the archive, exactly as long
 * as the pickle says, and every tensor inside its numbers. Every refusal is an {@link
 * IllegalArgumentException} in words that follow the file's name. Not thread-safe.
 */
final class TensorStorage {

  /** Bytes of one number, by PyTorch's classes. */
  private static final Map<String, Integer> BYTES =
      Map.of(
          "torch FloatStorage", 4,
          "torch DoubleStorage", 8,
          "torch HalfStorage", 2,
          "torch BFloat16Storage", 2,
          "torch LongStorage", 8,
          "torch IntStorage", 4,
          "torch ShortStorage", 2,
          "torch CharStorage", 1,
          "torch ByteStorage", 1,
          "torch BoolStorage", 1);

  private static final int MAX_AXES = 16;

  /** What one storage is: where it is written, its class, and how many numbers it has. */
  private record Stored(int number, String type, long count) {}

  private final Map<String, Stored> byKey = new LinkedHashMap<>();
  private final ToIntFunction<String> bytes;

  private TensorStorage(ToIntFunction<String> bytes) {
    this.bytes = bytes;
  }

  /** Returns whether this is a class of numbers, as pickles write it. */
  static boolean isStorage(String name) {
    return BYTES.containsKey(name);
  }

  /**
   * Checks the tensors of a pickle.
   *
   * @param bytes gives the size of the entry of a key, negative where there is none
   */
  static TensorStorage of(Value pickle, ToIntFunction<String> bytes) {
    TensorStorage storage = new TensorStorage(bytes);
    storage.visit(pickle, new HashMap<>());
    return storage;
  }

  /** Returns the keys in the order in which their numbers are written. */
  List<String> keys() {
    return List.copyOf(byKey.keySet());
  }

  /** Returns class, key and count of a storage as they are written. */
  List<Object> written(Value storage) {
    Stored stored = byKey.get(storage.parts.get(0).parts.get(2).text());
    if (stored == null) {
      throw new IllegalArgumentException("has a storage that no tensor has");
    }
    return List.of(
        stored.type().substring("torch ".length()),
        Integer.toString(stored.number()),
        stored.count());
  }

  private void visit(Value value, Map<Value, Boolean> seen) {
    if (seen.put(value, true) != null) {
      return;
    }
    boolean isTensor =
        value.kind == Kind.CALL && value.parts.get(0).text().endsWith("_rebuild_tensor_v2");
    if (isTensor) {
      requireTensor(value.parts.get(1).parts);
    } else if (value.kind == Kind.STORAGE) {
      throw new IllegalArgumentException("has a pickle with numbers that are no tensor's");
    } else {
      value.parts.forEach(part -> visit(part, seen));
    }
  }

  /** Storage, offset, sizes, strides, whether it has a gradient, and no hooks. */
  private void requireTensor(List<Value> arguments) {
    if (arguments.size() != 6
        || arguments.get(0).kind != Kind.STORAGE
        || arguments.get(2).kind != Kind.TUPLE
        || arguments.get(3).kind != Kind.TUPLE
        || arguments.get(4).kind != Kind.BOOL
        || arguments.get(5).kind != Kind.CALL
        || !arguments.get(5).parts.get(1).parts.isEmpty()) {
      throw new IllegalArgumentException("has a tensor that PyTorch does not write");
    }
    long count = count(arguments.get(0).parts.get(0).parts);
    List<Value> sizes = arguments.get(2).parts;
    List<Value> strides = arguments.get(3).parts;
    long last = arguments.get(1).integer();
    boolean isEmpty = false;
    boolean fits = last >= 0 && sizes.size() == strides.size() && sizes.size() <= MAX_AXES;
    try {
      for (int axis = 0; fits && axis < sizes.size(); axis++) {
        long size = sizes.get(axis).integer();
        long stride = strides.get(axis).integer();
        fits = size >= 0 && stride >= 0 && size <= Integer.MAX_VALUE;
        isEmpty |= size == 0;
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
      }
    } catch (ArithmeticException e) {
      fits = false;
    }
    if (!fits || (isEmpty ? last > count : last >= count)) {
      throw new IllegalArgumentException(
          "has a tensor that does not lie in its %s numbers".formatted(count));
    }
  }

  private long count(List<Value> id) {
    if (id.size() != 5
        || !id.get(0).text().equals("storage")
        || id.get(1).kind != Kind.NAME
        || !isStorage(id.get(1).text())
        || id.get(3).kind != Kind.TEXT) {
      throw new IllegalArgumentException("has numbers that PyTorch does not write");
    }
    String type = id.get(1).text();
    String key = id.get(2).text();
    long count = id.get(4).integer();
    Integer width = BYTES.get(type);
    if (count < 0 || width == null || count * width != bytes.applyAsInt(key)) {
      throw new IllegalArgumentException(
          "has %s numbers of %s in \"%s\", which does not have their bytes"
              .formatted(count, type, key));
    }
    Stored before = byKey.putIfAbsent(key, new Stored(byKey.size(), type, count));
    if (before != null && !before.type().equals(type)) {
      throw new IllegalArgumentException("has numbers of two kinds in \"%s\"".formatted(key));
    }
    return count;
  }
}
