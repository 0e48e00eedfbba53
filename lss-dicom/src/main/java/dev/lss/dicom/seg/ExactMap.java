package dev.lss.dicom.seg;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.Optional;

/**
 * The map from voxels of one grid to those of another that are the same ones: axes may be exchanged
 * and turned around, and the beginning may be another. Nothing is interpolated. Immutable.
 */
final class ExactMap {

  /** How far, in voxels, the voxel centres may be apart at the corners: what decimals round off. */
  private static final double TOLERANCE = 0.05;

  private final int[] first;
  private final int[][] steps;

  private ExactMap(int[] first, int[][] steps) {
    this.first = first;
    this.steps = steps;
  }

  /** Returns the map; empty when the voxels of the grids are not the same ones. */
  static Optional<ExactMap> of(GridGeometry from, GridGeometry to) {
    if (from.space() != to.space() || from.calibrated() != to.calibrated()) {
      return Optional.empty();
    }
    int[] first = whole(at(from, to, 0, 0, 0));
    int[][] steps = new int[3][];
    for (int axis = 0; axis < 3; axis++) {
      if (from.extents().get(axis) == 1) {
        steps[axis] = new int[3]; // nothing lies further on, and a thickness may be anything
        continue;
      }
      Vector3 step =
          at(from, to, axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0)
              .minus(at(from, to, 0, 0, 0));
      steps[axis] = whole(step);
      int length = 0;
      for (int part : steps[axis]) {
        length += Math.abs(part);
      }
      if (length != 1) {
        return Optional.empty();
      }
    }
    ExactMap map = new ExactMap(first, steps);
    Extents e = from.extents();
    for (int corner = 0; corner < 8; corner++) {
      int i = (corner & 1) == 0 ? 0 : e.i() - 1;
      int j = (corner & 2) == 0 ? 0 : e.j() - 1;
      int k = (corner & 4) == 0 ? 0 : e.k() - 1;
      int[] whole = map.apply(i, j, k);
      Vector3 off = at(from, to, i, j, k).minus(new Vector3(whole[0], whole[1], whole[2]));
      if (!(Math.abs(off.x()) <= TOLERANCE
          && Math.abs(off.y()) <= TOLERANCE
          && Math.abs(off.z()) <= TOLERANCE)) {
        return Optional.empty();
      }
    }
    return Optional.of(map);
  }

  /** Returns where a step along an axis leads; the caller does not write to it. */
  int[] step(int axis) {
    return steps[axis];
  }

  /** Returns on which plane of a grid a position lies. */
  static long planeOf(GridGeometry grid, double[] position) {
    Vector3 index = grid.toIndex(new Vector3(position[0], position[1], position[2]));
    return Math.round(index.z());
  }

  private static Vector3 at(GridGeometry from, GridGeometry to, int i, int j, int k) {
    return to.toIndex(from.toWorldMm(new Vector3(i, j, k)));
  }

  private static int[] whole(Vector3 v) {
    return new int[] {(int) Math.rint(v.x()), (int) Math.rint(v.y()), (int) Math.rint(v.z())};
  }

  /** Returns the voxel of the other grid; it may lie outside. */
  int[] apply(int i, int j, int k) {
    int[] at = first.clone();
    for (int axis = 0; axis < 3; axis++) {
      at[axis] += i * steps[0][axis] + j * steps[1][axis] + k * steps[2][axis];
    }
    return at;
  }
}
