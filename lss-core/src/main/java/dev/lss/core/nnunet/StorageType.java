package dev.lss.core.nnunet;

import dev.lss.core.io.HalfFloat;
import java.nio.ByteBuffer;

/** The storages of PyTorch by class name. Only those of floats can be network weights. */
enum StorageType {
  FLOAT("FloatStorage", 4, true),
  HALF("HalfStorage", 2, true),
  BFLOAT16("BFloat16Storage", 2, true),
  DOUBLE("DoubleStorage", 8, true),
  LONG("LongStorage", 8, false),
  INT("IntStorage", 4, false),
  SHORT("ShortStorage", 2, false),
  CHAR("CharStorage", 1, false),
  BYTE("ByteStorage", 1, false),
  BOOL("BoolStorage", 1, false);

  private final String className;
  private final int bytes;
  private final boolean floating;

  StorageType(String className, int bytes, boolean floating) {
    this.className = className;
    this.bytes = bytes;
    this.floating = floating;
  }

  String className() {
    return className;
  }

  int bytes() {
    return bytes;
  }

  boolean isFloating() {
    return floating;
  }

  /**
   * Returns one value as float32. Half precision and bfloat16 widen without loss; doubles are
   * rounded to the nearest, as PyTorch does when it loads them into a float32 network.
   */
  float get(ByteBuffer data, int index) {
    return switch (this) {
      case FLOAT -> data.getFloat(4 * index);
      case HALF -> HalfFloat.toFloat(data.getShort(2 * index));
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(2 * index) << 16);
      case DOUBLE -> (float) data.getDouble(8 * index);
      default -> throw new IllegalStateException(this + " holds no floats");
    };
  }
}
