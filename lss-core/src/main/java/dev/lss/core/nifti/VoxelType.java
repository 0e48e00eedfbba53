package dev.lss.core.nifti;

import java.nio.ByteBuffer;
import java.util.Optional;

/** How a voxel is stored; the types of the standard that hold one real number. */
enum VoxelType {
  UINT8(2, 1),
  INT16(4, 2),
  INT32(8, 4),
  FLOAT32(16, 4),
  FLOAT64(64, 8),
  INT8(256, 1),
  UINT16(512, 2),
  UINT32(768, 4),
  INT64(1024, 8),
  UINT64(1280, 8);

  private final int code;
  private final int bytes;

  VoxelType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  static Optional<VoxelType> ofCode(int code) {
    for (VoxelType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns what a code that LSS does not read stands for. */
  static String nameOf(int code) {
    return switch (code) {
      case 1 -> "1-bit";
      case 32 -> "complex64";
      case 128 -> "RGB24";
      case 1536 -> "float128";
      case 1792 -> "complex128";
      case 2048 -> "complex256";
      case 2304 -> "RGBA32";
      default -> "unknown";
    };
  }

  int code() {
    return code;
  }

  int bytes() {
    return bytes;
  }

  /** Decodes the first {@code count} voxels of a buffer. */
  void decode(ByteBuffer from, int count, double[] into) {
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
