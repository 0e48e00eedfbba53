package dev.lss.dicom.pixel;

/** Colours to grey. Values of 8 bits a sample. */
final class Colors {

  private Colors() {}

  /** Replaces brightness and colour differences by red, green and blue (PS3.3 C.7.6.3.1.2). */
  static void ybrToRgb(int[] values) {
    for (int n = 0; n + 2 < values.length; n += 3) {
      double y = values[n];
      double blue = values[n + 1] - 128;
      double red = values[n + 2] - 128;
      values[n] = clamp(y + 1.402 * red);
      values[n + 1] = clamp(y - 0.344136 * blue - 0.714136 * red);
      values[n + 2] = clamp(y + 1.772 * blue);
    }
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  /** Returns the brightness of a colour (ITU-R BT.601); of a grey one the value itself. */
  static float luma(int red, int green, int blue) {
    return red == green && green == blue
        ? red
        : (float) (0.299 * red + 0.587 * green + 0.114 * blue);
  }
}
