package dev.lss.core.image;

import dev.lss.api.image.Affine;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
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
    AxisMap map = map(volume.geometry(), axes);
    if (map.isIdentity()) {
      return volume;
    }
    float[] out = new float[volume.extents().voxels()];
    float[] in = volume.unsafeSamples();
    map.forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return Volume.wrap(permuted(volume.geometry(), axes), out);
  }

  /** Returns the labels, likewise. */
  public static LabelVolume to(LabelVolume labels, int... axes) {
    AxisMap map = map(labels.geometry(), axes);
    if (map.isIdentity()) {
      return labels;
    }
    short[] out = new short[labels.extents().voxels()];
    short[] in = labels.unsafeLabels();
    map.forEachLine(
        (outAt, outStep, inAt, inStep, count) -> {
          for (int n = 0; n < count; n++) {
            out[outAt + n * outStep] = in[inAt + n * inStep];
          }
        });
    return LabelVolume.wrap(permuted(labels.geometry(), axes), out);
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

  private static GridGeometry permuted(GridGeometry grid, int[] axes) {
    Affine affine = grid.affine();
    Vector3 spacing = grid.spacingMm();
    return new GridGeometry(
        AxisMap.permutation(axes, grid.extents()).extents(),
        new Affine(
            affine.column(axes[0]),
            affine.column(axes[1]),
            affine.column(axes[2]),
            affine.origin()),
        new Vector3(spacing.get(axes[0]), spacing.get(axes[1]), spacing.get(axes[2])),
        grid.space(),
        grid.calibrated());
  }
}
