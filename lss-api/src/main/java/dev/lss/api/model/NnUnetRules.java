package dev.lss.api.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What nnU-Net v2 does around a network beyond what every stage says: steps and rounding are
 * nnU-Net's, these are its choices. Immutable.
 *
 * @param trainer nnU-Net's trainer class; empty when it is not known
 * @param transpose which axis of the stored array (0 = k) becomes each axis of the tensor
 * @param images how images reach the network's grid
 * @param labels how the label map of an earlier stage reaches it
 * @param logits how the network's output is brought back
 * @param regions one for each output channel of a sigmoid network, in order; empty for a softmax
 * @param previousStage stage whose label map the network takes as further channels, one for each
 *     label but background (cascade)
 */
public record NnUnetRules(
    Optional<String> trainer,
    List<Integer> transpose,
    Resampling images,
    Resampling labels,
    Resampling logits,
    List<Region> regions,
    Optional<String> previousStage) {

  /** nnU-Net's two resampling functions. */
  public enum Function {
    /** {@code resample_data_or_seg_to_shape}: splines in double. */
    SPLINE,
    /** {@code resample_torch_fornnunet}: linear in float32. */
    TORCH_LINEAR
  }

  /**
   * One use of a resampling function.
   *
   * @param function which function
   * @param order spline order within a slice, 0, 1 or 3
   * @param orderZ order along the coarse axis when that is resampled apart; 0 is nearest
   * @param forceSeparateZ whether the coarse axis is resampled apart; empty leaves it to the
   *     spacing
   */
  public record Resampling(
      Function function, int order, int orderZ, Optional<Boolean> forceSeparateZ) {

    /** Refuses orders other than 0, 1 and 3. */
    public Resampling {
      for (int value : new int[] {order, orderZ}) {
        if (value != 0 && value != 1 && value != 3) {
          throw new IllegalArgumentException("a spline order is 0, 1 or 3, was " + value);
        }
      }
    }
  }

  /**
   * A region, told by a sigmoid of its own.
   *
   * @param values label values that make it up
   * @param writes label value that is written where it is found; a later region overwrites
   */
  public record Region(List<Integer> values, int writes) {

    /** Refuses a region without values and values outside 0 to 65535. */
    public Region {
      values = List.copyOf(values);
      if (values.isEmpty() || !values.stream().allMatch(v -> v >= 0 && v <= 65535)) {
        throw new IllegalArgumentException("a region has values from 0 to 65535, was " + values);
      }
      if (writes < 1 || writes > 65535) {
        throw new IllegalArgumentException("a region writes 1 to 65535, was " + writes);
      }
    }
  }

  /** Refuses a transpose that is none. */
  public NnUnetRules {
    transpose = List.copyOf(transpose);
    regions = List.copyOf(regions);
    if (transpose.size() != 3 || !new HashSet<>(transpose).equals(Set.of(0, 1, 2))) {
      throw new IllegalArgumentException(
          "transpose must be 0, 1 and 2 in some order, was " + transpose);
    }
  }

  /**
   * Returns the rule of {@link Stage#resampling} that comes nearest to how images are resampled.
   */
  public ResamplingRule imageRule() {
    return switch (images.order()) {
      case 0 -> ResamplingRule.NEAREST;
      case 1 -> ResamplingRule.LINEAR;
      default -> ResamplingRule.CUBIC;
    };
  }

  /** Returns all label values of the regions but background, ascending. */
  public List<Integer> regionValues() {
    TreeSet<Integer> values = new TreeSet<>();
    regions.forEach(region -> values.addAll(region.values()));
    values.remove(0);
    return List.copyOf(values);
  }
}
