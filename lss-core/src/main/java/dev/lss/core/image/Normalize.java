package dev.lss.core.image;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Normalization.CtClip;
import dev.lss.api.model.Normalization.None;
import dev.lss.api.model.Normalization.Rescale01;
import dev.lss.api.model.Normalization.Rgb01;
import dev.lss.api.model.Normalization.ZScore;
import dev.lss.spi.VoxelArrays;
import java.util.BitSet;

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

  /**
   * Returns a new image with normalised values on the same grid.
   *
   * @throws IllegalArgumentException for {@link Normalization.ZScoreInMask}, see {@link #inMask}
   * @throws InvalidStudyException when the image cannot be normalised so
   */
  public static Volume apply(Volume volume, Normalization normalization) {
    float[] out = volume.toArray();
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
      float[] samples = VoxelArrays.samples(volume);
      double mean = mean(samples);
      double std = Math.sqrt(meanSquare(samples, mean));
      return scaled(
          Float.NEGATIVE_INFINITY,
          Float.POSITIVE_INFINITY,
          (float) mean,
          (float) Math.max(std, SMALLEST_STD));
    }
    if (normalization instanceof Rescale01) {
      Range range = Range.of(volume);
      float width = Math.max(range.max() - range.min(), (float) SMALLEST_STD);
      return scaled(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, range.min(), width);
    }
    if (normalization instanceof Rgb01) {
      Range range = Range.of(volume);
      if (!(range.min() >= 0 && range.max() <= 255)) {
        throw new InvalidStudyException(
            "WRONG_INTENSITIES",
            "the model takes colours from 0 to 255, the image has values from %s to %s"
                .formatted(range.min(), range.max()));
      }
      return scaled(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0, 255);
    }
    if (normalization instanceof None) {
      return InPlace.NONE;
    }
    throw new IllegalArgumentException(normalization + " needs to know where the image is empty");
  }

  /**
   * Returns a new image in which the voxels of {@code mask} are normalised by their own mean and
   * standard deviation and the others are as they were (nnU-Net's ZScoreNormalization with mask).
   *
   * @param mask by array index; when it is empty nothing changes
   */
  public static Volume inMask(Volume volume, BitSet mask) {
    float[] out = volume.toArray();
    float[] inside = new float[mask.cardinality()];
    int count = 0;
    for (int n = mask.nextSetBit(0); n >= 0; n = mask.nextSetBit(n + 1)) {
      inside[count++] = out[n];
    }
    float mean = (float) mean(inside);
    float std = (float) Math.max(Math.sqrt(meanSquare(inside, mean(inside))), SMALLEST_STD);
    for (int n = mask.nextSetBit(0); n >= 0; n = mask.nextSetBit(n + 1)) {
      out[n] = (out[n] - mean) / std;
    }
    return Volume.wrap(volume.geometry(), out);
  }

  private record Range(float min, float max) {

    static Range of(Volume volume) {
      float min = Float.POSITIVE_INFINITY;
      float max = Float.NEGATIVE_INFINITY;
      for (float value : VoxelArrays.samples(volume)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
      return new Range(min, max);
    }
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
