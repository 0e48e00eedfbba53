package dev.lss.core.muscle;

import dev.lss.api.AttenuationClasses;
import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What tells fat from muscle in a study. Immutable. */
interface FatSource {

  /** Fewer voxels say nothing of their distribution. */
  int FEWEST_VOXELS = 50;

  /** Returns the method of {@link Fat#shares}' first entry. */
  FatMethod method();

  /** Returns whether slow changes of brightness were removed. */
  default boolean biasFieldCorrected() {
    return false;
  }

  /**
   * Looks at the voxels of one muscle.
   *
   * @param voxels their array indices, at least one
   */
  Fat of(int[] voxels);

  /** The fat of one muscle. */
  final class Fat {

    private final List<FatShare> shares;
    private final Optional<String> undefined;
    private final float[] perVoxel;
    private final Optional<AttenuationClasses> attenuation;

    /**
     * Keeps what it is given.
     *
     * @param shares by every method that the series allow, the main one first; empty when undefined
     * @param undefined why there is none, a reason code
     * @param perVoxel the fraction in each voxel, in the order of the voxels; NaN where there is
     *     none
     * @param attenuation classes of HU, on CT
     */
    Fat(
        List<FatShare> shares,
        Optional<String> undefined,
        float[] perVoxel,
        Optional<AttenuationClasses> attenuation) {
      this.shares = List.copyOf(shares);
      this.undefined = undefined;
      this.perVoxel = perVoxel;
      this.attenuation = attenuation;
    }

    static Fat of(List<FatShare> shares, float[] perVoxel) {
      return new Fat(shares, Optional.empty(), perVoxel, Optional.empty());
    }

    static Fat undefined(String reason, int voxels) {
      float[] none = new float[voxels];
      Arrays.fill(none, Float.NaN);
      return new Fat(List.of(), Optional.of(reason), none, Optional.empty());
    }

    List<FatShare> shares() {
      return shares;
    }

    Optional<String> undefined() {
      return undefined;
    }

    float[] perVoxel() {
      return perVoxel;
    }

    Optional<AttenuationClasses> attenuation() {
      return attenuation;
    }
  }
}
