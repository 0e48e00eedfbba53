package dev.lss.core.ultrasound;

import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * Where a picture is grainy: the grey values of the 3 x 3 pixels around span at least 3. Beyond the
 * border the outer pixels count again. Immutable.
 */
final class Grain {

  private static final float SPAN = 3;

  /** A row or column at the rim of a box is flat when less of its tissue is grainy. */
  private static final double FLAT = 0.25;

  /** It is flat, too, when less of all its pixels are grainy tissue. */
  private static final double FEW = 0.13;

  private static final int FLAT_RUN = 3;
  private static final int RIM_SHARE = 12;

  private final int columns;
  private final int rows;
  private final boolean[] pixels;

  private Grain(int columns, int rows, boolean[] pixels) {
    this.columns = columns;
    this.rows = rows;
    this.pixels = pixels;
  }

  /** Returns the number of pixels across. */
  int columns() {
    return columns;
  }

  /** Returns the number of pixels down. */
  int rows() {
    return rows;
  }

  /** Returns whether the pixel with this array index is grainy. */
  boolean at(int pixel) {
    return pixels[pixel];
  }

  static Grain of(Volume plane) {
    int columns = plane.extents().i();
    int rows = plane.extents().j();
    float[] samples = VoxelArrays.samples(plane);
    float[] most = new float[samples.length];
    float[] least = new float[samples.length];
    for (int j = 0; j < rows; j++) {
      int row = j * columns;
      for (int i = 0; i < columns; i++) {
        float left = samples[row + Math.max(i - 1, 0)];
        float right = samples[row + Math.min(i + 1, columns - 1)];
        most[row + i] = Math.max(samples[row + i], Math.max(left, right));
        least[row + i] = Math.min(samples[row + i], Math.min(left, right));
      }
    }
    boolean[] grainy = new boolean[samples.length];
    for (int j = 0; j < rows; j++) {
      int row = j * columns;
      int up = Math.max(j - 1, 0) * columns;
      int down = Math.min(j + 1, rows - 1) * columns;
      for (int i = 0; i < columns; i++) {
        float high = Math.max(most[row + i], Math.max(most[up + i], most[down + i]));
        float low = Math.min(least[row + i], Math.min(least[up + i], least[down + i]));
        grainy[row + i] = high - low >= SPAN;
      }
    }
    return new Grain(columns, rows, grainy);
  }

  /**
   * Returns a box without its flat rim: along each side, what lies outside of the last three or
   * more flat rows or columns within a twelfth of the box, so that a ruler beside the tissue goes
   * too.
   */
  IndexBox trimmed(IndexBox box, BitSet tissue) {
    int i0 = box.i0();
    int i1 = box.i1();
    int j0 = box.j0();
    int j1 = box.j1();
    int top = rim(j1 - j0, n -> isFlat(tissue, box.i0(), box.i1(), box.j0() + n, box.j0() + n + 1));
    int bottom =
        rim(j1 - j0, n -> isFlat(tissue, box.i0(), box.i1(), box.j1() - n - 1, box.j1() - n));
    j0 += top;
    j1 -= bottom;
    int first = j0;
    int last = j1;
    int left = rim(i1 - i0, n -> isFlat(tissue, box.i0() + n, box.i0() + n + 1, first, last));
    int right = rim(i1 - i0, n -> isFlat(tissue, box.i1() - n - 1, box.i1() - n, first, last));
    return new IndexBox(i0 + left, j0, 0, i1 - right, j1, 1);
  }

  /** Returns how many rows or columns to leave out, counted from the rim. */
  private static int rim(int size, IntPredicate flat) {
    int reach = size / RIM_SHARE;
    int rim = 0;
    int run = 0;
    for (int n = 0; n < reach; n++) {
      run = flat.test(n) ? run + 1 : 0;
      if (run >= FLAT_RUN || (run > 0 && run == n + 1)) {
        rim = n + 1;
      }
    }
    return rim;
  }

  private boolean isFlat(BitSet tissue, int i0, int i1, int j0, int j1) {
    int grainy = 0;
    int count = 0;
    for (int j = j0; j < j1; j++) {
      for (int i = i0; i < i1; i++) {
        if (tissue.get(j * columns + i)) {
          count++;
          grainy += pixels[j * columns + i] ? 1 : 0;
        }
      }
    }
    return grainy < Math.max(FLAT * count, FEW * (i1 - i0) * (j1 - j0));
  }
}
