package dev.lss.core.muscle;

import dev.lss.api.FatMethod;

/**
 * No series of the study tells fat from muscle.
 *
 * @param reason why, a reason code
 */
record UnknownFat(String reason) implements FatSource {

  @Override
  public FatMethod method() {
    return FatMethod.NONE;
  }

  @Override
  public Fat of(int[] voxels) {
    return Fat.undefined(reason, voxels.length);
  }
}
