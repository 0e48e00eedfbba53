package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.core.io.HalfFloat;

/**
 * How much each voxel of a tile counts: a Gaussian around the tile's middle, because a network
 * knows least at the border of what it sees. nnU-Net's rule (compute_gaussian, scaling 10): sigma
 * is an eighth of the patch, a kernel cut at {@code (int) (4 sigma + 0.5)} and normalised, centred
 * at {@code P / 2}, the product over the axes scaled to a maximum of 10. Immutable.
 */
public final class GaussianWindow implements TileWindow {

  private static final double MAXIMUM = 10;

  /**
   * The smallest weight in single precision: the smallest half-precision number, to which nnU-Net
   * raises weights that its half-precision arithmetic would lose.
   */
  static final float SMALLEST = 0x1p-24f;

  private final Extents patch;
  private final double[][] axes;
  private final double peak;

  private GaussianWindow(Extents patch) {
    this.patch = patch;
    axes = new double[][] {axis(patch.i()), axis(patch.j()), axis(patch.k())};
    peak = axes[2][patch.k() / 2] * axes[1][patch.j() / 2] * axes[0][patch.i() / 2];
  }

  /** Returns the window of a patch. */
  public static GaussianWindow of(Extents patch) {
    return new GaussianWindow(patch);
  }

  private static double[] axis(int size) {
    double sigma = size / 8.0;
    int radius = (int) (4 * sigma + 0.5);
    double sum = 0;
    for (int o = -radius; o <= radius; o++) {
      sum += bell(o, sigma);
    }
    double[] weights = new double[size];
    for (int index = 0; index < size; index++) {
      int o = index - size / 2;
      weights[index] = Math.abs(o) <= radius ? bell(o, sigma) / sum : 0;
    }
    return weights;
  }

  private static double bell(int offset, double sigma) {
    return Math.exp(-0.5 / (sigma * sigma) * offset * offset);
  }

  /** Returns the weight of voxel (i, j, k) of the patch, in (0, 10], in double precision. */
  public double weight(int i, int j, int k) {
    return axes[2][k] * axes[1][j] * axes[0][i] / (peak / MAXIMUM);
  }

  /** Returns all weights in single precision, i fastest, none below 2^-24. */
  @Override
  public float[] weights() {
    float[] weights = new float[patch.voxels()];
    int at = 0;
    for (int k = 0; k < patch.k(); k++) {
      for (int j = 0; j < patch.j(); j++) {
        for (int i = 0; i < patch.i(); i++) {
          weights[at++] = Math.max(SMALLEST, (float) weight(i, j, k));
        }
      }
    }
    return weights;
  }

  /**
   * Returns all weights rounded to half precision, i fastest; those that would become 0 are the
   * smallest half that any voxel has (nnU-Net's arithmetic).
   */
  @Override
  public float[] halfWeights() {
    float[] weights = new float[patch.voxels()];
    float smallest = Float.POSITIVE_INFINITY;
    int at = 0;
    for (int k = 0; k < patch.k(); k++) {
      for (int j = 0; j < patch.j(); j++) {
        for (int i = 0; i < patch.i(); i++, at++) {
          weights[at] = HalfFloat.round(weight(i, j, k));
          if (weights[at] > 0) {
            smallest = Math.min(smallest, weights[at]);
          }
        }
      }
    }
    for (int v = 0; v < weights.length; v++) {
      weights[v] = Math.max(weights[v], smallest);
    }
    return weights;
  }

  @Override
  public Extents patch() {
    return patch;
  }
}
