package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.image.LinearAxis;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the logits of all classes to a finer grid and makes labels of them, without ever holding
 * all resampled classes: slice by slice as the logits become final, class after class, the running
 * best. The same labels as the argmax over all resampled classes; the first class wins ties, so a
 * later one must be strictly larger.
 *
 * <p>Half-pixel grids, computed in double precision and rounded once. Not thread-safe; it uses the
 * pool by itself.
 */
public final class ArgmaxResampler implements LogitSink {

  private final Extents in;
  private final GridGeometry target;
  private final LabelRule rule;
  private final StagePool pool;
  private final CancellationToken cancellation;
  private final LinearAxis iAxis;
  private final LinearAxis jAxis;
  private final LinearAxis kAxis;
  private final short[] labels;
  private int next;

  /**
   * Starts without labels.
   *
   * @param in extents of the logits
   * @param target a grid that covers the same space; its extents decide, its affine is handed on
   * @param rule how logits become labels
   * @param pool threads to work on
   * @param cancellation looked at between slabs
   */
  public ArgmaxResampler(
      Extents in,
      GridGeometry target,
      LabelRule rule,
      StagePool pool,
      CancellationToken cancellation) {
    this.in = in;
    this.target = target;
    this.rule = rule;
    this.pool = pool;
    this.cancellation = cancellation;
    Extents out = target.extents();
    iAxis = rule.axis(0, in.i(), out.i());
    jAxis = rule.axis(1, in.j(), out.j());
    kAxis = rule.axis(2, in.k(), out.k());
    labels = new short[out.voxels()];
  }

  /** Returns the labels of logits that are all there, as the constructor and {@link #accept}. */
  public static LabelVolume labels(
      List<Volume> logits,
      GridGeometry target,
      LabelRule rule,
      StagePool pool,
      CancellationToken cancellation) {
    LogitVolumes all = LogitVolumes.of(logits);
    ArgmaxResampler resampler =
        new ArgmaxResampler(all.extents(), target, rule, pool, cancellation);
    resampler.accept(all, 0, all.extents().k());
    return resampler.labels();
  }

  @Override
  public void accept(LogitSlices logits, int from, int to) {
    if (logits.classes() > 1 << 16 || !logits.extents().equals(in)) {
      throw new IllegalArgumentException(
          "needs at most 65536 classes of %s, got %s of %s"
              .formatted(in, logits.classes(), logits.extents()));
    }
    if (!rule.regions().isEmpty() && rule.regions().size() != logits.classes()) {
      throw new IllegalArgumentException(
          "%s regions need as many logits, were %s"
              .formatted(rule.regions().size(), logits.classes()));
    }
    int first = next;
    while (next < target.extents().k() && kAxis.upper(next) < to) {
      next++;
    }
    pool.forEach(next - first, cancellation, (a, b) -> label(logits, first + a, first + b));
  }

  private void label(LogitSlices logits, int from, int to) {
    Extents out = target.extents();
    SliceInterpolator interpolator = new SliceInterpolator(in, iAxis, jAxis, kAxis);
    float[] row = new float[out.i()];
    float[] best = new float[out.i() * out.j()];
    for (int k = from; k < to; k++) {
      int lower = logits.offset(kAxis.lower(k));
      int upper = logits.offset(kAxis.upper(k));
      Arrays.fill(best, Float.NEGATIVE_INFINITY);
      for (int c = 0; c < logits.classes(); c++) {
        interpolator.slice(logits.samples(c), k, lower, upper);
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
  }

  /**
   * Returns the labels.
   *
   * @throws IllegalStateException before the last slice was taken
   */
  public LabelVolume labels() {
    if (next < target.extents().k()) {
      throw new IllegalStateException(
          "labels are made up to slice %s of %s".formatted(next, target.extents().k()));
    }
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
