package dev.lss.core.io;

/**
 * IEEE 754 half-precision numbers: 1 sign, 5 exponent and 10 fraction bits. Widening is exact,
 * subnormals included; narrowing rounds to the nearest, ties to even. (The JDK has these from
 * release 20 on.)
 */
public final class HalfFloat {

  private HalfFloat() {}

  /** Returns the value of 16 bits; infinities and NaN stay what they are. */
  public static float toFloat(short half) {
    int bits = half & 0xffff;
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      // Subnormal: fraction * 2^-24, exact in float32.
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 0x1f ? 0x7f800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | wide | fraction << 13);
  }

  /**
   * Returns the nearest half; values from 65520 on become infinity, as IEEE 754 rounding demands.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Below 2^-14: count in steps of 2^-24; the product is exact, rint rounds ties to even.
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
    }
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }

  /**
   * Returns the half nearest to a value, as a float: {@code toFloat(fromFloat(value))}, and as fast
   * as a few integer operations.
   */
  public static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7fffffff;
    if (magnitude >= 0x477ff000 || magnitude < 0x38800000) {
      return toFloat(fromFloat(value)); // subnormal, infinite or NaN
    }
    return Float.intBitsToFloat((bits + 0xfff + (bits >>> 13 & 1)) & ~0x1fff);
  }

  /** Returns the half nearest to a value, as a float, rounded once. */
  public static float round(double value) {
    double magnitude = Math.abs(value);
    if (!(magnitude < 65520)) {
      return round((float) value);
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    double step = Math.scalb(1.0, exponent - 10);
    return (float) (Math.rint(value / step) * step);
  }
}
