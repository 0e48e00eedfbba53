package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.Random;

/** Small images for tests. */
final class Images {

  private Images() {}

  static GridGeometry grid(Extents extents) {
    return GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1));
  }

  static Volume of(Extents extents, float... samples) {
    return Volume.wrap(grid(extents), samples);
  }

  /** Returns noise of mean 0 and standard deviation 1. */
  static Volume noise(Extents extents, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[extents.voxels()];
    for (int v = 0; v < samples.length; v++) {
      samples[v] = (float) random.nextGaussian();
    }
    return Volume.wrap(grid(extents), samples);
  }

  static Volume constant(Extents extents, float value) {
    float[] samples = new float[extents.voxels()];
    java.util.Arrays.fill(samples, value);
    return Volume.wrap(grid(extents), samples);
  }
}
