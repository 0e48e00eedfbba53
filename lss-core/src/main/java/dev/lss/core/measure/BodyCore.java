package dev.lss.core.measure;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds the inner part of the vertebral body in the label of a whole vertebra, without a label of
 * the canal, says where it lies and averages the CT over it. Immutable.
 *
 * <p>The body is the only thick part of a vertebra: its centre lies 10 to 16 mm below the surface,
 * a pedicle or an articular process at most 7 or 8. So, with d the exact Euclidean distance of a
 * voxel of the label to the nearest voxel outside of it (everything beyond the image counts as
 * outside) and D its maximum:
 *
 * <ol>
 *   <li>The core is the largest 6-connected component of {d &ge; D / 2}. This is the marker of an
 *       opening by reconstruction; dilated by D / 2 it gives the body back.
 *   <li>The inner part is what of the core has d &ge; 0.6 D, and lies at least 4 mm inside the
 *       surface: d &ge; 4 mm + half the diagonal of a voxel. Distances run between voxel centres,
 *       and the face of the nearest outside voxel may be up to half a diagonal nearer than its
 *       centre; so the 4 mm hold for thick slices too. They keep out the cortex, the endplates and
 *       the blur of both, also in a collapsed body. 0.6 D is more than the half height of a
 *       pedicle, which D / 2 is not always, and leaves out most of the basivertebral vein's entry
 *       at the posterior wall; in a body of 26 mm height it leaves the middle 10 mm.
 *   <li>The value is the mean of the CT over the inner part.
 * </ol>
 *
 * <p>There is no core when it cannot be trusted:
 *
 * <ul>
 *   <li>D less half a voxel diagonal is under 6 mm: no body is in view, or a collapsed one (a body
 *       of 12 mm height reaches 6 mm), or the slices are too thick;
 *   <li>the body touches the border of the image: a voxel of the label on the border lies within D
 *       / 2, plus half a diagonal, of the core. A cut spinous process alone does no harm;
 *   <li>two components of the core are equally large.
 * </ul>
 *
 * <p>There is a core and no value when
 *
 * <ul>
 *   <li>the inner part is smaller than 1000 mm³, which is 100 mm² over 10 mm of height;
 *   <li>the inner part holds metal or cement, a voxel above 2000 HU.
 * </ul>
 *
 * <p>Thresholds are lowered by a nanometre, so that a distance that equals one counts as reached
 * whatever the order in which its squares were summed. On a sheared grid (5 degrees at most)
 * distances are those of the unsheared one.
 */
final class BodyCore {

  private static final double CORE_SHARE = 0.5;
  private static final double DEPTH_SHARE = 0.6;
  private static final double DEPTH_MM = 4;
  private static final double SMALLEST_DEPTH_MM = 6;
  private static final double SMALLEST_VOLUME_MM3 = 1000;
  private static final double METAL_HU = 2000;
  private static final double ROUNDING_MM = 1e-6;

  private final Padded grid;
  private final boolean[] core;
  private final double[] depth;
  private final double deepest;

  private BodyCore(Padded grid, boolean[] core, double[] depth, double deepest) {
    this.grid = grid;
    this.core = core;
    this.depth = depth;
    this.deepest = deepest;
  }

  /** Finds the core of a vertebra's body, or empty as said above. */
  static Optional<BodyCore> of(LabelVolume labels, LabelStatistics vertebra) {
    Padded grid = new Padded(vertebra.bounds(), labels.geometry().spacingMm());
    boolean[] mask = grid.mask(labels, vertebra.label());
    double[] depth = grid.distanceMm(mask, false);
    double deepest = 0;
    for (double d : depth) {
      deepest = Math.max(deepest, d);
    }
    if (deepest - halfDiagonal(grid) < SMALLEST_DEPTH_MM - ROUNDING_MM) {
      return Optional.empty();
    }
    boolean[] core = grid.largestComponent(atLeast(depth, CORE_SHARE * deepest));
    if (core.length == 0) {
      return Optional.empty();
    }
    BodyCore found = new BodyCore(grid, core, depth, deepest);
    return vertebra.touchesBorder() && found.bodyTouchesBorder(mask, labels.extents())
        ? Optional.empty()
        : Optional.of(found);
  }

  private static double halfDiagonal(Padded grid) {
    return grid.spacingMm().norm() / 2;
  }

  private static boolean[] atLeast(double[] depth, double threshold) {
    boolean[] reached = new boolean[depth.length];
    for (int at = 0; at < depth.length; at++) {
      reached[at] = depth[at] >= threshold - ROUNDING_MM;
    }
    return reached;
  }

  private boolean bodyTouchesBorder(boolean[] mask, Extents image) {
    double reachMm = CORE_SHARE * deepest + halfDiagonal(grid) + ROUNDING_MM;
    double[] toCore = grid.distanceMm(core, true);
    for (int at = 0; at < mask.length; at++) {
      if (mask[at] && toCore[at] <= reachMm && grid.isOnBorder(at, image)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the mean position of the core's voxel centres, LPS mm. */
  Vector3 centreMm(GridGeometry image) {
    double[] sum = new double[3];
    int voxels = 0;
    for (int at = 0; at < core.length; at++) {
      if (core[at]) {
        voxels++;
        for (int axis = 0; axis < 3; axis++) {
          sum[axis] += grid.indexIn(at, axis);
        }
      }
    }
    double count = voxels;
    return image.toWorldMm(Vector3.of(axis -> sum[axis] / count));
  }

  /**
   * Returns the mean of the CT over the inner part of the body, or empty as said above.
   *
   * @param hu the CT in the vertebra's box, x fastest
   */
  OptionalDouble meanHu(float[] hu, double voxelMm3) {
    boolean[] deep = atLeast(depth, Math.max(DEPTH_SHARE * deepest, DEPTH_MM + halfDiagonal(grid)));
    double sum = 0;
    long voxels = 0;
    for (int at = 0; at < core.length; at++) {
      if (core[at] && deep[at]) {
        float value = hu[grid.offsetInBox(at)];
        if (value > METAL_HU) {
          return OptionalDouble.empty();
        }
        sum += value;
        voxels++;
      }
    }
    return voxels * voxelMm3 < SMALLEST_VOLUME_MM3
        ? OptionalDouble.empty()
        : OptionalDouble.of(sum / voxels);
  }
}
