package dev.lss.api.image;

import java.util.Optional;

/**
 * Lets the SPI hand the arrays of volumes to kernels without a copy. Applications use {@link
 * Volume#toArray} and {@link LabelVolume#toArray}; kernels use {@code dev.lss.spi.VoxelArrays}.
 */
public abstract class VoxelAccess {

  /** For the SPI alone. */
  protected VoxelAccess() {}

  /** Returns the array itself, x fastest; a new one of a volume that keeps stored numbers. */
  protected static float[] samplesOf(Volume volume) {
    return volume.samples();
  }

  /** Returns the stored numbers of a volume that keeps such. */
  protected static Optional<short[]> numbersOf(Volume volume) {
    return volume.numbers().map(StoredNumbers::numbers);
  }

  /** Returns a volume that keeps these numbers. */
  protected static Volume storedOf(
      GridGeometry geometry, short[] numbers, boolean signed, double slope, double intercept) {
    return Volume.stored(geometry, new StoredNumbers(numbers, signed, slope, intercept));
  }

  /** Returns a volume of other numbers that stand for values as those of a volume do. */
  protected static Volume likeOf(Volume volume, GridGeometry geometry, short[] numbers) {
    return Volume.stored(geometry, volume.numbers().orElseThrow().with(numbers));
  }

  /** Returns the value with this array index. */
  protected static float valueOf(Volume volume, int offset) {
    return volume.at(offset);
  }

  /** Copies values from an array index on. */
  protected static void readOf(Volume volume, int from, int count, float[] into, int at) {
    volume.read(from, count, into, at);
  }

  /** Returns the array itself, x fastest, unsigned. */
  protected static short[] labelsOf(LabelVolume labels) {
    return labels.labels();
  }
}
