package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.core.image.HalfPixel;
import java.util.Optional;

/**
 * Where a patch of a resampled image lies in the image itself. A box of the image was resampled on
 * a half-pixel grid to {@code resampled} voxels, and the patch is a box of those. Only whole
 * numbers decide, never the origin of an affine. Immutable.
 *
 * @param source the box of the image that was resampled; the whole image in most cases
 * @param resampled its extents after resampling
 * @param patch the patch among the resampled voxels; it may reach outside them
 */
public record PatchGrid(IndexBox source, Extents resampled, IndexBox patch) {

  /** Refuses a patch that shares no voxel with the resampled image. */
  public PatchGrid {
    patch.intersect(resampled);
  }

  /** Returns the position of an image voxel among the patch's voxels, along one axis. */
  public double toPatch(int axis, int imageIndex) {
    HalfPixel map = new HalfPixel(resampled.get(axis), source.end(axis) - source.start(axis));
    return map.at(imageIndex - source.start(axis)) - patch.start(axis);
  }

  /**
   * Returns the image voxels whose centres lie in the patch: at {@code -0.5 <= x < n - 0.5} along
   * each axis. Empty when the patch is so small that it holds no centre.
   */
  public Optional<IndexBox> support() {
    int[] from = new int[3];
    int[] to = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      int size = patch.end(axis) - patch.start(axis);
      from[axis] = source.start(axis);
      while (from[axis] < source.end(axis) && toPatch(axis, from[axis]) < -0.5) {
        from[axis]++;
      }
      to[axis] = from[axis];
      while (to[axis] < source.end(axis) && toPatch(axis, to[axis]) < size - 0.5) {
        to[axis]++;
      }
      if (from[axis] == to[axis]) {
        return Optional.empty();
      }
    }
    return Optional.of(new IndexBox(from[0], from[1], from[2], to[0], to[1], to[2]));
  }
}
