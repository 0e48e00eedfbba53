package dev.lss.metrics.agreement;

/**
 * The standard normal distribution, from its series near 0 and its continued fraction (Laplace) in
 * the tail; both in Abramowitz and Stegun, 26.2.11 and 26.2.14.
 */
final class Normal {

  private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);
  private static final double TAIL_FROM = 3;
  private static final int FRACTIONS = 200;

  private Normal() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / ROOT_2_PI;
  }

  /** Returns P(X > x). */
  static double upperTail(double x) {
    if (x < 0) {
      return 1 - upperTail(-x);
    }
    if (x < TAIL_FROM) {
      return 0.5 - density(x) * series(x);
    }
    if (x > 40) {
      return 0; // below the smallest number
    }
    double fraction = x;
    for (int n = FRACTIONS; n > 0; n--) {
      fraction = x + n / fraction;
    }
    return density(x) / fraction;
  }

  /** Returns P(X <= x). */
  static double lowerTail(double x) {
    return upperTail(-x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 3; term > 1e-18 * sum; n += 2) {
      term *= x * x / n;
      sum += term;
    }
    return sum;
  }

  /** Returns the x with P(X > x) = tail; infinite for 0 and 1. */
  static double quantileOfUpperTail(double tail) {
    if (tail > 0.5) {
      return -quantileOfLowerTail(tail);
    }
    if (tail == 0.5) {
      return 0;
    }
    return tail == 0 ? Double.POSITIVE_INFINITY : Roots.positive(Normal::upperTail, tail);
  }

  /** Returns the -x of the tail above one half, where 1 - tail loses nothing. */
  private static double quantileOfLowerTail(double tail) {
    return quantileOfUpperTail(1 - tail);
  }
}
