package dev.lss.api.model;

/** What is done to the values of one channel before it is resampled. Immutable. */
public sealed interface Normalization {

  /** Returns the normalised value of whatever lies outside the image. */
  float paddingValue();

  /**
   * {@code (clip(x, lower, upper) - mean) / std} in float32, as nnU-Net's CTNormalization does.
   * Outside the image counts as {@code lower}, which is air.
   *
   * @param lower lower bound in HU
   * @param upper upper bound in HU, above {@code lower}
   * @param mean subtracted
   * @param std divided by, positive
   */
  record CtClip(double lower, double upper, double mean, double std) implements Normalization {

    /** Refuses an empty range and a std that is not positive. */
    public CtClip {
      if (!(lower < upper) || !(std > 0) || !Double.isFinite(mean)) {
        throw new IllegalArgumentException(
            "ctClip needs lower < upper and std > 0, was %s, %s, %s, %s"
                .formatted(lower, upper, mean, std));
      }
    }

    @Override
    public float paddingValue() {
      return ((float) lower - (float) mean) / (float) Math.max(std, 1e-8);
    }
  }

  /**
   * {@code (x - mean) / std} over the whole image, population standard deviation, as nnU-Net's
   * ZScoreNormalization without mask. Outside the image counts as 0, the mean.
   */
  record ZScore() implements Normalization {
    @Override
    public float paddingValue() {
      return 0;
    }
  }

  /**
   * {@code (x - mean) / std} over the voxels inside the image's non-empty part, holes filled, as
   * nnU-Net's ZScoreNormalization with mask; the others are not changed. Outside counts as 0.
   */
  record ZScoreInMask() implements Normalization {
    @Override
    public float paddingValue() {
      return 0;
    }
  }

  /**
   * The image's minimum to 0, its maximum to 1, as nnU-Net's RescaleTo01Normalization does. Outside
   * counts as 0.
   */
  record Rescale01() implements Normalization {
    @Override
    public float paddingValue() {
      return 0;
    }
  }

  /** Divided by 255, as nnU-Net's RGBTo01Normalization does. Outside counts as 0. */
  record Rgb01() implements Normalization {
    @Override
    public float paddingValue() {
      return 0;
    }
  }

  /** Values as they are. Outside counts as 0. */
  record None() implements Normalization {
    @Override
    public float paddingValue() {
      return 0;
    }
  }
}
