package dev.lss.metrics.agreement;

import java.util.function.DoubleUnaryOperator;

/** Inverts the tail of a distribution by bisection: slow, and it cannot fail. */
final class Roots {

  private static final int STEPS = 200;

  private Roots() {}

  /** Returns the positive x at which a decreasing function reaches {@code value}. */
  static double positive(DoubleUnaryOperator decreasing, double value) {
    double low = 1;
    while (decreasing.applyAsDouble(low) < value && low > Double.MIN_NORMAL) {
      low /= 2;
    }
    double high = 2 * low;
    while (decreasing.applyAsDouble(high) > value && high < Double.MAX_VALUE / 4) {
      high *= 2;
    }
    return between(decreasing, value, low, high);
  }

  /** Returns the x in [low, high] at which a decreasing function reaches {@code value}. */
  static double between(DoubleUnaryOperator decreasing, double value, double low, double high) {
    double below = low;
    double above = high;
    for (int step = 0; step < STEPS; step++) {
      double middle = below + (above - below) / 2;
      if (!(middle > below && middle < above)) {
        break; // neighbouring numbers
      }
      if (decreasing.applyAsDouble(middle) > value) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below + (above - below) / 2;
  }
}
