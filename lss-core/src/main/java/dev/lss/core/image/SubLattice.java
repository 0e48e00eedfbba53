package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Vector3;

/** Where one grid lies inside another whose voxels it shares. */
final class SubLattice {

  private SubLattice() {}

  /**
   * Returns the box of {@code whole} that {@code part} covers: the one whose grid is the same as
   * {@code part}, to {@link GridGeometry#SAME_VOXELS}.
   *
   * @throws IllegalArgumentException when there is none
   */
  static IndexBox of(GridGeometry part, GridGeometry whole) {
    Vector3 start = whole.toIndex(part.affine().origin());
    long i = Math.round(start.x());
    long j = Math.round(start.y());
    long k = Math.round(start.z());
    Extents size = part.extents();
    Extents outer = whole.extents();
    boolean inside =
        i >= 0
            && j >= 0
            && k >= 0
            && i <= outer.i() - size.i()
            && j <= outer.j() - size.j()
            && k <= outer.k() - size.k();
    if (!inside) {
      throw new IllegalArgumentException(
          "the part (%s) from voxel (%s, %s, %s) reaches outside the whole (%s)"
              .formatted(part.describe(), i, j, k, whole.describe()));
    }
    IndexBox box = IndexBox.at((int) i, (int) j, (int) k, size);
    if (!whole.crop(box).sameAs(part, GridGeometry.SAME_VOXELS)) {
      throw new IllegalArgumentException(
          "the part (%s) does not share the voxels of the whole (%s): its first voxel is at %s"
              .formatted(part.describe(), whole.describe(), start));
    }
    return box;
  }
}
