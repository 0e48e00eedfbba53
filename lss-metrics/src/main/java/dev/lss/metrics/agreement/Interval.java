package dev.lss.metrics.agreement;

/**
 * A confidence interval, or a pair of limits. Immutable.
 *
 * @param low lower end; NaN when not defined
 * @param high upper end; NaN when not defined
 */
public record Interval(double low, double high) {

  /** An interval that is not defined. */
  public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

  /** Returns the interval around a centre. */
  static Interval around(double centre, double half) {
    return new Interval(centre - half, centre + half);
  }

  /** Returns the interval with both ends multiplied. */
  Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }

  /** Returns whether a value lies inside or on an end. */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }

  /** Refuses a confidence that is not between 0 and 1, and returns the tail on either side. */
  static double tail(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must lie in (0, 1), was " + confidence);
    }
    return (1 - confidence) / 2;
  }
}
