package dev.lss.api.model;

import java.util.Objects;

/**
 * One use of a resampling rule. Immutable.
 *
 * @param rule how values between voxels are made
 * @param separateZ whether thick slices are resampled one by one
 */
public record Resampling(ResamplingRule rule, SeparateZ separateZ) {

  /**
   * nnU-Net's {@code force_separate_z}: slices are resampled one by one and then the nearest slice
   * is taken.
   */
  public enum SeparateZ {
    /** Where the largest spacing is more than three times the smallest. */
    AUTO,
    /** Across the axis of the largest spacing, whatever it is. */
    ALWAYS,
    /** All axes alike. */
    NEVER
  }

  /** Refuses null, by name. */
  public Resampling {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(separateZ, "separateZ");
  }

  /** Returns the rule with all axes alike. */
  public static Resampling of(ResamplingRule rule) {
    return new Resampling(rule, SeparateZ.NEVER);
  }
}
