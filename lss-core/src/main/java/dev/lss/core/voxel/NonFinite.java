package dev.lss.core.voxel;

import dev.lss.api.Notice;
import dev.lss.core.io.NonFiniteRule;
import java.util.Optional;

/**
 * Keeps NaN and infinity out of the network, where one such voxel spoils every voxel that the
 * kernels reach from it.
 *
 * <p>Converters write NaN where the scanner did not look. Such voxels become what a rule says, and
 * a notice tells how many there were.
 */
public final class NonFinite {

  private NonFinite() {}

  /**
   * Replaces what is not finite, in place.
   *
   * @param zero what a stored 0 stands for
   * @throws dev.lss.api.InvalidStudyException when no voxel is finite
   */
  public static Optional<Notice> replace(
      String file, float[] samples, NonFiniteRule rule, double zero) {
    float smallest = Float.POSITIVE_INFINITY;
    int count = 0;
    for (float value : samples) {
      if (Float.isFinite(value)) {
        smallest = Math.min(smallest, value);
      } else {
        count++;
      }
    }
    if (count == 0) {
      return Optional.empty();
    }
    if (count == samples.length) {
      throw VoxelFault.of("NUMERIC", file, "no voxel holds a finite number");
    }
    float instead = rule == NonFiniteRule.STORED_ZERO ? (float) zero : smallest;
    for (int n = 0; n < samples.length; n++) {
      if (!Float.isFinite(samples[n])) {
        samples[n] = instead;
      }
    }
    return Optional.of(
        new Notice(
            "NON_FINITE_VOXELS", count + " voxels were NaN or infinite and became " + instead));
  }
}
