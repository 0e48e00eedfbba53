package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.api.image.Volume;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean of the logits of several networks, summed in the order in which they are added, as
 * nnU-Net averages folds: logits, not probabilities. Holds the sum and not the parts. Not
 * thread-safe; it uses the pool by itself.
 */
public final class FoldMean {

  private final Arithmetic arithmetic;
  private final StagePool pool;
  private final List<Volume> sum = new ArrayList<>();
  private int folds;

  /**
   * Starts with no network.
   *
   * @param arithmetic how sums are rounded
   * @param pool threads to work on
   */
  public FoldMean(Arithmetic arithmetic, StagePool pool) {
    this.arithmetic = arithmetic;
    this.pool = pool;
  }

  /**
   * Adds the logits of one network.
   *
   * @param logits one volume per class; those of the first network are taken over and written to
   */
  public void add(List<Volume> logits) {
    folds++;
    if (folds == 1) {
      sum.addAll(logits);
      return;
    }
    for (int c = 0; c < sum.size(); c++) {
      float[] total = sum.get(c).unsafeSamples();
      float[] more = logits.get(c).unsafeSamples();
      pool.forEach(
          total.length,
          (from, to) -> {
            for (int v = from; v < to; v++) {
              total[v] += more[v];
            }
            arithmetic.round(total, from, to - from);
          });
    }
  }

  /**
   * Returns the mean, one volume per class; may be called once.
   *
   * @throws BackendException {@code NUMERIC} when a sum is beyond half precision
   */
  public List<Volume> mean() {
    for (Volume volume : folds > 1 ? sum : List.<Volume>of()) {
      float[] total = volume.unsafeSamples();
      pool.forEach(
          total.length,
          (from, to) -> {
            for (int v = from; v < to; v++) {
              total[v] /= folds;
            }
            arithmetic.round(total, from, to - from);
            arithmetic.requireFinite(total, from, to);
          });
    }
    return List.copyOf(sum);
  }
}
