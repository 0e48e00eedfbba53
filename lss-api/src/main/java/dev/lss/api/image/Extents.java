package dev.lss.api.image;

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

  /** Returns the number of voxels. */
  public int voxels() {
    return i * j * k;
  }

  /** Returns the extent along {@code axis}: 0 is i, 1 is j, 2 is k. */
  public int get(int axis) {
    return switch (axis) {
      case 0 -> i;
      case 1 -> j;
      case 2 -> k;
      default -> throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    };
  }

  /** Returns these extents with the one along {@code axis} replaced. */
  public Extents with(int axis, int value) {
    return switch (axis) {
      case 0 -> new Extents(value, j, k);
      case 1 -> new Extents(i, value, k);
      case 2 -> new Extents(i, j, value);
      default -> throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    };
  }

  /** Returns the array index of voxel (i, j, k); the caller keeps it inside the grid. */
  public int offset(int iIndex, int jIndex, int kIndex) {
    return iIndex + i * (jIndex + j * kIndex);
  }

  @Override
  public String toString() {
    return i + " x " + j + " x " + k;
  }
}
