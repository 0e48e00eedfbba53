package dev.lss.core.muscle;

import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.List;

/**
 * Fat of an in-phase and an opposed-phase image, (in - opposed) / (2 in): the share of whichever of
 * fat and water is less, so 0.7 reads 0.3. Noise makes it negative at times; nothing is clipped.
 */
final class InOpposedFat implements FatSource {

  private final Volume inPhase;
  private final Volume opposed;

  InOpposedFat(Volume inPhase, Volume opposed) {
    this.inPhase = inPhase;
    this.opposed = opposed;
  }

  @Override
  public FatMethod method() {
    return FatMethod.IN_OPPOSED_PHASE;
  }

  @Override
  public Fat of(int[] voxels) {
    float[] perVoxel = new float[voxels.length];
    double sum = 0;
    long counted = 0;
    for (int n = 0; n < voxels.length; n++) {
      double in = VoxelArrays.at(inPhase, voxels[n]);
      double fraction = in > 0 ? (in - VoxelArrays.at(opposed, voxels[n])) / (2 * in) : Double.NaN;
      perVoxel[n] = (float) fraction;
      if (!Double.isNaN(fraction)) {
        sum += fraction;
        counted++;
      }
    }
    return counted == 0
        ? Fat.undefined("NO_SIGNAL", voxels.length)
        : Fat.of(List.of(FatShare.of(method(), sum / counted)), perVoxel);
  }
}
