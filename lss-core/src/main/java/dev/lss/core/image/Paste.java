package dev.lss.core.image;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;

/**
 * Puts the labels of a box back into the grid that it was cut from; everything else is background.
 * Lossless: the voxels must be the same ones, to 1e-3 voxel, in the same orientation.
 */
public final class Paste {

  private Paste() {}

  /**
   * Returns the labels of {@code part} on the grid {@code whole}.
   *
   * @throws IllegalArgumentException when {@code part} is not a box of voxels of {@code whole}
   */
  public static LabelVolume into(LabelVolume part, GridGeometry whole) {
    IndexBox box = SubLattice.of(part.geometry(), whole);
    if (part.extents().equals(whole.extents())) {
      return LabelVolume.wrap(whole, VoxelArrays.labels(part));
    }
    short[] out = new short[whole.extents().voxels()];
    short[] in = VoxelArrays.labels(part);
    int width = part.extents().i();
    int at = 0;
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        System.arraycopy(in, at, out, whole.extents().offset(box.i0(), j, k), width);
        at += width;
      }
    }
    return LabelVolume.wrap(whole, out);
  }
}
