package dev.lss.api.model;

/**
 * Where the tiles of an image larger than the patch lie, and how much each voxel of a tile counts.
 * Immutable.
 */
public sealed interface TileRule {

  /**
   * Returns this rule with another step.
   *
   * @param step step between tiles as a share of the patch, in (0, 1]
   */
  TileRule withStep(double step);

  /**
   * nnU-Net's rule (sliding_window_prediction.py): tiles are evenly spread, a Gaussian around the
   * voxel {@code P / 2} weights them.
   *
   * @param step largest step between tiles as a share of the patch, in (0, 1]
   */
  record NnUnet(double step) implements TileRule {

    /** Step of half a tile, nnU-Net's default. */
    public static final NnUnet DEFAULT = new NnUnet(0.5);

    /** Refuses a step outside (0, 1]. */
    public NnUnet {
      if (!(step > 0 && step <= 1)) {
        throw new IllegalArgumentException("the tile step must lie in (0, 1], was " + step);
      }
    }

    @Override
    public NnUnet withStep(double other) {
      return new NnUnet(other);
    }
  }

  /**
   * MONAI's rule (sliding_window_inference): tiles follow each other at one interval, and the last
   * is moved back into the image.
   *
   * @param overlap least share of the patch that two neighbours have in common, in [0, 1)
   * @param weights how much each voxel of a tile counts
   */
  record Monai(double overlap, Weights weights) implements TileRule {

    /** MONAI's {@code BlendMode}. */
    public enum Weights {
      /** All voxels count alike. */
      CONSTANT,
      /** A Gaussian around the tile's middle, sigma an eighth of the patch, at least 0.001. */
      GAUSSIAN
    }

    /** Refuses an overlap outside [0, 1). */
    public Monai {
      if (!(overlap >= 0 && overlap < 1)) {
        throw new IllegalArgumentException("the tile overlap must lie in [0, 1), was " + overlap);
      }
    }

    @Override
    public Monai withStep(double step) {
      return new Monai(1 - step, weights);
    }
  }
}
