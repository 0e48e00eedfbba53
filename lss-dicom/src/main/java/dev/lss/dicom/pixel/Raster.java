package dev.lss.dicom.pixel;

/** What a codestream held: numbers, pixel by pixel, row by row. */
final class Raster {

  private final int[] values;
  private final int bits;
  private final boolean isSigned;
  private final boolean isRgb;

  /**
   * Keeps the array.
   *
   * @param values the samples of a pixel beside each other
   * @param bits precision of the codestream
   * @param isSigned whether the values carry a sign already
   * @param isRgb whether three samples are red, green and blue for sure
   */
  Raster(int[] values, int bits, boolean isSigned, boolean isRgb) {
    this.values = values;
    this.bits = bits;
    this.isSigned = isSigned;
    this.isRgb = isRgb;
  }

  /** Returns the array itself, which belongs to whoever gets it. */
  int[] values() {
    return values;
  }

  int bits() {
    return bits;
  }

  boolean isSigned() {
    return isSigned;
  }

  boolean isRgb() {
    return isRgb;
  }
}
