package dev.lss.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Floats in native memory, in C order, for a runtime to read or write in place. Allocated once and
 * reused for all tiles. Not thread-safe; one per worker.
 *
 * @param shape sizes, N C D H W or N C H W
 * @param data direct buffer in native byte order that holds exactly the shape's values
 */
public record FloatTensor(Shape shape, FloatBuffer data) {

  /** The most floats that a direct buffer can hold, 2^29-1. */
  public static final int MAX_VALUES = (1 << 29) - 1;

  /** Refuses heap buffers, foreign byte order and a wrong number of values. */
  public FloatTensor {
    if (!data.isDirect() || data.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException("a tensor needs a direct buffer in native byte order");
    }
    if (data.capacity() != shape.size()) {
      throw new IllegalArgumentException(
          "a tensor of %s needs %s floats, got %s".formatted(shape, shape.size(), data.capacity()));
    }
  }

  /** Returns a new tensor of zeros. */
  public static FloatTensor allocate(Shape shape) {
    return new FloatTensor(
        shape,
        ByteBuffer.allocateDirect(Math.multiplyExact(shape.size(), Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer());
  }
}
