package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.model.TileRule.Monai.Weights;
import dev.lss.core.io.HalfFloat;

/**
 * MONAI's weights of a tile (compute_importance_map, 1.6.1): 1 everywhere, or a Gaussian centred at
 * {@code (n - 1) / 2} with a sigma of {@code 0.125 n} along each axis of n voxels, the product over
 * the axes in single precision, k first, none below 0.001. Immutable.
 */
public final class MonaiWindow implements TileWindow {

  private static final float SMALLEST = 1e-3f;
  private static final double SIGMA_SCALE = 0.125;

  private final Extents patch;
  private final float[][] axes;

  private MonaiWindow(Extents patch, Weights weights) {
    this.patch = patch;
    this.axes = new float[3][];
    for (int axis = 0; axis < 3; axis++) {
      axes[axis] = axis(patch.get(axis), weights);
    }
  }

  /** Returns the window of a patch. */
  public static MonaiWindow of(Extents patch, Weights weights) {
    return new MonaiWindow(patch, weights);
  }

  private static float[] axis(int size, Weights kind) {
    double sigma = size * SIGMA_SCALE;
    float[] weights = new float[size];
    for (int n = 0; n < size; n++) {
      double away = n - (size - 1) / 2.0;
      weights[n] =
          switch (kind) {
            case CONSTANT -> 1;
            case GAUSSIAN -> (float) Math.exp(away * away / (-2 * sigma * sigma));
          };
    }
    return weights;
  }

  @Override
  public Extents patch() {
    return patch;
  }

  @Override
  public float[] weights() {
    float[] weights = new float[patch.voxels()];
    int at = 0;
    for (int k = 0; k < patch.k(); k++) {
      for (int j = 0; j < patch.j(); j++) {
        for (int i = 0; i < patch.i(); i++) {
          weights[at++] = Math.max(SMALLEST, axes[2][k] * axes[1][j] * axes[0][i]);
        }
      }
    }
    return weights;
  }

  @Override
  public float[] halfWeights() {
    float[] weights = weights();
    for (int n = 0; n < weights.length; n++) {
      weights[n] = HalfFloat.round(weights[n]);
    }
    return weights;
  }
}
