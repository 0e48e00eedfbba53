package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
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
    GridGeometry grid = volume.geometry().crop(box);
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
    GridGeometry grid = labels.geometry().crop(box);
    if (grid.extents().equals(labels.extents())) {
      return labels;
    }
    short[] out = new short[grid.extents().voxels()];
    copyRows(VoxelArrays.labels(labels), labels.extents(), box, out);
    return LabelVolume.wrap(grid, out);
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
