package dev.lss.core.muscle;

import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Fat of a Dixon or chemical-shift pair, F / (F + W): the mean over voxels and the ratio of sums,
 * which weights voxels by their signal, side by side. Nothing is clipped. A voxel without signal
 * has no fraction and is left out. Where the noise is known the ratio of sums is given free of its
 * bias too. A bias field cancels, because both images have the same.
 */
final class DixonFat implements FatSource {

  private final Volume water;
  private final Volume fat;
  private final OptionalDouble waterNoise;
  private final OptionalDouble fatNoise;

  /**
   * Keeps the pair.
   *
   * @param water the water image
   * @param fat the fat image, on its grid
   * @param waterNoise standard deviation of the noise; empty when it is not known
   * @param fatNoise likewise
   */
  DixonFat(Volume water, Volume fat, OptionalDouble waterNoise, OptionalDouble fatNoise) {
    this.water = water;
    this.fat = fat;
    this.waterNoise = waterNoise;
    this.fatNoise = fatNoise;
  }

  @Override
  public FatMethod method() {
    return FatMethod.DIXON_MEAN_OF_VOXELS;
  }

  /** Returns whether the noise of both images is known. */
  boolean knowsNoise() {
    return waterNoise.isPresent() && fatNoise.isPresent();
  }

  /** Returns the fraction of a voxel; NaN without signal. */
  double fraction(int voxel) {
    double f = VoxelArrays.at(fat, voxel);
    double sum = f + VoxelArrays.at(water, voxel);
    return sum == 0 ? Double.NaN : f / sum;
  }

  @Override
  public Fat of(int[] voxels) {
    float[] perVoxel = new float[voxels.length];
    double fractions = 0;
    long counted = 0;
    double fatSum = 0;
    double waterSum = 0;
    double fatCorrected = 0;
    double waterCorrected = 0;
    for (int n = 0; n < voxels.length; n++) {
      double f = VoxelArrays.at(fat, voxels[n]);
      double w = VoxelArrays.at(water, voxels[n]);
      double fraction = fraction(voxels[n]);
      perVoxel[n] = (float) fraction;
      if (!Double.isNaN(fraction)) {
        fractions += fraction;
        counted++;
      }
      fatSum += f;
      waterSum += w;
      fatCorrected += RicianNoise.unbiased(f, fatNoise.orElse(0));
      waterCorrected += RicianNoise.unbiased(w, waterNoise.orElse(0));
    }
    if (counted == 0 || fatSum + waterSum == 0) {
      return Fat.undefined("NO_SIGNAL", voxels.length);
    }
    List<FatShare> shares = new ArrayList<>();
    shares.add(FatShare.of(FatMethod.DIXON_MEAN_OF_VOXELS, fractions / counted));
    shares.add(FatShare.of(FatMethod.DIXON_RATIO_OF_SUMS, fatSum / (fatSum + waterSum)));
    if (knowsNoise() && fatCorrected + waterCorrected > 0) {
      shares.add(
          FatShare.of(
              FatMethod.DIXON_RATIO_OF_NOISE_CORRECTED_SUMS,
              fatCorrected / (fatCorrected + waterCorrected)));
    }
    return Fat.of(shares, perVoxel);
  }
}
