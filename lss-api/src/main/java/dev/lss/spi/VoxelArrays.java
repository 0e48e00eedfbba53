package dev.lss.spi;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.image.VoxelAccess;
import java.util.Optional;

/**
 * The arrays inside volumes, for kernels, which read them in place and never write to them. The
 * order is x fastest: voxel (i, j, k) is element {@code i + ni * (j + nj * k)}. Thread-safe.
 */
public final class VoxelArrays extends VoxelAccess {

  private VoxelArrays() {}

  /**
   * Returns the samples themselves; of a volume that keeps numbers of 16 bits a new array at every
   * call, so a kernel that looks at a part, or passes once, reads with {@link #read} or {@link #at}
   * instead.
   */
  public static float[] samples(Volume volume) {
    return samplesOf(volume);
  }

  /** Returns the value with this array index. */
  public static float at(Volume volume, int offset) {
    return valueOf(volume, offset);
  }

  /** Copies {@code count} values from an array index on into the start of an array. */
  public static void read(Volume volume, int from, int count, float[] into) {
    readOf(volume, from, count, into, 0);
  }

  /** Returns the numbers themselves of a volume that keeps such of 16 bits. */
  public static Optional<short[]> numbers(Volume volume) {
    return numbersOf(volume);
  }

  /**
   * Returns a volume that keeps the caller's numbers of 16 bits, which stand for {@code slope *
   * number + intercept}.
   *
   * @param geometry where the voxels lie
   * @param numbers x fastest; the caller must not write to them any more
   * @param signed whether they run from -32768 to 32767, or from 0 to 65535
   * @param slope finite and not 0
   * @param intercept finite
   */
  public static Volume stored(
      GridGeometry geometry, short[] numbers, boolean signed, double slope, double intercept) {
    return storedOf(geometry, numbers, signed, slope, intercept);
  }

  /**
   * Returns a volume of other numbers, such as those of reordered voxels, that stand for values as
   * those of {@code volume} do.
   *
   * @param volume one that keeps numbers
   * @param geometry where the voxels lie
   * @param numbers x fastest; the caller must not write to them any more
   */
  public static Volume like(Volume volume, GridGeometry geometry, short[] numbers) {
    return likeOf(volume, geometry, numbers);
  }

  /** Returns the labels themselves, each an unsigned short. */
  public static short[] labels(LabelVolume labels) {
    return labelsOf(labels);
  }
}
