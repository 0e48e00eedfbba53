package dev.lss.core.muscle;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.OptionalDouble;

/**
 * The noise of a magnitude image, which lifts small signals: of Gaussian noise of standard
 * deviation s on both channels, no signal at all reads 1.25 s in the mean (Gudbjartsson and Patz
 * 1995).
 *
 * <p>A correction of a region's mean by its mean square, S² - 2 s², holds only where the signal is
 * the same everywhere, and fat lies in streaks. So each voxel is corrected by a function whose
 * expected value is the true signal: S less a sum of Gaussians in S. As their expected values have
 * a closed form, c / (1 + a) exp(-a A² / (2 (1 + a) s²)), the coefficients are a minimax fit to the
 * bias over signals from 0 to 60 s, of which 0.13 s is left. The corrected value of a voxel may be
 * negative; its sums over a region are what counts.
 */
final class RicianNoise {

  private static final double[] RATES = {0.002, 0.01, 0.04, 0.15, 0.6, 2, 8};
  private static final double[] SHARES = {
    -0.2987, 1.1531, -2.1291, 3.8965, -7.0096, 3.8043, 18.4507
  };

  /** A corner of the image is a box of one twelfth of it. */
  private static final int CORNER = 12;

  private static final int SMALLEST_CORNER = 4;

  // of Rayleigh noise mean / standard deviation is 1.91
  private static final double LEAST_RATIO = 1.7;
  private static final double LARGEST_RATIO = 2.1;
  private static final double MOST_ZEROS = 0.05;

  private RicianNoise() {}

  /**
   * Returns a value whose expectation is the true signal.
   *
   * @param signal the magnitude
   * @param sigma standard deviation of the noise; 0 for none
   */
  static double unbiased(double signal, double sigma) {
    if (sigma == 0) {
      return signal;
    }
    double s = signal / sigma;
    double bias = 0;
    for (int n = 0; n < RATES.length; n++) {
      bias += SHARES[n] * Math.exp(-RATES[n] * s * s / 2);
    }
    return signal - sigma * bias;
  }

  /**
   * Returns the standard deviation of the noise, by the corners of the slices that show nothing but
   * noise; empty when none does, as where a scanner sets the background to 0.
   *
   * @param image a magnitude image
   * @param across the axis across the slices
   */
  static OptionalDouble sigma(Volume image, int across) {
    Extents n = image.extents();
    int[] size = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      size[axis] = axis == across ? n.get(axis) : Math.max(SMALLEST_CORNER, n.get(axis) / CORNER);
      if (axis != across && n.get(axis) < 2 * SMALLEST_CORNER) {
        return OptionalDouble.empty();
      }
    }
    double sum = 0;
    int accepted = 0;
    for (int corner = 0; corner < 4; corner++) {
      int[] start = new int[3];
      int bit = 0;
      for (int axis = 0; axis < 3; axis++) {
        if (axis != across) {
          start[axis] = (corner >> bit & 1) == 0 ? 0 : n.get(axis) - size[axis];
          bit++;
        }
      }
      OptionalDouble mean = rayleighMean(image, start, size);
      if (mean.isPresent()) {
        sum += mean.getAsDouble();
        accepted++;
      }
    }
    return accepted == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sum / accepted / Math.sqrt(Math.PI / 2));
  }

  private static OptionalDouble rayleighMean(Volume image, int[] start, int[] size) {
    Extents n = image.extents();
    long zeros = 0;
    long voxels = 0;
    double sum = 0;
    double squares = 0;
    for (int k = start[2]; k < start[2] + size[2]; k++) {
      for (int j = start[1]; j < start[1] + size[1]; j++) {
        for (int i = start[0]; i < start[0] + size[0]; i++) {
          double value = VoxelArrays.at(image, n.offset(i, j, k));
          zeros += value <= 0 ? 1 : 0;
          sum += value;
          squares += value * value;
          voxels++;
        }
      }
    }
    double mean = sum / voxels;
    double deviation = Math.sqrt(Math.max(0, squares / voxels - mean * mean));
    double ratio = mean / deviation;
    return ratio >= LEAST_RATIO && ratio <= LARGEST_RATIO && zeros <= MOST_ZEROS * voxels
        ? OptionalDouble.of(mean)
        : OptionalDouble.empty();
  }
}
