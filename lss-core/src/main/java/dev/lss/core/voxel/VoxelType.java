package dev.lss.core.voxel;

import java.nio.ByteBuffer;

/** How a voxel is stored: one real number. */
public enum VoxelType {
  /** 8 bits without sign. */
  UINT8(1),
  /** 8 bits. */
  INT8(1),
  /** 16 bits without sign. */
  UINT16(2),
  /** 16 bits. */
  INT16(2),
  /** 32 bits without sign. */
  UINT32(4),
  /** 32 bits. */
  INT32(4),
  /** 64 bits without sign; a double keeps the upper 53. */
  UINT64(8),
  /** 64 bits; a double keeps the upper 53. */
  INT64(8),
  /** IEEE 754 single precision. */
  FLOAT32(4),
  /** IEEE 754 double precision. */
  FLOAT64(8);

  private final int bytes;

  VoxelType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one voxel. */
  public int bytes() {
    return bytes;
  }

  /** Decodes the first {@code count} voxels of a buffer. */
  public void decode(ByteBuffer from, int count, double[] into) {
    switch (this) {
      case UINT8 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.get(n) & 0xFF;
        }
      }
      case INT8 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.get(n);
        }
      }
      case INT16 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getShort(2 * n);
        }
      }
      case UINT16 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getShort(2 * n) & 0xFFFF;
        }
      }
      case INT32 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getInt(4 * n);
        }
      }
      case UINT32 -> {
        for (int n = 0; n < count; n++) {
          into[n] = Integer.toUnsignedLong(from.getInt(4 * n));
        }
      }
      case FLOAT32 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getFloat(4 * n);
        }
      }
      case FLOAT64 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getDouble(8 * n);
        }
      }
      case INT64 -> {
        for (int n = 0; n < count; n++) {
          into[n] = from.getLong(8 * n);
        }
      }
      case UINT64 -> {
        for (int n = 0; n < count; n++) {
          into[n] = unsigned(from.getLong(8 * n));
        }
      }
    }
  }

  /** Returns an unsigned 64-bit number; the kept lowest bit makes the halving round correctly. */
  private static double unsigned(long bits) {
    return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
  }
}
