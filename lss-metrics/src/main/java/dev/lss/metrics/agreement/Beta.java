package dev.lss.metrics.agreement;

/**
 * The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun
 * 26.5.8, evaluated by Lentz's rule).
 */
final class Beta {

  private static final double TINY = 1e-300;
  private static final int FRACTIONS = 100_000;

  private Beta() {}

  /**
   * Returns I_x(a, b).
   *
   * @param x in [0, 1]
   * @param rest 1 - x, given apart so that it keeps its digits
   */
  static double regularized(double x, double rest, double a, double b) {
    if (x <= 0 || rest <= 0) {
      return x <= 0 ? 0 : 1;
    }
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - fraction(rest, x, b, a);
    }
    return fraction(x, rest, a, b);
  }

  private static double fraction(double x, double rest, double a, double b) {
    double logFront =
        a * Math.log(x) + b * Math.log(rest) - (Gamma.log(a) + Gamma.log(b) - Gamma.log(a + b));
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < FRACTIONS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      value *= d * c;
      if (Math.abs(d * c - 1) < 1e-16) {
        break;
      }
    }
    return Math.exp(logFront) * value / a;
  }

  private static double nonZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
