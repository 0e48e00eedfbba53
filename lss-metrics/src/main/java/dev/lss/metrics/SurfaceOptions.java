package dev.lss.metrics;

/**
 * How surfaces are compared. Immutable.
 *
 * @param convention what counts as surface
 * @param emptyPolicy what distances and surface Dice are when a label is in neither map
 * @param threads how many labels are worked on at the same time, at least 1; each takes about 18
 *     bytes for every voxel of the box around it, and the number changes no result
 */
public record SurfaceOptions(SurfaceConvention convention, EmptyPolicy emptyPolicy, int threads) {

  /** Area-weighted surfaces, undefined when both are empty, one thread. */
  public static final SurfaceOptions STANDARD =
      new SurfaceOptions(SurfaceConvention.AREA_WEIGHTED, EmptyPolicy.UNDEFINED, 1);

  /** Refuses less than one thread. */
  public SurfaceOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
  }

  /** Returns these options with another convention. */
  public SurfaceOptions with(SurfaceConvention other) {
    return new SurfaceOptions(other, emptyPolicy, threads);
  }

  /** Returns these options with another number of threads. */
  public SurfaceOptions withThreads(int other) {
    return new SurfaceOptions(convention, emptyPolicy, other);
  }
}
