package dev.lss.core.image;

import dev.lss.api.ModelException;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Normalization.CtClip;
import dev.lss.api.model.Normalization.ZScore;

/**
 * Brings the values of an image into the range that a network was trained on, before it is
 * resampled.
 *
 * <p>The operations are nnU-Net's (nnunetv2 default_normalization_schemes), in float32 and in its
 * order: clip, subtract the mean, divide by {@code max(std, 1e-8)}. Mean and standard deviation of
 * {@link ZScore} are summed in double in memory order; NumPy's float32 sums differ by about 1e-7.
 */
public final class Normalize {

  private static final double SMALLEST_STD = 1e-8;

  private Normalize() {}

  /** Returns a new image with normalised values on the same grid. */
  public static Volume apply(Volume volume, Normalization normalization) {
    float[] out = volume.unsafeSamples().clone();
    of(volume, normalization).apply(out, out.length);
    return Volume.wrap(volume.geometry(), out);
  }

  /** Returns the operation for this image, so that it can be applied piece by piece. */
  static InPlace of(Volume volume, Normalization normalization) {
    if (normalization instanceof CtClip ct) {
      float lower = (float) ct.lower();
      float upper = (float) ct.upper();
      return scaled(lower, upper, (float) ct.mean(), (float) Math.max(ct.std(), SMALLEST_STD));
    }
    if (normalization instanceof ZScore) {
      float[] samples = volume.unsafeSamples();
      double mean = mean(samples);
      double std = Math.sqrt(meanSquare(samples, mean));
      return scaled(
          Float.NEGATIVE_INFINITY,
          Float.POSITIVE_INFINITY,
          (float) mean,
          (float) Math.max(std, SMALLEST_STD));
    }
    throw new ModelException(
        "NORMALIZATION_UNSUPPORTED",
        "%s is done only for models that run as nnU-Net runs them"
            .formatted(normalization.getClass().getSimpleName()));
  }

  /** Changes the first {@code count} values of an array. */
  interface InPlace {

    /** Leaves the values as they are. */
    InPlace NONE = (values, count) -> {};

    /** Replaces every value by the normalised one. */
    void apply(float[] values, int count);
  }

  private static InPlace scaled(float lower, float upper, float mean, float std) {
    return (values, count) -> {
      for (int n = 0; n < count; n++) {
        values[n] = (Math.min(Math.max(values[n], lower), upper) - mean) / std;
      }
    };
  }

  private static double mean(float[] samples) {
    double sum = 0;
    for (float value : samples) {
      sum += value;
    }
    return sum / samples.length;
  }

  private static double meanSquare(float[] samples, double mean) {
    double sum = 0;
    for (float value : samples) {
      double d = value - mean;
      sum += d * d;
    }
    return sum / samples.length;
  }
}
