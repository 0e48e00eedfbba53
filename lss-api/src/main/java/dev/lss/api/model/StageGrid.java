package dev.lss.api.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The grid on which a network sees an image, and how to get there and back. Immutable. */
public sealed interface StageGrid {

  /** Returns how images reach the grid. */
  Resampling images();

  /**
   * A grid of fixed voxel size.
   *
   * @param spacingMm voxel size in mm, (k, j, i); two numbers for a 2-D network that is run slice
   *     by slice, which leaves the slowest axis as it is
   * @param images how images reach the grid
   * @param logits how the network's output is brought back; {@code LINEAR} or {@code TORCH_LINEAR}
   * @param previousLabels how the labels of an earlier stage reach the grid, {@code LABEL_ARGMAX},
   *     {@code LABEL_HALF} or {@code NEAREST}; empty where the stage takes none
   */
  record Spacing(
      List<Double> spacingMm,
      Resampling images,
      Resampling logits,
      Optional<Resampling> previousLabels)
      implements StageGrid {

    /** Refuses a voxel size that is not positive and rules that logits or labels cannot follow. */
    public Spacing {
      spacingMm = List.copyOf(spacingMm);
      Objects.requireNonNull(images, "images");
      Objects.requireNonNull(logits, "logits");
      Objects.requireNonNull(previousLabels, "previousLabels");
      if ((spacingMm.size() != 2 && spacingMm.size() != 3)
          || !spacingMm.stream().allMatch(mm -> mm > 0 && Double.isFinite(mm))) {
        throw new IllegalArgumentException(
            "spacingMm must be 2 or 3 positive numbers, was " + spacingMm);
      }
      if (logits.rule() != ResamplingRule.LINEAR && logits.rule() != ResamplingRule.TORCH_LINEAR) {
        throw new IllegalArgumentException(
            "logits are resampled by LINEAR or TORCH_LINEAR, not by " + logits.rule());
      }
      if (previousLabels.isPresent()
          && !isForLabels(previousLabels.get().rule())
          && previousLabels.get().rule() != ResamplingRule.NEAREST) {
        throw new IllegalArgumentException(
            "labels are resampled by LABEL_ARGMAX, LABEL_HALF or NEAREST, not by "
                + previousLabels.get().rule());
      }
      requireForImages(images);
    }

    /** Returns a grid that images reach by one rule on all axes; logits come back linearly. */
    public static Spacing of(List<Double> spacingMm, ResamplingRule images) {
      return new Spacing(
          spacingMm, Resampling.of(images), Resampling.of(ResamplingRule.LINEAR), Optional.empty());
    }
  }

  /**
   * For a 2-D network that knows no millimetres: the image is resized, both axes by one factor, so
   * that the longer of i and j has so many pixels. Logits come back linearly.
   *
   * @param pixels pixels of the longer side, at least 1
   * @param images how images reach the grid
   */
  record LongerSide(int pixels, Resampling images) implements StageGrid {

    /** Refuses a side without pixels. */
    public LongerSide {
      Objects.requireNonNull(images, "images");
      requireForImages(images);
      if (pixels < 1) {
        throw new IllegalArgumentException("the longer side has at least 1 pixel, was " + pixels);
      }
    }
  }

  private static boolean isForLabels(ResamplingRule rule) {
    return rule == ResamplingRule.LABEL_ARGMAX || rule == ResamplingRule.LABEL_HALF;
  }

  private static void requireForImages(Resampling images) {
    if (isForLabels(images.rule())) {
      throw new IllegalArgumentException("images are not resampled by " + images.rule());
    }
  }
}
