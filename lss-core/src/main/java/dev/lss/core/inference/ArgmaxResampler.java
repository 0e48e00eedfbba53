package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the logits of all classes to a finer grid and keeps, for each voxel, the class with the
 * largest logit, without ever holding all resampled classes: slice by slice, class after class, the
 * running best. The same labels as the argmax over all resampled classes; the first class wins
 * ties, so a later one must be strictly larger.
 *
 * <p>Linear interpolation on half-pixel grids, computed in double precision, compared as floats.
 */
public final class ArgmaxResampler {

  private ArgmaxResampler() {}

  /**
   * Returns the index of the best class on a grid that covers the same space.
   *
   * @param logits one volume per class, on one grid, at most 65536
   * @param target the grid of the labels; its extents decide, its affine is handed on
   * @param pool threads to work on
   * @param cancellation looked at between slabs
   */
  public static LabelVolume labels(
      List<Volume> logits, GridGeometry target, StagePool pool, CancellationToken cancellation) {
    Extents in = logits.get(0).extents();
    if (logits.size() > 1 << 16 || !logits.stream().allMatch(v -> v.extents().equals(in))) {
      throw new IllegalArgumentException("logits must be at most 65536 volumes on one grid");
    }
    Extents out = target.extents();
    LinearAxis iAxis = LinearAxis.resize(in.i(), out.i());
    LinearAxis jAxis = LinearAxis.resize(in.j(), out.j());
    LinearAxis kAxis = LinearAxis.resize(in.k(), out.k());
    short[] labels = new short[out.voxels()];
    pool.forEach(
        out.k(),
        cancellation,
        (from, to) -> {
          SliceInterpolator interpolator = new SliceInterpolator(in, iAxis, jAxis, kAxis);
          float[] row = new float[out.i()];
          float[] best = new float[out.i() * out.j()];
          for (int k = from; k < to; k++) {
            Arrays.fill(best, Float.NEGATIVE_INFINITY);
            for (int c = 0; c < logits.size(); c++) {
              interpolator.slice(logits.get(c).unsafeSamples(), k);
              for (int j = 0; j < out.j(); j++) {
                interpolator.row(j, row);
                keepBest(row, best, out.i() * j, labels, out.offset(0, j, k), (short) c);
              }
            }
          }
        });
    return LabelVolume.wrap(target, labels);
  }

  /** Where a row is strictly larger than the best so far, replaces value and label. */
  static void keepBest(
      float[] row, float[] best, int bestAt, short[] labels, int labelAt, short label) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] > best[bestAt + i]) {
        best[bestAt + i] = row[i];
        labels[labelAt + i] = label;
      }
    }
  }
}
