package dev.lss.core.pipeline;

import dev.lss.api.ModelException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.model.ResamplingRule;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.LabelRule;
import dev.lss.core.nnunet.NnUnetConfiguration;
import dev.lss.core.nnunet.NnUnetDataset;
import dev.lss.core.nnunet.NnUnetResampling;
import dev.lss.core.nnunet.NnUnetResampling.Function;
import java.util.List;
import java.util.OptionalInt;

/**
 * The grid of an nnU-Net configuration over one image, and how to get there and back
 * (default_preprocessor.py and default_resampling.py, 2.8.1). Axes are i, j, k. Immutable.
 *
 * @param extents extents of the image on the network's grid
 * @param imageMm spacing of the image
 * @param networkMm spacing that the plans ask for; the slowest axis of a 2-D configuration keeps
 *     the image's
 */
record NetworkGrid(Extents extents, Vector3 imageMm, Vector3 networkMm) {

  /** Above this ratio of the largest to the smallest spacing slices are thick. */
  private static final double THICK = 3;

  /** Returns the grid over a cropped image in tensor order. */
  static NetworkGrid over(GridGeometry image, NnUnetConfiguration configuration) {
    List<Double> spacing = configuration.spacingMm();
    int rank = spacing.size();
    Vector3 target =
        new Vector3(
            spacing.get(rank - 1),
            spacing.get(rank - 2),
            rank == 3 ? spacing.get(0) : image.spacingMm().z());
    return new NetworkGrid(Resample.extentsFor(image, target), image.spacingMm(), target);
  }

  /** Returns how an image, or the labels of an earlier stage, reach this grid. */
  Resample.Way way(NnUnetResampling resampling) {
    ResamplingRule rule =
        switch (resampling.order()) {
          case 0 -> ResamplingRule.NEAREST;
          case 1 -> ResamplingRule.LINEAR;
          default -> ResamplingRule.CUBIC;
        };
    return new Resample.Way(extents, rule, apart(resampling, imageMm, networkMm));
  }

  /** Returns how logits on this grid become labels on the image's. */
  LabelRule back(NnUnetResampling resampling, NnUnetDataset dataset, Arithmetic arithmetic) {
    return new LabelRule(
        apart(resampling, networkMm, imageMm),
        resampling.function() == Function.SPLINE ? arithmetic : Arithmetic.FP32,
        dataset.regionsClassOrder());
  }

  /**
   * Returns the axis along which slices are thick, in the grid at hand or else in the one to reach;
   * empty when there is none, or when two axes are equally coarse.
   */
  private static OptionalInt apart(NnUnetResampling resampling, Vector3 from, Vector3 to) {
    if (resampling.forceSeparateZ().isPresent()) {
      return resampling.forceSeparateZ().get() ? coarsest(from) : OptionalInt.empty();
    }
    if (isThick(from)) {
      return coarsest(from);
    }
    return isThick(to) ? coarsest(to) : OptionalInt.empty();
  }

  private static boolean isThick(Vector3 mm) {
    return largest(mm) / Math.min(mm.x(), Math.min(mm.y(), mm.z())) > THICK;
  }

  private static double largest(Vector3 mm) {
    return Math.max(mm.x(), Math.max(mm.y(), mm.z()));
  }

  private static OptionalInt coarsest(Vector3 mm) {
    OptionalInt found = OptionalInt.empty();
    for (int axis = 0; axis < 3; axis++) {
      if (largest(mm) / mm.get(axis) == 1) {
        if (found.isPresent()) {
          return OptionalInt.empty();
        }
        found = OptionalInt.of(axis);
      }
    }
    return found;
  }

  /**
   * Refuses a configuration whose resampling LSS cannot do.
   *
   * @throws ModelException {@code NNUNET_UNSUPPORTED}
   */
  static void check(NnUnetConfiguration configuration) {
    check(configuration.imageResampling(), "resampling_fn_data", false, List.of(0, 1, 3));
    check(configuration.logitResampling(), "resampling_fn_probabilities", false, List.of(1));
    if (configuration.previousStage().isPresent()) {
      check(configuration.labelResampling(), "resampling_fn_seg", true, List.of(0, 1));
      if (configuration.labelResampling().function() != Function.SPLINE) {
        throw new ModelException(
            "NNUNET_UNSUPPORTED",
            "the labels of an earlier stage are resampled by resample_data_or_seg_to_shape only,"
                + " resampling_fn_seg names another function");
      }
    }
  }

  private static void check(
      NnUnetResampling resampling, String field, boolean labels, List<Integer> orders) {
    if (!orders.contains(resampling.order())
        || resampling.orderZ() != 0
        || resampling.isSegmentation() != labels) {
      throw new ModelException(
          "NNUNET_UNSUPPORTED",
          "%s_kwargs has is_seg %s, order %d and order_z %d; known: %s, one of %s, and 0"
              .formatted(
                  field,
                  resampling.isSegmentation(),
                  resampling.order(),
                  resampling.orderZ(),
                  labels,
                  orders));
    }
  }
}
