package dev.lss.core.inference;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.model.TileRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the tiles of a sliding window lie, along an axis of S voxels and a patch of P. Immutable.
 *
 * <ul>
 *   <li>nnU-Net (sliding_window_prediction.py, 2.8.1): {@code n = ceil((S - P) / (P * step)) + 1}
 *       tiles, evenly spread, starting at {@code rint(m * (S - P) / (n - 1))}.
 *   <li>MONAI (dense_patch_slices, 1.6.1): tiles start every {@code max(1, (int) (P * (1 -
 *       overlap)))} voxels until one reaches the end; that one is moved back to end there.
 * </ul>
 *
 * <p>With both, an axis shorter than the patch is padded by {@code floor((P - S) / 2)} voxels
 * before and the rest behind, so its only tile starts at a negative index.
 *
 * @param image extents of the image
 * @param patch extents of one tile
 * @param starts first index of the tiles along i, j, k, ascending
 */
public record TileGrid(Extents image, Extents patch, List<List<Integer>> starts) {

  /** Copies the lists. */
  public TileGrid {
    starts = starts.stream().map(List::copyOf).toList();
  }

  /**
   * Lays tiles over an image.
   *
   * @param image extents of the image
   * @param patch extents of one tile
   * @param rule whose rule
   */
  public static TileGrid of(Extents image, Extents patch, TileRule rule) {
    List<List<Integer>> starts = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      starts.add(starts(image.get(axis), patch.get(axis), rule));
    }
    return new TileGrid(image, patch, starts);
  }

  /**
   * Lays tiles over an image slice by slice, for a network of rank 2.
   *
   * @param image extents of the image
   * @param patch extents of one tile, one voxel along k
   * @param rule whose rule
   */
  public static TileGrid slices(Extents image, Extents patch, TileRule rule) {
    TileGrid one = of(image.with(2, 1), patch, rule);
    List<Integer> all = IntStream.range(0, image.k()).boxed().toList();
    return new TileGrid(image, patch, List.of(one.starts(0), one.starts(1), all));
  }

  private static List<Integer> starts(int size, int patch, TileRule rule) {
    int slack = size - patch;
    if (slack <= 0) {
      return List.of(-(-slack / 2));
    }
    if (rule instanceof TileRule.Monai monai) {
      return atInterval(slack, Math.max(1, (int) (patch * (1 - monai.overlap()))));
    }
    return evenly(slack, patch, ((TileRule.NnUnet) rule).step());
  }

  private static List<Integer> atInterval(int slack, int interval) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start < slack; start += interval) {
      starts.add(start);
    }
    starts.add(slack);
    return starts;
  }

  private static List<Integer> evenly(int slack, int patch, double step) {
    int count = (int) Math.ceil(slack / (patch * step)) + 1;
    double actual = (double) slack / (count - 1);
    List<Integer> starts = new ArrayList<>(count);
    for (int m = 0; m < count; m++) {
      starts.add((int) Math.rint(actual * m));
    }
    return starts;
  }

  /** Returns the first indices along {@code axis}: 0 is i, 1 is j, 2 is k. */
  public List<Integer> starts(int axis) {
    return starts.get(axis);
  }

  /** Returns the number of tiles. */
  public int count() {
    return starts.get(0).size() * starts.get(1).size() * starts.get(2).size();
  }

  /**
   * Returns the tiles in nnU-Net's and MONAI's order: k outermost, i innermost. Those of a padded
   * axis reach outside the image.
   */
  public List<IndexBox> tiles() {
    List<IndexBox> tiles = new ArrayList<>(count());
    for (int k : starts(2)) {
      for (int j : starts(1)) {
        for (int i : starts(0)) {
          tiles.add(new IndexBox(i, j, k, i + patch.i(), j + patch.j(), k + patch.k()));
        }
      }
    }
    return tiles;
  }
}
