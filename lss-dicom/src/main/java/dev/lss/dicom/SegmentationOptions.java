package dev.lss.dicom;

/** How a segmentation is written. Immutable. */
public final class SegmentationOptions {

  private static final SegmentationOptions DEFAULTS = new SegmentationOptions(false, false);

  private final boolean isLabelmap;
  private final boolean makesIdentifiers;

  private SegmentationOptions(boolean isLabelmap, boolean makesIdentifiers) {
    this.isLabelmap = isLabelmap;
    this.makesIdentifiers = makesIdentifiers;
  }

  /**
   * Returns the usual options: one bit a pixel and segment, which every reader takes, and a source
   * without identifiers refused.
   */
  public static SegmentationOptions defaults() {
    return DEFAULTS;
  }

  /** Returns these options with a label map, one number a pixel: smaller, and newer (2024). */
  public SegmentationOptions withLabelmap() {
    return new SegmentationOptions(true, makesIdentifiers);
  }

  /**
   * Returns these options with new identifiers of study, series and frame of reference where the
   * source has none. They follow from the bytes of its files, so all that is made of one series
   * agrees, and no archive has them.
   */
  public SegmentationOptions withNewIdentifiers() {
    return new SegmentationOptions(isLabelmap, true);
  }

  boolean isLabelmap() {
    return isLabelmap;
  }

  boolean makesIdentifiers() {
    return makesIdentifiers;
  }
}
