package dev.lss.dicom.seg;

/**
 * Colours as DICOM recommends them (PS3.3 C.10.7.1.1): CIELab under D50, each part in 16 bits. No
 * state.
 */
final class CieLab {

  // IEC 61966-2-1, adapted from D65 to D50 by Bradford (Lindbloom)
  private static final double[][] TO_XYZ = {
    {0.4360747, 0.3850649, 0.1430804},
    {0.2225045, 0.7168786, 0.0606169},
    {0.0139322, 0.0971045, 0.7141733}
  };
  private static final double[] WHITE = {0.96422, 1, 0.82521};
  private static final double EPSILON = 216.0 / 24389;
  private static final double KAPPA = 24389.0 / 27;

  private CieLab() {}

  /** Returns L, a and b of a colour 0xRRGGBB, from 0 to 65535 each. */
  static long[] of(int rgb) {
    double[] linear = {linear(rgb >> 16), linear(rgb >> 8), linear(rgb)};
    double[] f = new double[3];
    for (int n = 0; n < 3; n++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += TO_XYZ[n][c] * linear[c];
      }
      double t = sum / WHITE[n];
      f[n] = t > EPSILON ? Math.cbrt(t) : (KAPPA * t + 16) / 116;
    }
    return new long[] {
      scaled((116 * f[1] - 16) / 100),
      scaled((500 * (f[0] - f[1]) + 128) / 255),
      scaled((200 * (f[1] - f[2]) + 128) / 255)
    };
  }

  private static double linear(int channel) {
    double c = (channel & 0xff) / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  private static long scaled(double share) {
    return Math.round(Math.max(0, Math.min(1, share)) * 65535);
  }
}
