package dev.lss.core.measure;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.OptionalDouble;

/**
 * Finds the inner part of the vertebral body in the label of a whole vertebra, without a label of
 * the canal, and averages the CT over it.
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
 * <p>There is no value when the core cannot be trusted:
 *
 * <ul>
 *   <li>D less half a voxel diagonal is under 6 mm: no body is in view, or a collapsed one (a body
 *       of 12 mm height reaches 6 mm), or the slices are too thick;
 *   <li>the body touches the border of the image: a voxel of the label on the border lies within D
 *       / 2, plus half a diagonal, of the core. A cut spinous process alone does no harm;
 *   <li>two components of the core are equally large;
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

  private BodyCore() {}

  /** Returns the mean of the CT over the inner part of the body, or empty as said above. */
  static OptionalDouble meanHu(LabelVolume labels, LabelStatistics vertebra, Volume ct) {
    IndexBox box = vertebra.bounds();
    Padded grid = new Padded(box, labels.geometry().spacingMm());
    boolean[] mask = grid.mask(labels, vertebra.label());
    double[] depth = grid.distanceMm(mask, false);
    double deepest = 0;
    for (double d : depth) {
      deepest = Math.max(deepest, d);
    }
    double halfDiagonal = grid.spacingMm().norm() / 2;
    if (deepest - halfDiagonal < SMALLEST_DEPTH_MM - ROUNDING_MM) {
      return OptionalDouble.empty();
    }
    boolean[] core = grid.largestComponent(atLeast(depth, CORE_SHARE * deepest));
    if (core.length == 0) {
      return OptionalDouble.empty();
    }
    double reach = CORE_SHARE * deepest + halfDiagonal + ROUNDING_MM;
    if (vertebra.touchesBorder() && bodyTouchesBorder(grid, mask, core, reach, labels.extents())) {
      return OptionalDouble.empty();
    }
    double depthMm = Math.max(DEPTH_SHARE * deepest, DEPTH_MM + halfDiagonal);
    return meanOver(grid, core, depth, depthMm, ct);
  }

  private static boolean[] atLeast(double[] depth, double threshold) {
    boolean[] reached = new boolean[depth.length];
    for (int at = 0; at < depth.length; at++) {
      reached[at] = depth[at] >= threshold - ROUNDING_MM;
    }
    return reached;
  }

  private static boolean bodyTouchesBorder(
      Padded grid, boolean[] mask, boolean[] core, double reachMm, Extents image) {
    double[] toCore = grid.distanceMm(core, true);
    for (int at = 0; at < mask.length; at++) {
      if (mask[at] && toCore[at] <= reachMm && grid.isOnBorder(at, image)) {
        return true;
      }
    }
    return false;
  }

  private static OptionalDouble meanOver(
      Padded grid, boolean[] core, double[] depth, double thresholdMm, Volume ct) {
    boolean[] deep = atLeast(depth, thresholdMm);
    double sum = 0;
    long voxels = 0;
    for (int at = 0; at < core.length; at++) {
      if (core[at] && deep[at]) {
        float hu = VoxelArrays.samples(ct)[grid.offsetIn(at, ct.extents())];
        if (hu > METAL_HU) {
          return OptionalDouble.empty();
        }
        sum += hu;
        voxels++;
      }
    }
    return voxels * ct.geometry().voxelVolumeMm3() < SMALLEST_VOLUME_MM3
        ? OptionalDouble.empty()
        : OptionalDouble.of(sum / voxels);
  }
}
