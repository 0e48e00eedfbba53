package dev.lss.core.muscle;

import dev.lss.api.AttenuationClasses;
import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Fat on CT by classes of HU (Aubrey et al. 2014): fat -190 to -30, muscle of low attenuation -29
 * to 29, of normal attenuation 30 to 150. HU are rounded to whole ones, halves to even.
 */
final class HounsfieldFat implements FatSource {

  private static final int LOWEST_FAT = -190;
  private static final int LOWEST_MUSCLE = -29;
  private static final int LOWEST_NORMAL = 30;
  private static final int HIGHEST_MUSCLE = 150;

  private final Volume ct;

  HounsfieldFat(Volume ct) {
    this.ct = ct;
  }

  @Override
  public FatMethod method() {
    return FatMethod.HU_CLASSES;
  }

  @Override
  public Fat of(int[] voxels) {
    float[] perVoxel = new float[voxels.length];
    long fat = 0;
    long low = 0;
    long normal = 0;
    double sum = 0;
    for (int n = 0; n < voxels.length; n++) {
      double value = VoxelArrays.at(ct, voxels[n]);
      double hu = Math.rint(value);
      if (hu < LOWEST_FAT || hu > HIGHEST_MUSCLE) {
        perVoxel[n] = Float.NaN;
      } else if (hu < LOWEST_MUSCLE) {
        fat++;
        perVoxel[n] = 1;
      } else {
        sum += value;
        low += hu < LOWEST_NORMAL ? 1 : 0;
        normal += hu < LOWEST_NORMAL ? 0 : 1;
      }
    }
    long muscle = low + normal;
    double all = voxels.length;
    AttenuationClasses classes =
        new AttenuationClasses(
            fat / all,
            low / all,
            normal / all,
            (voxels.length - fat - muscle) / all,
            muscle == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / muscle));
    return fat + muscle == 0
        ? new Fat(List.of(), Optional.of("NO_TISSUE"), perVoxel, Optional.of(classes))
        : new Fat(
            List.of(FatShare.of(method(), (double) fat / (fat + muscle))),
            Optional.empty(),
            perVoxel,
            Optional.of(classes));
  }
}
