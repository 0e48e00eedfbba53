package dev.lss.api.image;

/**
 * Lets the SPI hand the arrays of volumes to kernels without a copy. Applications use {@link
 * Volume#toArray} and {@link LabelVolume#toArray}; kernels use {@code dev.lss.spi.VoxelArrays}.
 */
public abstract class VoxelAccess {

  /** For the SPI alone. */
  protected VoxelAccess() {}

  /** Returns the array itself, x fastest. */
  protected static float[] samplesOf(Volume volume) {
    return volume.samples();
  }

  /** Returns the array itself, x fastest, unsigned. */
  protected static short[] labelsOf(LabelVolume labels) {
    return labels.labels();
  }
}
