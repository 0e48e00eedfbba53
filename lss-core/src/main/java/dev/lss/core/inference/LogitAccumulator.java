package dev.lss.core.inference;

import dev.lss.api.BackendException;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.spi.FloatTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Blends tiles: the weighted mean of all logits that a voxel was given. Every voxel sums in the
 * order in which the tiles are added, whatever the number of threads, one array per class.
 *
 * <p>Only a window of slices along k is held: tiles come with ascending k, so slices before the
 * next tile are final, are divided by their weights and make room. Not thread-safe; it uses the
 * pool by itself.
 */
final class LogitAccumulator implements LogitSlices {

  /** A window is not made smaller than this, so that thin tiles do not make room one by one. */
  private static final int FEWEST_SLICES = 32;

  private final Extents image;
  private final TileWindow window;
  private final float[] tileWeights;
  private final Arithmetic arithmetic;
  private final int slices;
  private final float[][] sums;
  private final float[] weights;
  private final StagePool pool;
  private int divided;
  private int held;

  /**
   * Starts with no tile.
   *
   * @param image extents of the image that is tiled
   * @param classes channels of the network's output
   * @param window weights of a tile
   * @param arithmetic how sums are rounded
   * @param pool threads to work on
   */
  LogitAccumulator(
      Extents image, int classes, TileWindow window, Arithmetic arithmetic, StagePool pool) {
    this.image = image;
    this.window = window;
    this.arithmetic = arithmetic;
    this.tileWeights = arithmetic == Arithmetic.EXACT ? window.halfWeights() : window.weights();
    this.slices = slices(image, window.patch());
    this.sums = new float[classes][slices * image.i() * image.j()];
    this.weights = new float[slices * image.i() * image.j()];
    this.pool = pool;
  }

  /** Returns how many slices are held at once: a tile's and one more, or all if they are fewer. */
  static int slices(Extents image, Extents patch) {
    return Math.min(image.k(), Math.max(patch.k() + 1, FEWEST_SLICES));
  }

  @Override
  public Extents extents() {
    return image;
  }

  @Override
  public int classes() {
    return sums.length;
  }

  @Override
  public float[] samples(int label) {
    return sums[label];
  }

  @Override
  public int offset(int k) {
    return k % slices * image.i() * image.j();
  }

  /** Returns the first slice that is not final yet. */
  int divided() {
    return divided;
  }

  /** Tells whether a tile can be added before slices are divided and released. */
  boolean hasRoomFor(IndexBox tile) {
    return Math.min(tile.k1(), image.k()) - held <= slices;
  }

  /**
   * Adds one tile; what lies outside the image is left out.
   *
   * @param tile where the tile lies, of the window's size
   * @param logits one sample, one channel per class
   */
  void add(IndexBox tile, FloatTensor logits) {
    Extents patch = window.patch();
    IndexBox inside = tile.intersect(image);
    if (inside.k0() < divided || !hasRoomFor(tile)) {
      throw new IllegalStateException(
          "slices %s to %s cannot be added to a window from %s on"
              .formatted(inside.k0(), inside.k1(), divided));
    }
    if (!tile.extents().equals(patch) || logits.shape().get(1) != sums.length) {
      throw new IllegalArgumentException(
          "a tile needs %s channels of %s, got a box of %s and a tensor of %s"
              .formatted(sums.length, patch, tile.extents(), logits.shape()));
    }
    List<FloatBuffer> channels =
        IntStream.range(0, sums.length).mapToObj(c -> Tile.channel(logits, c, patch)).toList();
    pool.forEach(
        inside.k1() - inside.k0(),
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
    int target = offset(k) + j * image.i() + inside.i0();
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
   * Divides the slices before {@code to} by their weights: they are final now and take no more
   * tiles.
   *
   * @throws IllegalStateException when a voxel was in no tile
   * @throws BackendException {@code NUMERIC} when a logit is beyond half precision
   */
  void divide(int to) {
    int first = divided;
    divided = to;
    pool.forEach(
        to - first,
        (a, b) -> {
          for (int k = first + a; k < first + b; k++) {
            divideSlice(offset(k), offset(k) + image.i() * image.j());
          }
        });
  }

  private void divideSlice(int from, int to) {
    for (int v = from; v < to; v++) {
      if (weights[v] == 0) {
        throw new IllegalStateException("a voxel of the image was in no tile");
      }
    }
    for (float[] sum : sums) {
      for (int v = from; v < to; v++) {
        sum[v] /= weights[v];
      }
      arithmetic.round(sum, from, to - from);
      arithmetic.requireFinite(sum, from, to);
    }
  }

  /** Makes room: of the final slices only the last one can still be read. */
  void release() {
    if (divided == image.k()) {
      return; // no tile comes any more
    }
    int slice = image.i() * image.j();
    for (; held < divided - 1; held++) {
      int from = offset(held);
      for (float[] sum : sums) {
        Arrays.fill(sum, from, from + slice, 0);
      }
      Arrays.fill(weights, from, from + slice, 0);
    }
  }
}
