package dev.lss.core.voxel;

import dev.lss.api.ResourceException;
import dev.lss.api.image.Extents;
import java.nio.ByteOrder;

/**
 * How the voxels of one volume are stored, x fastest. Immutable.
 *
 * @param extents voxels along each axis
 * @param type how a voxel is stored
 * @param order byte order
 * @param slope stored values are multiplied by this, in double
 * @param inter and this is added
 */
public record VoxelLayout(
    Extents extents, VoxelType type, ByteOrder order, double slope, double inter) {

  private static final long LARGEST_VOXELS = 1_500_000_000L;

  /** Returns the bytes of the volume. */
  public long bytes() {
    return (long) extents.voxels() * type.bytes();
  }

  /** Returns whether a value may be NaN or infinite in float32. */
  public boolean canBeNonFinite() {
    return type == VoxelType.FLOAT32
        || type == VoxelType.FLOAT64
        || !(Math.abs(slope) * 0x1p64 + Math.abs(inter) <= Float.MAX_VALUE);
  }

  /**
   * Returns the extents of a header, which may be any numbers.
   *
   * @throws dev.lss.api.InvalidStudyException {@code BAD_DIMENSION} below 1 or when the product
   *     overflows
   * @throws ResourceException {@code TOO_LARGE} above 1.5e9 voxels
   */
  public static Extents extents(String file, long i, long j, long k) {
    long voxels = 1;
    for (long size : new long[] {i, j, k}) {
      if (size < 1 || voxels > Long.MAX_VALUE / size) {
        throw VoxelFault.of(
            "BAD_DIMENSION",
            file,
            "sizes must be at least 1 and their product less than 2^63, were %s x %s x %s"
                .formatted(i, j, k));
      }
      voxels *= size;
    }
    if (voxels > LARGEST_VOXELS) {
      throw new ResourceException(
          "TOO_LARGE", file + ": a volume may have 1.5e9 voxels, has " + voxels);
    }
    return new Extents((int) i, (int) j, (int) k);
  }
}
