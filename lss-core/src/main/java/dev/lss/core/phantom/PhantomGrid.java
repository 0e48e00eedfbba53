package dev.lss.core.phantom;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;

/**
 * The sample points of an image, in a phantom's own space. A voxel that is longer than 2 mm along
 * an axis is sampled at several points along it, so that thick slices average over their thickness
 * as a scanner does. Immutable.
 *
 * @param samplesI sample points per voxel along i
 * @param samplesJ sample points per voxel along j
 * @param samplesK sample points per voxel along k
 * @param extents number of sample points along each axis
 * @param first position of the first sample point
 * @param stepI from one sample point to the next along i
 * @param stepJ from one sample point to the next along j
 * @param stepK from one sample point to the next along k
 */
record PhantomGrid(
    int samplesI,
    int samplesJ,
    int samplesK,
    Extents extents,
    Vector3 first,
    Vector3 stepI,
    Vector3 stepJ,
    Vector3 stepK) {

  private static final double LONGEST_MM = 2;

  /** Returns one sample point per voxel, at its centre. */
  static PhantomGrid centres(GridGeometry grid, Frame pose) {
    return of(grid, pose, 1, 1, 1);
  }

  /** Returns sample points at most 2 mm apart. */
  static PhantomGrid fine(GridGeometry grid, Frame pose) {
    return of(
        grid,
        pose,
        (int) Math.ceil(grid.spacingMm().x() / LONGEST_MM),
        (int) Math.ceil(grid.spacingMm().y() / LONGEST_MM),
        (int) Math.ceil(grid.spacingMm().z() / LONGEST_MM));
  }

  private static PhantomGrid of(GridGeometry grid, Frame pose, int si, int sj, int sk) {
    Extents n = grid.extents();
    Vector3 corner = new Vector3(0.5 / si - 0.5, 0.5 / sj - 0.5, 0.5 / sk - 0.5);
    return new PhantomGrid(
        si,
        sj,
        sk,
        new Extents(n.i() * si, n.j() * sj, n.k() * sk),
        pose.toLocal(grid.toWorldMm(corner)),
        pose.turnBack(grid.affine().columnI()).times(1.0 / si),
        pose.turnBack(grid.affine().columnJ()).times(1.0 / sj),
        pose.turnBack(grid.affine().columnK()).times(1.0 / sk));
  }

  /** Returns the volume around one sample point. */
  double cellMm3() {
    return Math.abs(stepI.cross(stepJ).dot(stepK));
  }

  /** Returns the position of a continuous sample index. */
  Vector3 position(double i, double j, double k) {
    return first.plus(stepI.times(i)).plus(stepJ.times(j)).plus(stepK.times(k));
  }

  /** Returns the continuous sample index of a position. */
  Vector3 index(Vector3 position) {
    Vector3 d = position.minus(first);
    double volume = stepI.cross(stepJ).dot(stepK);
    return new Vector3(
        d.dot(stepJ.cross(stepK)) / volume,
        stepI.dot(d.cross(stepK)) / volume,
        stepI.dot(stepJ.cross(d)) / volume);
  }
}
