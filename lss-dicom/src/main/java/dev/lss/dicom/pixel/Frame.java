package dev.lss.dicom.pixel;

/**
 * The numbers of a picture, row by row. Of a grey one they are as stored, with sign; of a coloured
 * one the brightness from 0 to 255. Whoever asked for it owns the arrays.
 */
public final class Frame {

  private final int[] values;
  private final float[] brightness;
  private final boolean isDifferent;

  /**
   * Keeps the arrays.
   *
   * @param values one number a pixel of a grey picture, else empty
   * @param brightness one number a pixel of a coloured picture, else empty
   * @param isDifferent whether the codestream has another precision or sign than the attributes say
   */
  Frame(int[] values, float[] brightness, boolean isDifferent) {
    this.values = values;
    this.brightness = brightness;
    this.isDifferent = isDifferent;
  }

  /** Returns the stored numbers of a grey picture; those of 32 bits without sign as with one. */
  public int[] values() {
    return values;
  }

  /** Returns the brightness of a coloured picture. */
  public float[] brightness() {
    return brightness;
  }

  /** Returns whether codestream and attributes differ in precision or sign. */
  public boolean isDifferent() {
    return isDifferent;
  }

  /** Returns whether the picture was coloured. */
  public boolean isColored() {
    return brightness.length > 0;
  }
}
