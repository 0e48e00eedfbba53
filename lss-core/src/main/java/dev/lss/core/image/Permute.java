package dev.lss.core.image;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.Arrays;

/**
 * Swaps the index axes of an image. Lossless: the affine follows, and every value keeps its place
 * in the patient. {@link Orient#onto} is the way back.
 */
public final class Permute {

  private Permute() {}

  /**
   * Returns the image whose axis {@code a} is axis {@code axes[a]} of {@code volume} (0 = i, 1 = j,
   * 2 = k); the same object when nothing changes.
   *
   * @throws IllegalArgumentException when {@code axes} is not 0, 1, 2 in some order
   */
  public static Volume to(Volume volume, int... axes) {
    return map(volume.geometry(), axes).reorient(volume);
  }

  /** Returns the labels, likewise. */
  public static LabelVolume to(LabelVolume labels, int... axes) {
    return map(labels.geometry(), axes).reorient(labels);
  }

  /** Returns the grid, likewise, without an image. */
  public static GridGeometry to(GridGeometry grid, int... axes) {
    return map(grid, axes).reorient(grid);
  }

  private static AxisMap map(GridGeometry grid, int[] axes) {
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, new int[] {0, 1, 2})) {
      throw new IllegalArgumentException(
          "axes must be 0, 1 and 2 in some order, were " + Arrays.toString(axes));
    }
    return AxisMap.permutation(axes, grid.extents());
  }
}
