package dev.lss.dicom;

/**
 * What is done about defects of a series. By default everything is refused that would put a voxel
 * where it does not belong. Immutable.
 */
public final class DicomOptions {

  private static final DicomOptions DEFAULTS = new DicomOptions(0.01, false);

  private final double gapTolerance;
  private final boolean correctsTilt;

  private DicomOptions(double gapTolerance, boolean correctsTilt) {
    this.gapTolerance = gapTolerance;
    this.correctsTilt = correctsTilt;
  }

  /** Returns the strict options: distances of slices within 1 %, a tilted gantry refused. */
  public static DicomOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with another tolerance for the distance of two slices.
   *
   * @param share largest deviation from the median distance, as a share of it, in [0, 0.2];
   *     deviations of 0.01 mm are always allowed
   */
  public DicomOptions withGapTolerance(double share) {
    if (!(share >= 0 && share <= 0.2)) {
      throw new IllegalArgumentException("share must lie in [0, 0.2], was " + share);
    }
    return new DicomOptions(share, correctsTilt);
  }

  /**
   * Returns these options with slices that drift sideways by more than a pixel, as with a tilted
   * gantry, moved back by linear interpolation within each slice. The voxels are then no longer
   * those of the scanner; where a slice does not reach they are padding.
   */
  public DicomOptions withTiltCorrected() {
    return new DicomOptions(gapTolerance, true);
  }

  double gapTolerance() {
    return gapTolerance;
  }

  boolean correctsTilt() {
    return correctsTilt;
  }
}
