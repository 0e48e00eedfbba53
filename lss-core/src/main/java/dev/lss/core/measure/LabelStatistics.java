package dev.lss.core.measure;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How large one label is, where it lies and how bright the image is under it. Immutable.
 *
 * <p>A label exists when at least one voxel carries it; absent labels have no statistics, so no
 * value here is ever undefined for lack of voxels. Positions are of voxel centres. Index sums are
 * exact integers and intensity sums are in double in memory order, so the numbers do not depend on
 * the thread count, and on the orientation in which the image is stored only by rounding.
 *
 * @param label the label value, 1 to 65535
 * @param voxels how many voxels carry it, at least 1
 * @param volumeMm3 voxels times |det| of the affine's 3 x 3 part, in mm³, also on a sheared grid;
 *     NaN in an image plane, which has no thickness
 * @param centroidMm mean position of its voxel centres, LPS mm
 * @param mean mean of the image over its voxels, in the image's unit; empty without an image
 * @param touchesBorder whether one of its voxels lies on the first or last plane along an index
 *     axis of more than one plane; the single plane of a 2-D image is no border
 * @param bounds the smallest box of voxel indices that holds it
 */
public record LabelStatistics(
    int label,
    long voxels,
    double volumeMm3,
    Vector3 centroidMm,
    OptionalDouble mean,
    boolean touchesBorder,
    IndexBox bounds) {

  /** Measures every label of a volume without an image, in ascending order of label. */
  public static List<LabelStatistics> of(LabelVolume labels) {
    return measure(labels, null);
  }

  /**
   * Measures every label of a volume and the image under it, in ascending order of label.
   *
   * @throws InvalidStudyException {@code GRID_MISMATCH} when the two do not lie on one grid (to a
   *     thousandth of a voxel), {@code NON_FINITE_SAMPLES} when the image is not finite under a
   *     label
   */
  public static List<LabelStatistics> of(LabelVolume labels, Volume image) {
    requireOneGrid(labels.geometry(), image.geometry());
    return measure(labels, image);
  }

  private static List<LabelStatistics> measure(LabelVolume volume, @Nullable Volume image) {
    short[] labels = VoxelArrays.labels(volume);
    Extents n = volume.extents();
    @Nullable Sums[] byLabel = new Sums[1 << Short.SIZE];
    short[] background = new short[n.i()];
    float[] samples = new float[n.i()];
    for (int k = 0; k < n.k(); k++) {
      for (int j = 0; j < n.j(); j++) {
        int row = n.offset(0, j, k);
        if (!Arrays.equals(labels, row, row + n.i(), background, 0, n.i())) {
          if (image != null) {
            VoxelArrays.read(image, row, n.i(), samples);
          }
          addRow(labels, samples, n, j, k, byLabel);
        }
      }
    }
    List<LabelStatistics> found = new ArrayList<>();
    for (int label = 1; label < byLabel.length; label++) {
      Sums sums = byLabel[label];
      if (sums != null) {
        found.add(sums.finish(label, volume.geometry(), image != null));
      }
    }
    return List.copyOf(found);
  }

  /** Adds a row; {@code samples} are those of the row alone, 0 without an image. */
  private static void addRow(
      short[] labels, float[] samples, Extents n, int j, int k, @Nullable Sums[] byLabel) {
    int row = n.offset(0, j, k);
    for (int i = 0; i < n.i(); i++) {
      int label = Short.toUnsignedInt(labels[row + i]);
      if (label == 0) { // most voxels
        continue;
      }
      Sums sums = byLabel[label];
      if (sums == null) {
        sums = new Sums();
        byLabel[label] = sums;
      }
      sums.add(i, j, k, samples[i]);
    }
  }

  /** Returns the statistics of one label out of a list, or empty when it is not in the list. */
  public static Optional<LabelStatistics> find(List<LabelStatistics> statistics, int label) {
    return statistics.stream().filter(s -> s.label() == label).findFirst();
  }

  private static void requireOneGrid(GridGeometry labels, GridGeometry image) {
    if (!labels.sameAs(image, GridGeometry.SAME_VOXELS)) {
      throw new InvalidStudyException(
          "GRID_MISMATCH",
          "labels and image must lie on one grid; the labels have %s, the image has %s, or their"
                  .formatted(labels.describe(), image.describe())
              + " positions differ by more than a thousandth of a voxel");
    }
  }

  /** Running sums of one label. */
  private static final class Sums {
    private long voxels;
    private long sumI;
    private long sumJ;
    private long sumK;
    private double sum;
    private int i0 = Integer.MAX_VALUE;
    private int j0 = Integer.MAX_VALUE;
    private int k0 = Integer.MAX_VALUE;
    private int i1;
    private int j1;
    private int k1;

    void add(int i, int j, int k, float sample) {
      voxels++;
      sumI += i;
      sumJ += j;
      sumK += k;
      sum += sample;
      i0 = Math.min(i0, i);
      j0 = Math.min(j0, j);
      k0 = Math.min(k0, k);
      i1 = Math.max(i1, i);
      j1 = Math.max(j1, j);
      k1 = Math.max(k1, k);
    }

    LabelStatistics finish(int label, GridGeometry grid, boolean hasImage) {
      if (!Double.isFinite(sum)) {
        throw new InvalidStudyException(
            "NON_FINITE_SAMPLES",
            "the image holds NaN or infinite values under label %s".formatted(label));
      }
      IndexBox bounds = new IndexBox(i0, j0, k0, i1 + 1, j1 + 1, k1 + 1);
      Vector3 meanIndex =
          new Vector3((double) sumI / voxels, (double) sumJ / voxels, (double) sumK / voxels);
      return new LabelStatistics(
          label,
          voxels,
          grid.space() == GridGeometry.Space.IMAGE_PLANE
              ? Double.NaN
              : voxels * grid.voxelVolumeMm3(),
          grid.toWorldMm(meanIndex),
          hasImage ? OptionalDouble.of(sum / voxels) : OptionalDouble.empty(),
          touchesBorder(bounds, grid.extents()),
          bounds);
    }

    private static boolean touchesBorder(IndexBox bounds, Extents extents) {
      for (int axis = 0; axis < 3; axis++) {
        int n = extents.get(axis);
        if (n > 1 && (bounds.start(axis) == 0 || bounds.end(axis) == n)) {
          return true;
        }
      }
      return false;
    }
  }
}
