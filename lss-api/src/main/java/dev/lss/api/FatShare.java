package dev.lss.api;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The share of fat in a muscle by one method. Immutable.
 *
 * @param method how fat was told from muscle
 * @param fraction the share, usually in [0, 1]; of signals with noise it may lie outside, because
 *     nothing is clipped
 * @param undefined share of voxels that are neither fat nor muscle, of methods with three parts; it
 *     is not in {@code fraction}
 */
public record FatShare(FatMethod method, double fraction, OptionalDouble undefined) {

  /** Refuses a fraction that is not finite. */
  public FatShare {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(undefined, "undefined");
    if (!Double.isFinite(fraction)) {
      throw new IllegalArgumentException("fraction must be finite, was " + fraction);
    }
  }

  /** Returns a share of a method with two parts. */
  public static FatShare of(FatMethod method, double fraction) {
    return new FatShare(method, fraction, OptionalDouble.empty());
  }
}
