package dev.lss.core.image;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The separate pieces of a structure: voxels are together when they share a face (6 neighbours).
 *
 * <p>Pieces are numbered from 0 in the order of their first voxels in memory. They are stored as
 * runs along i, so the memory grows with the surface of the structure and not with the image.
 * Immutable.
 */
public final class ConnectedComponents {

  private final Extents extents;
  private int runs;
  private int[] start = new int[64]; // array index of a run's first voxel
  private int[] length = new int[64];
  private int[] component = new int[64]; // while building: a run that this one hangs on
  private int[] sizes = {};

  private ConnectedComponents(Extents extents, boolean[] mask) {
    this.extents = extents;
    int rows = extents.j() * extents.k();
    int[] firstRun = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      firstRun[row] = runs;
      addRuns(row * extents.i(), mask);
      firstRun[row + 1] = runs;
      if (row % extents.j() > 0) {
        join(firstRun, row, row - 1);
      }
      if (row >= extents.j()) {
        join(firstRun, row, row - extents.j());
      }
    }
    number();
  }

  /**
   * Finds the pieces of a mask.
   *
   * @param extents the grid
   * @param mask tells from the array index whether a voxel belongs to the structure
   */
  public static ConnectedComponents of(Extents extents, IntPredicate mask) {
    boolean[] set = new boolean[extents.voxels()];
    for (int n = 0; n < set.length; n++) {
      set[n] = mask.test(n);
    }
    return of(extents, set);
  }

  /**
   * Finds the pieces of a mask.
   *
   * @param extents the grid
   * @param mask by array index
   */
  public static ConnectedComponents of(Extents extents, boolean[] mask) {
    if (mask.length != extents.voxels()) {
      throw new IllegalArgumentException(
          "a mask of %s must have %s values, had %s"
              .formatted(extents, extents.voxels(), mask.length));
    }
    return new ConnectedComponents(extents, mask);
  }

  /** Returns the number of pieces; 0 when the structure is absent. */
  public int count() {
    return sizes.length;
  }

  /** Returns the number of voxels of one piece. */
  public int voxels(int piece) {
    return sizes[piece];
  }

  /**
   * Returns the number of the largest piece; of equal ones, the one that comes first in memory.
   *
   * @throws IllegalStateException when there is no piece
   */
  public int largest() {
    if (sizes.length == 0) {
      throw new IllegalStateException("an absent structure has no largest piece");
    }
    int best = 0;
    for (int piece = 1; piece < sizes.length; piece++) {
      if (sizes[piece] > sizes[best]) {
        best = piece;
      }
    }
    return best;
  }

  /** Returns the tight box around one piece. */
  public IndexBox box(int piece) {
    int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
    int[] high = {0, 0, 0};
    forEachRun(
        piece,
        (from, count) -> {
          int i = from % extents.i();
          int j = from / extents.i() % extents.j();
          int k = from / extents.i() / extents.j();
          low[0] = Math.min(low[0], i);
          low[1] = Math.min(low[1], j);
          low[2] = Math.min(low[2], k);
          high[0] = Math.max(high[0], i + count);
          high[1] = Math.max(high[1], j + 1);
          high[2] = Math.max(high[2], k + 1);
        });
    return new IndexBox(low[0], low[1], low[2], high[0], high[1], high[2]);
  }

  /** Takes neighbouring voxels along i. */
  @FunctionalInterface
  public interface RunConsumer {

    /** Takes the voxels with array index {@code from} to {@code from + count - 1}. */
    void accept(int from, int count);
  }

  /**
   * Hands out the voxels of one piece in memory order.
   *
   * @throws IndexOutOfBoundsException when there is no such piece
   */
  public void forEachRun(int piece, RunConsumer consumer) {
    if (piece < 0 || piece >= sizes.length) {
      throw new IndexOutOfBoundsException(
          "piece must lie in [0, %s), was %s".formatted(sizes.length, piece));
    }
    for (int run = 0; run < runs; run++) {
      if (component[run] == piece) {
        consumer.accept(start[run], length[run]);
      }
    }
  }

  private void addRuns(int rowStart, boolean[] mask) {
    int n = rowStart;
    int end = rowStart + extents.i();
    while (n < end) {
      if (!mask[n]) {
        n++;
        continue;
      }
      int from = n;
      while (n < end && mask[n]) {
        n++;
      }
      if (runs == start.length) {
        int capacity = runs + (runs >> 1);
        start = Arrays.copyOf(start, capacity);
        length = Arrays.copyOf(length, capacity);
        component = Arrays.copyOf(component, capacity);
      }
      start[runs] = from;
      length[runs] = n - from;
      component[runs] = runs;
      runs++;
    }
  }

  /** Joins the runs of two neighbouring rows that overlap in i. */
  private void join(int[] firstRun, int row, int before) {
    int a = firstRun[row];
    int b = firstRun[before];
    int shift = (row - before) * extents.i();
    while (a < firstRun[row + 1] && b < firstRun[before + 1]) {
      int startB = start[b] + shift;
      if (start[a] < startB + length[b] && startB < start[a] + length[a]) {
        unite(a, b);
      }
      if (start[a] + length[a] < startB + length[b]) {
        a++;
      } else {
        b++;
      }
    }
  }

  /** Hangs the later root on the earlier one, so that a root is the first run of its piece. */
  private void unite(int a, int b) {
    int rootA = root(a);
    int rootB = root(b);
    component[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  private int root(int run) {
    int n = run;
    while (component[n] != n) {
      component[n] = component[component[n]];
      n = component[n];
    }
    return n;
  }

  /** Replaces roots by piece numbers, and counts voxels. */
  private void number() {
    int pieces = 0;
    int[] voxels = new int[16];
    for (int run = 0; run < runs; run++) {
      // A parent is an earlier run, so it holds its piece number by now.
      int piece = component[run] == run ? pieces++ : component[component[run]];
      if (piece == voxels.length) {
        voxels = Arrays.copyOf(voxels, 2 * piece);
      }
      component[run] = piece;
      voxels[piece] += length[run];
    }
    sizes = Arrays.copyOf(voxels, pieces);
  }
}
