package dev.lss.core.inference;

import dev.lss.core.image.LinearAxis;
import java.util.List;
import java.util.OptionalInt;

/**
 * How logits on a coarse grid become labels on a fine one. Immutable.
 *
 * @param nearestAxis axis (0 = i, 1 = j, 2 = k) along which the nearest slice is taken, for thick
 *     slices; the others are interpolated linearly; empty when all are
 * @param arithmetic how the interpolated logits are rounded before they are compared
 * @param regions empty for classes of which the largest logit wins; else for each channel the label
 *     that it writes where its logit is above 0, later ones over earlier ones
 */
public record LabelRule(OptionalInt nearestAxis, Arithmetic arithmetic, List<Integer> regions) {

  /** Linear interpolation in single precision; the largest logit wins. */
  public static final LabelRule LARGEST =
      new LabelRule(OptionalInt.empty(), Arithmetic.FP32, List.of());

  /** Copies the list. */
  public LabelRule {
    regions = List.copyOf(regions);
  }

  /** Returns how one axis is resized. */
  LinearAxis axis(int axis, int in, int out) {
    return nearestAxis.isPresent() && nearestAxis.getAsInt() == axis
        ? LinearAxis.nearest(in, out)
        : LinearAxis.resize(in, out);
  }
}
