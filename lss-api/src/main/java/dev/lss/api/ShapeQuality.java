package dev.lss.api;

/** Whether to rely on what was measured of the form of a spine; the later, the less. */
public enum ShapeQuality {
  /** Measured as described. */
  OK,

  /** Relative to a neighbour that is deformed by 20 % or more. */
  POOR_REFERENCE,

  /**
   * The surface is off the plane that fits it by more than 1.5 mm (root mean square of the nearest
   * four fifths of its points).
   */
  POOR_FIT,

  /** Fewer than 30 points (8 in a single slice) lie on the plane. */
  FEW_POINTS,

  /** The structure reaches the border of the image. */
  PARTIAL_VIEW,

  /** Not in the labels, or without the form of what it stands for. */
  NOT_AVAILABLE;

  /** Returns the less reliable of the two. */
  public ShapeQuality worse(ShapeQuality other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
