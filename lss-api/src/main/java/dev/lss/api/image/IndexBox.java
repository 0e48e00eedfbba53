package dev.lss.api.image;

import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A half-open box of voxel indices: {@code i0 <= i < i1}, likewise j and k. It may reach outside a
 * grid; {@link #intersect} cuts it. Never empty. Immutable.
 *
 * @param i0 first index along i
 * @param j0 first index along j
 * @param k0 first index along k
 * @param i1 index behind the last along i
 * @param j1 index behind the last along j
 * @param k1 index behind the last along k
 */
public record IndexBox(int i0, int j0, int k0, int i1, int j1, int k1) {

  /** Refuses an empty box. */
  public IndexBox {
    if (i1 <= i0 || j1 <= j0 || k1 <= k0) {
      throw new IllegalArgumentException(
          "a box holds at least one voxel, was [%s, %s) x [%s, %s) x [%s, %s)"
              .formatted(i0, i1, j0, j1, k0, k1));
    }
  }

  /** Returns the box that covers a whole grid. */
  public static IndexBox of(Extents extents) {
    return new IndexBox(0, 0, 0, extents.i(), extents.j(), extents.k());
  }

  /** Returns the box whose first index, and the one behind the last, are these along each axis. */
  public static IndexBox of(IntUnaryOperator start, IntUnaryOperator end) {
    return new IndexBox(
        start.applyAsInt(0),
        start.applyAsInt(1),
        start.applyAsInt(2),
        end.applyAsInt(0),
        end.applyAsInt(1),
        end.applyAsInt(2));
  }

  /** Returns the box of so many voxels whose first one is (i, j, k). */
  public static IndexBox at(int i, int j, int k, Extents size) {
    return new IndexBox(i, j, k, i + size.i(), j + size.j(), k + size.k());
  }

  /** Returns the number of voxels along each axis. */
  public Extents extents() {
    return new Extents(i1 - i0, j1 - j0, k1 - k0);
  }

  /** Returns the first index along {@code axis}. */
  public int start(int axis) {
    return Axes.pick(axis, i0, j0, k0);
  }

  /** Returns the index behind the last along {@code axis}. */
  public int end(int axis) {
    return Axes.pick(axis, i1, j1, k1);
  }

  /** Returns whether the box lies inside a grid of these extents. */
  public boolean isInside(Extents extents) {
    return i0 >= 0
        && j0 >= 0
        && k0 >= 0
        && i1 <= extents.i()
        && j1 <= extents.j()
        && k1 <= extents.k();
  }

  /** Returns the voxels that are in both boxes; empty when there are none. */
  public Optional<IndexBox> shared(IndexBox other) {
    for (int axis = 0; axis < 3; axis++) {
      if (start(axis) >= other.end(axis) || other.start(axis) >= end(axis)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        of(
            axis -> Math.max(start(axis), other.start(axis)),
            axis -> Math.min(end(axis), other.end(axis))));
  }

  /**
   * Returns the part of the box inside a grid.
   *
   * @throws IllegalArgumentException when box and grid share no voxel
   */
  public IndexBox intersect(Extents extents) {
    IndexBox grid = of(extents);
    return shared(grid)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the box shares no voxel with a grid of %s, was %s".formatted(extents, this)));
  }
}
