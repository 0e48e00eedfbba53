package dev.lss.core.stage;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.LabelRule;
import java.util.List;
import java.util.OptionalInt;

/**
 * The grid of a stage over one image, and how to get there and back (where slices are thick as
 * nnU-Net's default_preprocessor.py and default_resampling.py, 2.8.1). Axes are i, j, k. Immutable.
 *
 * @param grid the stage's grid
 * @param extents extents of the image on it
 * @param imageMm spacing of the image
 * @param networkMm spacing that the stage asks for; where it leaves an axis, or knows no
 *     millimetres, the image's
 */
record NetworkGrid(StageGrid grid, Extents extents, Vector3 imageMm, Vector3 networkMm) {

  /** Above this ratio of the largest to the smallest spacing slices are thick. */
  private static final double THICK = 3;

  /** Returns the grid over an image in tensor order. */
  static NetworkGrid over(GridGeometry image, StageGrid grid) {
    if (grid instanceof StageGrid.LongerSide longer) {
      return new NetworkGrid(
          grid,
          Resample.extentsForLongerSide(image.extents(), longer.pixels()),
          image.spacingMm(),
          image.spacingMm());
    }
    Vector3 target = spacingMm((StageGrid.Spacing) grid, image.spacingMm().z());
    return new NetworkGrid(grid, Resample.extentsFor(image, target), image.spacingMm(), target);
  }

  /** Returns the voxel size along i, j, k; of a 2-D grid the slowest axis keeps the image's. */
  static Vector3 spacingMm(StageGrid.Spacing grid, double imageMm) {
    List<Double> mm = grid.spacingMm();
    int rank = mm.size();
    return new Vector3(mm.get(rank - 1), mm.get(rank - 2), rank == 3 ? mm.get(0) : imageMm);
  }

  /** Returns how images reach this grid. */
  Resample.Way images() {
    return way(grid.images());
  }

  /** Returns how the labels of an earlier stage reach this grid. */
  Resample.Way previousLabels() {
    return way(((StageGrid.Spacing) grid).previousLabels().orElseThrow());
  }

  private Resample.Way way(Resampling resampling) {
    return new Resample.Way(extents, resampling.rule(), apart(resampling, imageMm, networkMm));
  }

  /** Returns how logits on this grid become labels on the image's. */
  LabelRule back(Stage stage, Arithmetic arithmetic) {
    List<Integer> regions =
        stage.output() instanceof StageOutput.SigmoidRegions sigmoid
            ? sigmoid.regions().stream().map(StageOutput.Region::writes).toList()
            : List.of();
    if (grid instanceof StageGrid.Spacing spacing) {
      boolean torch = spacing.logits().rule() == ResamplingRule.TORCH_LINEAR;
      return new LabelRule(
          apart(spacing.logits(), networkMm, imageMm),
          torch ? Arithmetic.FP32 : arithmetic,
          regions);
    }
    return new LabelRule(OptionalInt.empty(), arithmetic, regions);
  }

  /**
   * Returns the axis along which slices are thick, in the grid at hand or else in the one to reach;
   * empty when there is none, or when two axes are equally coarse.
   */
  private static OptionalInt apart(Resampling resampling, Vector3 from, Vector3 to) {
    return switch (resampling.separateZ()) {
      case NEVER -> OptionalInt.empty();
      case ALWAYS -> coarsest(from);
      case AUTO -> {
        if (isThick(from)) {
          yield coarsest(from);
        }
        yield isThick(to) ? coarsest(to) : OptionalInt.empty();
      }
    };
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
}
