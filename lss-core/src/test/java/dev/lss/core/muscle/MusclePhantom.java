package dev.lss.core.muscle;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Two elliptic cylinders, 1 the left and 2 the right one, in slices of 1 x 1 x 4 mm; their fat is
 * known in every voxel. LPS; the middle of the first voxel lies at (-80, -40, 0).
 */
final class MusclePhantom {

  static final Extents EXTENTS = new Extents(160, 110, 12);
  static final GridGeometry GRID =
      GridGeometry.of(
          EXTENTS,
          new Affine(
              new Vector3(1, 0, 0),
              new Vector3(0, 1, 0),
              new Vector3(0, 0, 4),
              new Vector3(-80, -40, 0)),
          new Vector3(1, 1, 4));

  /** Half axes in mm. */
  static final double A = 24;

  static final double B = 16;

  private MusclePhantom() {}

  /** Returns the labels; the slices from 2 to 9 hold muscle. */
  static LabelVolume labels() {
    short[] labels = new short[EXTENTS.voxels()];
    for (int n = 0; n < labels.length; n++) {
      int k = n / EXTENTS.i() / EXTENTS.j();
      Vector3 at = at(n);
      for (int side = 1; side <= 2; side++) {
        double x = (at.x() - (side == 1 ? 34.3 : -34.3)) / A;
        double y = (at.y() - 15.2) / B;
        if (x * x + y * y <= 1 && k >= 2 && k < 10) {
          labels[n] = (short) side;
        }
      }
    }
    return LabelVolume.wrap(GRID, labels);
  }

  static Vector3 at(int voxel) {
    return GRID.toWorldMm(
        new Vector3(
            voxel % EXTENTS.i(),
            voxel / EXTENTS.i() % EXTENTS.j(),
            voxel / EXTENTS.i() / EXTENTS.j()));
  }

  /**
   * Which voxels of a muscle are fat: this share of them, each by chance (salt) or each so much.
   */
  static float[] fractions(double fraction, boolean salt, long seed) {
    Random random = new Random(seed);
    float[] fractions = new float[EXTENTS.voxels()];
    for (int n = 0; n < fractions.length; n++) {
      double chance = random.nextDouble();
      fractions[n] = (float) (salt ? (chance < fraction ? 1 : 0) : fraction);
    }
    return fractions;
  }

  /** Returns the mean of the fractions in a muscle. */
  static double truth(float[] fractions, int label) {
    short[] labels = VoxelArrays.labels(labels());
    double sum = 0;
    int count = 0;
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] == label) {
        sum += fractions[n];
        count++;
      }
    }
    return sum / count;
  }

  /** A field that rises from 0.7 to 1.3 over the image, or 1 everywhere. */
  static double field(int voxel, boolean biased) {
    double i = (double) (voxel % EXTENTS.i()) / (EXTENTS.i() - 1);
    return biased ? 0.7 + 0.6 * i : 1;
  }

  /**
   * Returns a magnitude image: signal in the muscles, none elsewhere, Gaussian noise on both
   * channels.
   *
   * @param signal by voxel
   * @param sigma of the noise
   */
  static Volume image(ToDoubleFunction<Integer> signal, double sigma, boolean biased, long seed) {
    Random random = new Random(seed);
    short[] labels = VoxelArrays.labels(labels());
    float[] samples = new float[EXTENTS.voxels()];
    for (int n = 0; n < samples.length; n++) {
      double s = labels[n] == 0 ? 0 : signal.applyAsDouble(n) * field(n, biased);
      double re = s + sigma * random.nextGaussian();
      double im = sigma * random.nextGaussian();
      samples[n] = (float) Math.hypot(re, im);
    }
    return Volume.wrap(GRID, samples);
  }
}
