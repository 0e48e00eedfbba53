package dev.lss.backend.djl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor that a TorchScript module holds. Its values are asked for when it is written, so that
 * one tensor at a time is in memory.
 *
 * @param shape sizes, slowest axis first
 * @param values gives the values in C order
 * @param storage how numbers are stored
 * @param channelsLast whether the second axis is the fastest in memory, as oneDNN likes it
 */
record TorchScriptTensor(
    List<Integer> shape, Supplier<float[]> values, Storage storage, boolean channelsLast) {

  /** How numbers are stored. */
  enum Storage {
    FLOAT("FloatStorage", Float.BYTES),
    BFLOAT16("BFloat16Storage", Short.BYTES);

    /** PyTorch's class of storage. */
    final String className;

    private final int bytes;

    Storage(String className, int bytes) {
      this.className = className;
      this.bytes = bytes;
    }
  }

  int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Returns how many numbers further in memory the next one along each axis lies. */
  List<Integer> strides() {
    List<Integer> order = memoryOrder();
    Integer[] strides = new Integer[shape.size()];
    int stride = 1;
    for (int n = order.size() - 1; n >= 0; n--) {
      strides[order.get(n)] = stride;
      stride *= shape.get(order.get(n));
    }
    return List.of(strides);
  }

  /** Axes from the slowest to the fastest in memory. */
  private List<Integer> memoryOrder() {
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < shape.size(); axis++) {
      order.add(axis);
    }
    if (channelsLast) {
      order.add(order.remove(1));
    }
    return order;
  }

  /** Returns the bytes in memory order, little-endian. */
  byte[] bytes() {
    float[] stored = inMemoryOrder(values.get());
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(stored.length, storage.bytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (storage == Storage.FLOAT) {
      bytes.asFloatBuffer().put(stored);
    } else {
      for (float value : stored) {
        bytes.putShort(brainFloat(value));
      }
    }
    return bytes.array();
  }

  /** The second axis goes to the end; all others stay in order. */
  private float[] inMemoryOrder(float[] values) {
    if (!channelsLast) {
      return values;
    }
    int channels = shape.get(1);
    int voxels = size() / shape.get(0) / channels;
    float[] stored = new float[values.length];
    int at = 0;
    for (int outer = 0; outer < shape.get(0); outer++) {
      for (int voxel = 0; voxel < voxels; voxel++) {
        for (int channel = 0; channel < channels; channel++) {
          stored[at++] = values[(outer * channels + channel) * voxels + voxel];
        }
      }
    }
    return stored;
  }

  /** The upper half of a float, rounded to the nearest, ties to even. */
  static short brainFloat(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
