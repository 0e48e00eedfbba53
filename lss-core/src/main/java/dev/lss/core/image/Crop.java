package dev.lss.core.image;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;

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
    return Volume.wrap(grid, volume.toArray(box));
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
    return LabelVolume.wrap(grid, labels.toArray(box));
  }
}
