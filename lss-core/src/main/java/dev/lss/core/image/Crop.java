package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;

/**
 * Cuts a box of voxels out of an image. Lossless: every value keeps its place in the patient, and
 * {@link Paste} puts it back.
 */
public final class Crop {

  private Crop() {}

  /**
   * Returns the voxels of {@code box}; the same object when that is all of them.
   *
   * @throws IllegalArgumentException when the box reaches outside the image
   */
  public static Volume to(Volume volume, IndexBox box) {
    GridGeometry grid = to(volume.geometry(), box);
    if (grid.extents().equals(volume.extents())) {
      return volume;
    }
    float[] out = new float[grid.extents().voxels()];
    copyRows(VoxelArrays.samples(volume), volume.extents(), box, out);
    return Volume.wrap(grid, out);
  }

  /**
   * Returns the labels of {@code box}; the same object when that is all of them.
   *
   * @throws IllegalArgumentException when the box reaches outside the labels
   */
  public static LabelVolume to(LabelVolume labels, IndexBox box) {
    GridGeometry grid = to(labels.geometry(), box);
    if (grid.extents().equals(labels.extents())) {
      return labels;
    }
    short[] out = new short[grid.extents().voxels()];
    copyRows(VoxelArrays.labels(labels), labels.extents(), box, out);
    return LabelVolume.wrap(grid, out);
  }

  /**
   * Returns the grid of {@code box}.
   *
   * @throws IllegalArgumentException when the box reaches outside the grid
   */
  public static GridGeometry to(GridGeometry grid, IndexBox box) {
    if (!box.isInside(grid.extents())) {
      throw new IllegalArgumentException(
          "the box must lie inside the grid of %s, was %s".formatted(grid.extents(), box));
    }
    Affine affine = grid.affine();
    Vector3 origin = affine.apply(new Vector3(box.i0(), box.j0(), box.k0()));
    return new GridGeometry(
        box.extents(),
        new Affine(affine.columnI(), affine.columnJ(), affine.columnK(), origin),
        grid.spacingMm(),
        grid.space(),
        grid.calibrated());
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // float[] to float[] or short[] to short[]
  private static void copyRows(Object in, Extents extents, IndexBox box, Object out) {
    int width = box.i1() - box.i0();
    int at = 0;
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        System.arraycopy(in, extents.offset(box.i0(), j, k), out, at, width);
        at += width;
      }
    }
  }
}
