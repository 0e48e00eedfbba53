package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.spi.FloatTensor;
import java.util.List;

/**
 * The mean of the logits of several networks, summed in their order, as nnU-Net averages folds:
 * logits, not probabilities. The sum takes the place of the first network's logits. Not
 * thread-safe; it uses the pool by itself.
 */
final class FoldMean {

  private final List<LogitAccumulator> folds;
  private final Arithmetic arithmetic;
  private final StagePool pool;

  /**
   * Starts with no tile.
   *
   * @param folds one accumulator for each network, without tiles
   * @param arithmetic how sums are rounded
   * @param pool threads to work on
   */
  FoldMean(List<LogitAccumulator> folds, Arithmetic arithmetic, StagePool pool) {
    this.folds = List.copyOf(folds);
    this.arithmetic = arithmetic;
    this.pool = pool;
  }

  /** Tells whether a tile has room in every fold; they fill up together. */
  boolean hasRoomFor(IndexBox tile) {
    return folds.get(0).hasRoomFor(tile);
  }

  /** Adds a tile of one network. */
  void add(int fold, IndexBox tile, FloatTensor logits) {
    folds.get(fold).add(tile, logits);
  }

  /**
   * Hands over the mean of the slices before {@code to}, which get no more tiles, and makes room.
   *
   * @throws IllegalStateException when a voxel was in no tile
   * @throws BackendException {@code NUMERIC} when a sum is beyond half precision
   */
  void finish(int to, LogitSink sink) {
    LogitAccumulator mean = folds.get(0);
    int from = mean.divided();
    folds.forEach(fold -> fold.divide(to));
    if (folds.size() > 1) {
      pool.forEach(
          to - from,
          (a, b) -> {
            for (int k = from + a; k < from + b; k++) {
              average(k);
            }
          });
    }
    sink.accept(mean, from, to);
    folds.forEach(LogitAccumulator::release);
  }

  private void average(int k) {
    LogitAccumulator mean = folds.get(0);
    Extents image = mean.extents();
    int from = mean.offset(k);
    int to = from + image.i() * image.j();
    for (int c = 0; c < mean.classes(); c++) {
      float[] total = mean.samples(c);
      for (LogitAccumulator fold : folds.subList(1, folds.size())) {
        float[] more = fold.samples(c);
        for (int v = from; v < to; v++) {
          total[v] += more[v];
        }
        arithmetic.round(total, from, to - from);
      }
      for (int v = from; v < to; v++) {
        total[v] /= folds.size();
      }
      arithmetic.round(total, from, to - from);
      arithmetic.requireFinite(total, from, to);
    }
  }
}
