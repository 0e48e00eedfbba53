package dev.lss.api;

/** What a length in an image plane is counted in. */
public enum LengthUnit {
  /** Millimetres, where the scale of the image is known. */
  MM("Mm"),
  /** Pixels, where it is not; pixels are then taken to be square. */
  PX("Px");

  private final String suffix;

  LengthUnit(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the ending of names that hold a length in this unit: {@code Mm} or {@code Px}. */
  public String suffix() {
    return suffix;
  }
}
