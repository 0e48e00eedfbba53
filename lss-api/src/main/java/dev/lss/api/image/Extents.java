package dev.lss.api.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How many voxels a grid has along each index axis. Immutable.
 *
 * @param i voxels along the first (fastest) axis, at least 1
 * @param j voxels along the second axis, at least 1
 * @param k voxels along the third (slowest) axis, at least 1
 */
public record Extents(int i, int j, int k) {

  /** Refuses extents below 1 and grids of more voxels than one array can hold. */
  public Extents {
    if (i < 1 || j < 1 || k < 1) {
      throw new IllegalArgumentException(
          "extents must be at least 1, were " + i + " x " + j + " x " + k);
    }
    long voxels = (long) i * j;
    if (voxels > Integer.MAX_VALUE - 16 || voxels * k > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          "a grid holds at most 2^31-17 voxels, asked for " + i + " x " + j + " x " + k);
    }
  }

  /** Returns the extents whose number along each axis, 0 to 2, is the function's value. */
  public static Extents of(IntUnaryOperator perAxis) {
    return new Extents(perAxis.applyAsInt(0), perAxis.applyAsInt(1), perAxis.applyAsInt(2));
  }

  /** Returns the number of voxels. */
  public int voxels() {
    return i * j * k;
  }

  /** Returns the extent along {@code axis}: 0 is i, 1 is j, 2 is k. */
  public int get(int axis) {
    return Axes.pick(axis, i, j, k);
  }

  /** Returns these extents with the one along {@code axis} replaced. */
  public Extents with(int axis, int value) {
    Axes.check(axis);
    return of(a -> a == axis ? value : get(a));
  }

  /** Returns the array index of voxel (i, j, k); the caller keeps it inside the grid. */
  public int offset(int iIndex, int jIndex, int kIndex) {
    return iIndex + i * (jIndex + j * kIndex);
  }

  /** Returns the array index of a voxel, or refuses one that is not the grid's. */
  int offsetInside(int iIndex, int jIndex, int kIndex) {
    if (!contains(iIndex, jIndex, kIndex)) {
      throw new IndexOutOfBoundsException(
          "a grid of %s has no voxel (%s, %s, %s)".formatted(this, iIndex, jIndex, kIndex));
    }
    return offset(iIndex, jIndex, kIndex);
  }

  /** A row of a box. */
  interface Row {

    /**
     * Takes a row.
     *
     * @param from array index of its first voxel in the grid
     * @param count how many voxels it has
     * @param at array index of its first voxel in the box
     */
    void at(int from, int count, int at);
  }

  /** Visits the rows of a box along i, in the order of memory. */
  void forEachRow(IndexBox box, Row row) {
    if (!box.isInside(this)) {
      throw new IllegalArgumentException(
          "the box must lie inside the grid of %s, was %s".formatted(this, box));
    }
    int width = box.i1() - box.i0();
    int at = 0;
    for (int kIndex = box.k0(); kIndex < box.k1(); kIndex++) {
      for (int jIndex = box.j0(); jIndex < box.j1(); jIndex++) {
        row.at(offset(box.i0(), jIndex, kIndex), width, at);
        at += width;
      }
    }
  }

  /** Returns whether voxel (i, j, k) is one of the grid's. */
  public boolean contains(int iIndex, int jIndex, int kIndex) {
    return iIndex >= 0 && jIndex >= 0 && kIndex >= 0 && iIndex < i && jIndex < j && kIndex < k;
  }

  /**
   * Returns the eight corners of the grid, as continuous voxel indices: {@code (0, 0, 0)} first, i
   * changes fastest.
   *
   * @param rimVoxels how far outside the centres of the outermost voxels they lie: 0 for the
   *     centres themselves, 0.5 for the outer faces of the voxels
   */
  public List<Vector3> corners(double rimVoxels) {
    List<Vector3> corners = new ArrayList<>();
    for (int corner = 0; corner < 8; corner++) {
      int bits = corner;
      corners.add(
          Vector3.of(axis -> (bits >> axis & 1) == 0 ? 0 - rimVoxels : get(axis) - 1 + rimVoxels));
    }
    return List.copyOf(corners);
  }

  @Override
  public String toString() {
    return i + " x " + j + " x " + k;
  }
}
