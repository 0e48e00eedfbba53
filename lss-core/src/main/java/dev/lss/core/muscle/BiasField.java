package dev.lss.core.muscle;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.Arrays;
import java.util.List;

/**
 * A slow change of brightness over the muscles: the logarithm of the field is a polynomial of
 * second order in the voxel index, fitted to the logarithms of all muscles' voxels together. Bright
 * voxels, which are fat, get little weight by how far they lie above the fit (Cauchy), in steps of
 * iteratively reweighted least squares. The field is 1 in the mean over the muscles. Immutable.
 */
final class BiasField {

  private static final int STEPS = 25;
  private static final int FEWEST_VOXELS = 200;

  /** A stack of fewer slices says nothing of how the field changes across them. */
  private static final int FEWEST_SLICES = 4;

  private static final double SMALLEST_SCALE = 0.02;

  private final Extents extents;
  private final boolean[] along;
  private final double[] factors;

  private BiasField(Extents extents, boolean[] along, double[] factors) {
    this.extents = extents;
    this.along = along;
    this.factors = factors;
  }

  /**
   * Fits the field.
   *
   * @param image the image
   * @param muscles array indices of the voxels of each muscle
   */
  static BiasField of(Volume image, List<int[]> muscles) {
    Extents n = image.extents();
    boolean[] along = new boolean[3];
    for (int axis = 0; axis < 3; axis++) {
      along[axis] = n.get(axis) >= FEWEST_SLICES;
    }
    int[] voxels =
        muscles.stream()
            .flatMapToInt(Arrays::stream)
            .filter(voxel -> VoxelArrays.at(image, voxel) > 0)
            .toArray();
    BiasField flat = new BiasField(n, along, new double[10]);
    return voxels.length < FEWEST_VOXELS ? flat : flat.fitted(image, voxels);
  }

  private BiasField fitted(Volume image, int[] voxels) {
    double[] logs = new double[voxels.length];
    double[] weights = new double[voxels.length];
    Arrays.fill(weights, 1);
    for (int n = 0; n < logs.length; n++) {
      logs[n] = Math.log(VoxelArrays.at(image, voxels[n]));
    }
    double[] fit = new double[factors.length];
    double[] off = new double[logs.length];
    double[] terms = new double[factors.length];
    for (int step = 0; step < STEPS; step++) {
      fit = leastSquares(voxels, logs, weights);
      int darker = 0;
      double[] below = new double[logs.length];
      for (int n = 0; n < logs.length; n++) {
        terms(voxels[n], terms);
        off[n] = logs[n] - dot(fit, terms);
        if (off[n] < 0) {
          below[darker++] = -off[n];
        }
      }
      Arrays.sort(below, 0, darker);
      double scale = Math.max(SMALLEST_SCALE, darker == 0 ? 0 : 1.4826 * below[darker / 2]);
      for (int n = 0; n < weights.length; n++) {
        double far = off[n] / scale;
        weights[n] = far <= 0 ? 1 : 1 / (1 + far * far);
      }
    }
    double mean = 0;
    for (int voxel : voxels) {
      terms(voxel, terms);
      mean += dot(fit, terms);
    }
    fit[0] -= mean / voxels.length;
    return new BiasField(extents, along, fit);
  }

  /** Returns the factor by which the image is too bright at a voxel. */
  double at(int voxel) {
    double[] terms = new double[factors.length];
    terms(voxel, terms);
    return Math.exp(dot(factors, terms));
  }

  /** 1, x, y, z, their squares and products, each axis from -1 to 1 over the image. */
  private void terms(int voxel, double[] terms) {
    double x = along[0] ? scaled(voxel % extents.i(), extents.i()) : 0;
    double y = along[1] ? scaled(voxel / extents.i() % extents.j(), extents.j()) : 0;
    double z = along[2] ? scaled(voxel / extents.i() / extents.j(), extents.k()) : 0;
    terms[0] = 1;
    terms[1] = x;
    terms[2] = y;
    terms[3] = z;
    terms[4] = x * x;
    terms[5] = y * y;
    terms[6] = z * z;
    terms[7] = x * y;
    terms[8] = y * z;
    terms[9] = z * x;
  }

  private static double scaled(int index, int n) {
    return 2.0 * index / (n - 1) - 1;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int n = 0; n < a.length; n++) {
      sum += a[n] * b[n];
    }
    return sum;
  }

  /** Solves the normal equations; a term that the voxels do not determine stays 0. */
  private double[] leastSquares(int[] voxels, double[] values, double[] weights) {
    int m = factors.length;
    double[][] a = new double[m][m + 1];
    double[] terms = new double[m];
    for (int n = 0; n < voxels.length; n++) {
      terms(voxels[n], terms);
      for (int r = 0; r < m; r++) {
        double wr = weights[n] * terms[r];
        for (int c = r; c < m; c++) {
          a[r][c] += wr * terms[c];
        }
        a[r][m] += wr * values[n];
      }
    }
    for (int r = 0; r < m; r++) {
      for (int c = 0; c < r; c++) {
        a[r][c] = a[c][r];
      }
      a[r][r] += 1e-9 * a[0][0];
    }
    for (int r = 0; r < m; r++) { // symmetric and positive: no pivots needed
      for (int below = r + 1; below < m; below++) {
        double factor = a[below][r] / a[r][r];
        for (int c = r; c <= m; c++) {
          a[below][c] -= factor * a[r][c];
        }
      }
    }
    double[] solved = new double[m];
    for (int r = m - 1; r >= 0; r--) {
      double sum = a[r][m];
      for (int c = r + 1; c < m; c++) {
        sum -= a[r][c] * solved[c];
      }
      solved[r] = sum / a[r][r];
    }
    return solved;
  }
}
