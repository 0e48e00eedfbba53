package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.Random;

/** Small images that tests share. */
final class TestImages {

  private TestImages() {}

  /** Returns a slightly turned grid whose axes grow along {@code code}. */
  static GridGeometry oblique(Extents extents, AnatomicalCode code, Vector3 spacingMm) {
    double c = Math.cos(0.2);
    double s = Math.sin(0.2);
    Vector3[] turned = {new Vector3(c, s, 0), new Vector3(-s, c, 0), new Vector3(0, 0, 1)};
    Vector3[] step = new Vector3[3];
    for (int axis = 0; axis < 3; axis++) {
      var direction = code.get(axis);
      step[axis] = turned[direction.axis()].times(direction.sign() * spacingMm.get(axis));
    }
    return GridGeometry.of(
        extents, new Affine(step[0], step[1], step[2], new Vector3(-20, 30.5, 700)), spacingMm);
  }

  static Volume noise(GridGeometry grid, long seed) {
    var random = new Random(seed);
    float[] samples = new float[grid.extents().voxels()];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) (100 * random.nextGaussian());
    }
    return Volume.wrap(grid, samples);
  }

  static Volume noise(Extents extents, Vector3 spacingMm, long seed) {
    return noise(GridGeometry.ofSpacing(extents, spacingMm), seed);
  }

  static Volume row(float... samples) {
    return Volume.wrap(
        GridGeometry.ofSpacing(new Extents(samples.length, 1, 1), new Vector3(1, 1, 1)), samples);
  }

  static LabelVolume numbered(GridGeometry grid) {
    short[] labels = new short[grid.extents().voxels()];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) (n + 1);
    }
    return LabelVolume.wrap(grid, labels);
  }
}
