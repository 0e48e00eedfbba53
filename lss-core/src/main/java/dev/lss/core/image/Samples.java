package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;

/** The input of a resampling kernel: float samples, x fastest, read in pieces by many threads. */
interface Samples {

  /** Returns the grid that the samples fill. */
  Extents extents();

  /** Copies {@code count} samples from array index {@code from} into the start of an array. */
  void read(int from, int count, float[] into);

  /** Returns the samples of an image, normalised piece by piece as they are read. */
  static Samples of(Volume volume, Normalize.InPlace normalization) {
    return new Samples() {
      @Override
      public Extents extents() {
        return volume.extents();
      }

      @Override
      public void read(int from, int count, float[] into) {
        VoxelArrays.read(volume, from, count, into);
        normalization.apply(into, count);
      }
    };
  }

  /** The output of a resampling kernel, written by many threads, every row once. */
  @FunctionalInterface
  interface Rows {

    /** Takes output row (j, k): as many values as the grid is wide, beginning at {@code from}. */
    void write(int j, int k, double[] values, int from);
  }
}
