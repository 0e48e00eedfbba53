package dev.lss.core.nifti;

import dev.lss.core.voxel.VoxelType;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The standard's codes of the types that hold one real number, and names of the others. */
final class NiftiType {

  private static final Map<Integer, VoxelType> TYPES =
      new TreeMap<>(
          Map.of(
              2, VoxelType.UINT8,
              4, VoxelType.INT16,
              8, VoxelType.INT32,
              16, VoxelType.FLOAT32,
              64, VoxelType.FLOAT64,
              256, VoxelType.INT8,
              512, VoxelType.UINT16,
              768, VoxelType.UINT32,
              1024, VoxelType.INT64,
              1280, VoxelType.UINT64));

  private NiftiType() {}

  static Optional<VoxelType> ofCode(int code) {
    return Optional.ofNullable(TYPES.get(code));
  }

  static int codeOf(VoxelType type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .findFirst()
        .orElseThrow()
        .getKey();
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
}
