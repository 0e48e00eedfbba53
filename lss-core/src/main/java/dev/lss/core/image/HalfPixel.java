package dev.lss.core.image;

/**
 * The map between two grids of one axis over the same length: both have their outer faces at the
 * same places, so sample {@code o} of one lies at {@code (o + 0.5) * from / to - 0.5} among the
 * samples of the other (half-pixel grids, {@code align_corners = false}). The only such map.
 * Immutable.
 *
 * @param from samples of the grid in which positions are wanted, at least 1
 * @param to samples of the grid that the positions are of, at least 1
 */
public record HalfPixel(int from, int to) {

  /** Refuses an empty grid. */
  public HalfPixel {
    if (from < 1 || to < 1) {
      throw new IllegalArgumentException(
          "a grid has at least one sample, were %s and %s".formatted(from, to));
    }
  }

  /** Returns where position {@code o}, which need not be whole, lies among the other samples. */
  public double at(double o) {
    return (o + 0.5) * from / to - 0.5;
  }

  /**
   * Returns the same but for the last bit: divided first and then multiplied, as skimage and SciPy
   * do it, whose voxels those of nnU-Net must be.
   */
  public double byRatio(double o) {
    return (o + 0.5) * ((double) from / to) - 0.5;
  }

  /** Returns the sample nearest to sample {@code o}, the later one of two (nnU-Net order 0). */
  int nearest(int o) {
    return (int) Math.floor(inside(byRatio(o), from) + 0.5);
  }

  /** Returns a position, or the first or last of so many samples when it lies outside them. */
  static double inside(double position, int samples) {
    return Math.min(Math.max(position, 0), samples - 1);
  }
}
