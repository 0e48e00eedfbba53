package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Vector3;

/** Where one grid lies inside another whose voxels it shares. */
final class SubLattice {

  /** How far a voxel centre may be off, in voxels. */
  static final double TOLERANCE_VOXELS = 1e-3;

  private SubLattice() {}

  /**
   * Returns the box of {@code whole} that {@code part} covers.
   *
   * @throws IllegalArgumentException when a voxel centre of {@code part} is more than 1e-3 voxel
   *     off, or outside
   */
  static IndexBox of(GridGeometry part, GridGeometry whole) {
    Vector3 start = whole.toIndex(part.affine().origin());
    int[] first = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double nearest = Math.rint(start.get(axis));
      boolean onLattice = Math.abs(start.get(axis) - nearest) <= TOLERANCE_VOXELS;
      if (!onLattice
          || !stepsAgree(part.affine().column(axis), whole.affine(), axis, part.extents())) {
        throw new IllegalArgumentException(
            "the part (%s) does not share the voxels of the whole (%s): axis %d, first voxel %s"
                .formatted(part.describe(), whole.describe(), axis, start.get(axis)));
      }
      first[axis] = (int) nearest;
    }
    Extents size = part.extents();
    long endI = (long) first[0] + size.i();
    long endJ = (long) first[1] + size.j();
    long endK = (long) first[2] + size.k();
    Extents outer = whole.extents();
    if (first[0] < 0
        || first[1] < 0
        || first[2] < 0
        || endI > outer.i()
        || endJ > outer.j()
        || endK > outer.k()) {
      throw new IllegalArgumentException(
          "the part (%s) from voxel (%d, %d, %d) reaches outside the whole (%s)"
              .formatted(size, first[0], first[1], first[2], outer));
    }
    return new IndexBox(first[0], first[1], first[2], (int) endI, (int) endJ, (int) endK);
  }

  /** Returns whether a step along an axis stays on the lattice as far as the part reaches. */
  static boolean stepsAgree(Vector3 step, Affine lattice, int axis, Extents part) {
    Vector3 inVoxels = lattice.applyInverse(lattice.origin().plus(step));
    double drift = 0;
    for (int a = 0; a < 3; a++) {
      drift = Math.max(drift, Math.abs(inVoxels.get(a) - (a == axis ? 1 : 0)));
    }
    return drift * Math.max(1, part.get(axis) - 1) <= TOLERANCE_VOXELS;
  }
}
