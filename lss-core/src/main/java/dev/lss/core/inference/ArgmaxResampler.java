package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the logits of all classes to a finer grid and makes labels of them, without ever holding
 * all resampled classes: slice by slice, class after class, the running best. The same labels as
 * the argmax over all resampled classes; the first class wins ties, so a later one must be strictly
 * larger.
 *
 * <p>Half-pixel grids, computed in double precision and rounded once.
 */
public final class ArgmaxResampler {

  private ArgmaxResampler() {}

  /**
   * Returns the labels on a grid that covers the same space.
   *
   * @param logits one volume per class, on one grid, at most 65536
   * @param target the grid of the labels; its extents decide, its affine is handed on
   * @param rule how logits become labels
   * @param pool threads to work on
   * @param cancellation looked at between slabs
   */
  public static LabelVolume labels(
      List<Volume> logits,
      GridGeometry target,
      LabelRule rule,
      StagePool pool,
      CancellationToken cancellation) {
    Extents in = logits.get(0).extents();
    if (logits.size() > 1 << 16 || !logits.stream().allMatch(v -> v.extents().equals(in))) {
      throw new IllegalArgumentException("logits must be at most 65536 volumes on one grid");
    }
    if (!rule.regions().isEmpty() && rule.regions().size() != logits.size()) {
      throw new IllegalArgumentException(
          "%d regions need as many logits, were %d"
              .formatted(rule.regions().size(), logits.size()));
    }
    Extents out = target.extents();
    LinearAxis iAxis = rule.axis(0, in.i(), out.i());
    LinearAxis jAxis = rule.axis(1, in.j(), out.j());
    LinearAxis kAxis = rule.axis(2, in.k(), out.k());
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
                interpolator.row(j, rule.arithmetic(), row);
                int at = out.offset(0, j, k);
                if (rule.regions().isEmpty()) {
                  keepBest(row, best, out.i() * j, labels, at, (short) c);
                } else {
                  overwrite(row, labels, at, rule.regions().get(c).shortValue());
                }
              }
            }
          }
        });
    return LabelVolume.wrap(target, labels);
  }

  private static void overwrite(float[] row, short[] labels, int labelAt, short label) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] > 0) {
        labels[labelAt + i] = label;
      }
    }
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
