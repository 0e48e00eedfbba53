package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.FloatTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stitches tiles: the weighted mean of all logits that a voxel was given. Every voxel sums in the
 * order in which the tiles are added, whatever the number of threads, one array per class. Not
 * thread-safe; it uses the pool by itself.
 */
public final class LogitAccumulator {

  private final GridGeometry grid;
  private final TileWindow window;
  private final float[] tileWeights;
  private final Arithmetic arithmetic;
  private final float[][] sums;
  private final float[] weights;
  private final StagePool pool;
  private boolean finished;

  /**
   * Starts with no tile.
   *
   * @param grid the grid that is tiled
   * @param classes channels of the network's output
   * @param window weights of a tile
   * @param arithmetic how sums are rounded
   * @param pool threads to work on
   */
  public LogitAccumulator(
      GridGeometry grid, int classes, TileWindow window, Arithmetic arithmetic, StagePool pool) {
    this.grid = grid;
    this.window = window;
    this.arithmetic = arithmetic;
    this.tileWeights = arithmetic == Arithmetic.EXACT ? window.halfWeights() : window.weights();
    this.sums = new float[classes][grid.extents().voxels()];
    this.weights = new float[grid.extents().voxels()];
    this.pool = pool;
  }

  /**
   * Adds one tile; what lies outside the grid is left out.
   *
   * @param tile where the tile lies, of the window's size
   * @param logits one sample, one channel per class
   */
  public void add(IndexBox tile, FloatTensor logits) {
    Extents patch = window.patch();
    if (finished) {
      throw new IllegalStateException("the tiles were already divided by their weights");
    }
    if (!tile.extents().equals(patch) || logits.shape().get(1) != sums.length) {
      throw new IllegalArgumentException(
          "a tile needs %d channels of %s, got a box of %s and a tensor of %s"
              .formatted(sums.length, patch, tile.extents(), logits.shape()));
    }
    List<FloatBuffer> channels =
        IntStream.range(0, sums.length).mapToObj(c -> Tile.channel(logits, c, patch)).toList();
    IndexBox inside = tile.intersect(grid.extents());
    int slices = inside.k1() - inside.k0();
    pool.forEach(
        slices,
        (from, to) -> {
          float[] row = new float[patch.i()];
          for (int k = inside.k0() + from; k < inside.k0() + to; k++) {
            for (int j = inside.j0(); j < inside.j1(); j++) {
              addRow(tile, inside, j, k, channels, row);
            }
          }
        });
  }

  private void addRow(
      IndexBox tile, IndexBox inside, int j, int k, List<FloatBuffer> channels, float[] row) {
    Extents patch = window.patch();
    int source = patch.offset(inside.i0() - tile.i0(), j - tile.j0(), k - tile.k0());
    int target = grid.extents().offset(inside.i0(), j, k);
    int n = inside.i1() - inside.i0();
    for (int c = 0; c < sums.length; c++) {
      channels.get(c).get(source, row, 0, n);
      float[] sum = sums[c];
      for (int i = 0; i < n; i++) {
        sum[target + i] += row[i] * tileWeights[source + i];
      }
      arithmetic.round(sum, target, n);
    }
    for (int i = 0; i < n; i++) {
      weights[target + i] += tileWeights[source + i];
    }
    arithmetic.round(weights, target, n);
  }

  /**
   * Divides by the weights and returns the logits, one volume per class. May be called once; no
   * tile can be added afterwards.
   *
   * @throws IllegalStateException when a voxel was in no tile
   * @throws BackendException {@code NUMERIC} when a logit is beyond half precision
   */
  public List<Volume> finish() {
    if (finished) {
      throw new IllegalStateException("the logits were already taken");
    }
    finished = true;
    pool.forEach(
        weights.length,
        (from, to) -> {
          for (int v = from; v < to; v++) {
            if (weights[v] == 0) {
              throw new IllegalStateException("a voxel of the grid was in no tile");
            }
          }
          for (float[] sum : sums) {
            for (int v = from; v < to; v++) {
              sum[v] /= weights[v];
            }
            arithmetic.round(sum, from, to - from);
            arithmetic.requireFinite(sum, from, to);
          }
        });
    List<Volume> logits = new ArrayList<>();
    for (float[] sum : sums) {
      logits.add(Volume.wrap(grid, sum));
    }
    return List.copyOf(logits);
  }
}
