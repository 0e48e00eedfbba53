package dev.lss.spi;

import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.image.VoxelAccess;

/**
 * The arrays inside volumes, for kernels, which read them in place and never write to them. The
 * order is x fastest: voxel (i, j, k) is element {@code i + ni * (j + nj * k)}. Thread-safe.
 */
public final class VoxelArrays extends VoxelAccess {

  private VoxelArrays() {}

  /** Returns the samples themselves. */
  public static float[] samples(Volume volume) {
    return samplesOf(volume);
  }

  /** Returns the labels themselves, each an unsigned short. */
  public static short[] labels(LabelVolume labels) {
    return labelsOf(labels);
  }
}
