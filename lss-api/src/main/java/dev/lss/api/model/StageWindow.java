package dev.lss.api.model;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What part of an image a network sees at a time. Sizes are in tensor order, slowest axis first,
 * (k, j, i) or (j, i), or transposed as {@link Stage#transpose} says. Immutable.
 */
public sealed interface StageWindow {

  /** Returns the voxels that the network sees at a time at most. */
  List<Integer> patchSize();

  /** What the network sees outside the image. */
  enum Outside {
    /** 0 after normalisation, as nnU-Net's predictor and MONAI's {@code constant} padding. */
    ZERO,
    /** What the normalisation calls the outside: {@link Normalization#paddingValue}. */
    NORMALIZED,
    /** The nearest voxel of the image. */
    REPLICATE
  }

  /**
   * Overlapping tiles over the whole image.
   *
   * @param patchSize voxels of one tile
   * @param rule where the tiles lie and how they are put together
   * @param outside what a tile that is larger than the image sees around it
   * @param mirrorAxes tensor axes (0 = the slowest) over which predictions are mirrored and
   *     averaged
   */
  record Tiles(List<Integer> patchSize, TileRule rule, Outside outside, List<Integer> mirrorAxes)
      implements StageWindow {

    /** Refuses sizes below 1 and axes that are not there. */
    public Tiles {
      patchSize = checked(patchSize);
      mirrorAxes = List.copyOf(mirrorAxes);
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(outside, "outside");
      Set<Integer> axes = new HashSet<>();
      for (int axis : mirrorAxes) {
        if (axis < 0 || axis >= patchSize.size() || !axes.add(axis)) {
          throw new IllegalArgumentException(
              "mirror axes must be different numbers from 0 to %s, were %s"
                  .formatted(patchSize.size() - 1, mirrorAxes));
        }
      }
    }
  }

  /**
   * One patch around a point, for a network that is told by a Gaussian prior in the middle of the
   * patch which object is meant; the prior is the last input channel. Outside the image the network
   * sees {@link Normalization#paddingValue}.
   *
   * @param patchSize voxels of the patch, (k, j, i)
   * @param priorSigmaMm standard deviation of the prior in mm, positive
   */
  record AroundPoint(List<Integer> patchSize, double priorSigmaMm) implements StageWindow {

    /** Refuses a 2-D patch and a width that is not positive. */
    public AroundPoint {
      patchSize = checked(patchSize);
      if (patchSize.size() != 3) {
        throw new IllegalArgumentException("a patch around a point has 3 sizes, had " + patchSize);
      }
      if (!(priorSigmaMm > 0) || !Double.isFinite(priorSigmaMm)) {
        throw new IllegalArgumentException("priorSigmaMm must be positive, was " + priorSigmaMm);
      }
    }
  }

  /**
   * The whole image at once, padded behind its last row and column with 0 after normalisation, to
   * sizes that the network can take. An image that is larger is refused.
   *
   * @param patchSize the largest image, (j, i)
   */
  record Whole(List<Integer> patchSize) implements StageWindow {

    /** Refuses anything but two sizes of at least 1. */
    public Whole {
      patchSize = checked(patchSize);
      if (patchSize.size() != 2) {
        throw new IllegalArgumentException("a whole plane has 2 sizes, had " + patchSize);
      }
    }
  }

  private static List<Integer> checked(List<Integer> sizes) {
    if ((sizes.size() != 2 && sizes.size() != 3) || !sizes.stream().allMatch(size -> size > 0)) {
      throw new IllegalArgumentException("patchSize must be 2 or 3 positive numbers, was " + sizes);
    }
    return List.copyOf(sizes);
  }
}
