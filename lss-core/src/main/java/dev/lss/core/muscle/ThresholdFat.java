package dev.lss.core.muscle;

import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Fat as the bright end of one image, each muscle for itself: three Gaussian components, which
 * agreed best with Dixon in 30 patients (Wesselink et al. 2024), and beside it two components,
 * k-means of three and two clusters, and Otsu. A slow bias field is removed first.
 */
final class ThresholdFat implements FatSource {

  /** Corrected values are rounded to so many steps of a muscle's range, for speed alone. */
  private static final int STEPS = 4096;

  private final Volume image;
  private final BiasField field;

  ThresholdFat(Volume image, BiasField field) {
    this.image = image;
    this.field = field;
  }

  @Override
  public FatMethod method() {
    return FatMethod.GAUSSIAN_MIXTURE_3;
  }

  @Override
  public boolean biasFieldCorrected() {
    return true;
  }

  @Override
  public Fat of(int[] voxels) {
    double[] values = rounded(corrected(voxels));
    Brightness brightness = Brightness.of(values);
    if (voxels.length < FEWEST_VOXELS) {
      return Fat.undefined("FEW_VOXELS", voxels.length);
    }
    if (brightness.size() < 3) {
      return Fat.undefined("FEW_VALUES", voxels.length);
    }
    Parts main = GaussianMixture.fit(brightness, 3).parts();
    List<FatShare> shares = new ArrayList<>();
    shares.add(share(method(), main));
    shares.add(share(FatMethod.GAUSSIAN_MIXTURE_2, GaussianMixture.fit(brightness, 2).parts()));
    shares.add(share(FatMethod.K_MEANS_3, KMeans.of(brightness, 3)));
    shares.add(share(FatMethod.K_MEANS_2, KMeans.of(brightness, 2)));
    shares.add(share(FatMethod.OTSU, Otsu.parts(brightness)));
    float[] perVoxel = new float[voxels.length];
    for (int n = 0; n < values.length; n++) {
      perVoxel[n] = main.isFat(values[n]) ? 1 : 0;
    }
    return Fat.of(shares, perVoxel);
  }

  private double[] corrected(int[] voxels) {
    double[] values = new double[voxels.length];
    for (int n = 0; n < values.length; n++) {
      values[n] = VoxelArrays.at(image, voxels[n]) / field.at(voxels[n]);
    }
    return values;
  }

  private static double[] rounded(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double step = (high - low) / STEPS;
    for (int n = 0; n < values.length && step > 0; n++) {
      values[n] = low + Math.rint((values[n] - low) / step) * step;
    }
    return values;
  }

  private static FatShare share(FatMethod method, Parts parts) {
    return new FatShare(
        method,
        parts.fat(),
        parts.size() == 3 ? OptionalDouble.of(parts.share(1)) : OptionalDouble.empty());
  }
}
