package dev.lss.metrics;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;

/**
 * The pairs of masks of tools/oracles/masks.py, computed alike to the last voxel.
 *
 * @param reference label 1 of the reference
 * @param prediction label 1 of the prediction
 */
record RandomMasks(LabelVolume reference, LabelVolume prediction) {

  static final int PAIRS = 200;

  static RandomMasks pair(int number) {
    Words random = new Words(number);
    int rank = number % 4 == 3 ? 2 : 3;
    int[] shape = {1, 1, 1};
    for (int axis = 0; axis < rank; axis++) {
      shape[axis] = 6 + random.index(19);
    }
    double[] spacing = {1, 1, 1};
    for (int axis = 0; axis < rank; axis++) {
      spacing[axis] = 0.5 + random.index(26) / 10.0;
      if (number % 5 == 0) {
        spacing[axis] = spacing[0];
      }
    }
    GridGeometry grid =
        GridGeometry.ofSpacing(
            new Extents(shape[0], shape[1], shape[2]),
            new Vector3(spacing[0], spacing[1], spacing[2]));
    int turned = new int[] {8, 64, 512}[number % 3];
    return new RandomMasks(
        mask(random, grid, rank, turned, number % 10 == 9),
        mask(random, grid, rank, turned, false));
  }

  private static LabelVolume mask(
      Words random, GridGeometry grid, int rank, int turned, boolean empty) {
    Extents extents = grid.extents();
    double[] centre = new double[3];
    double[] radius = {1, 1, 1};
    for (int axis = 0; axis < rank; axis++) {
      centre[axis] = random.index(4 * extents.get(axis)) / 4.0;
    }
    for (int axis = 0; axis < rank; axis++) {
      radius[axis] = 1.5 + random.index(2 * extents.get(axis)) / 4.0;
    }
    short[] labels = new short[extents.voxels()];
    for (int k = 0, n = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++, n++) {
          double x = (i - centre[0]) / radius[0];
          double y = (j - centre[1]) / radius[1];
          double z = (k - centre[2]) / radius[2];
          boolean inside = x * x + y * y + z * z <= 1 && !empty;
          boolean turn = random.index(turned) == 0;
          labels[n] = (short) (inside != turn ? 1 : 0);
        }
      }
    }
    return LabelVolume.wrap(grid, labels);
  }

  /** SplitMix64, written out here so that a fault in the library cannot hide. */
  private static final class Words {

    private long state;

    Words(long seed) {
      state = seed;
    }

    int index(int n) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      return (int) (((z >>> 33) * n) >>> 31);
    }
  }
}
