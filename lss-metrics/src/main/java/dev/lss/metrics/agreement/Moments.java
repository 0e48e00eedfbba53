package dev.lss.metrics.agreement;

import org.apache.commons.numbers.core.Sum;

/**
 * Sums of values and of their squares about the mean, in the order of the values.
 *
 * <p>Everything is taken relative to the first value. So what is constant has a deviation of
 * exactly 0, and a large common part costs no digits. Squares neither overflow nor vanish for
 * values of {@link #unit} size.
 */
final class Moments {

  private Moments() {}

  /** Returns the power of two at or below the largest absolute value; 1 for zeros alone. */
  static double unit(double[]... columns) {
    double largest = 0;
    for (double[] column : columns) {
      for (double value : column) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest == 0 ? 1 : Math.scalb(1.0, Math.getExponent(largest));
  }

  /** Returns the values divided by a power of two. */
  static double[] in(double unit, double[] values) {
    double[] scaled = new double[values.length];
    for (int n = 0; n < values.length; n++) {
      scaled[n] = values[n] / unit;
    }
    return scaled;
  }

  static double mean(double[] values) {
    return values[0] + meanBeyondFirst(values);
  }

  private static double meanBeyondFirst(double[] values) {
    Sum sum = Sum.create();
    for (double value : values) {
      sum.add(value - values[0]);
    }
    return sum.getAsDouble() / values.length;
  }

  /** Returns the values less their mean. */
  static double[] centred(double[] values) {
    double mean = meanBeyondFirst(values);
    double[] centred = new double[values.length];
    for (int n = 0; n < values.length; n++) {
      centred[n] = values[n] - values[0] - mean;
    }
    return centred;
  }

  /** Returns the sum of (x - mean x)(y - mean y). */
  static double products(double[] x, double[] y) {
    return Sum.ofProducts(centred(x), centred(y)).getAsDouble();
  }

  /** Returns the sum of the squares that a straight line of y on x leaves, for x not constant. */
  static double residuals(double[] x, double[] y) {
    double[] residuals = centred(y);
    double[] centredX = centred(x);
    double slope = products(x, y) / products(x, x);
    for (int n = 0; n < x.length; n++) {
      residuals[n] -= slope * centredX[n];
    }
    return Sum.ofProducts(residuals, residuals).getAsDouble();
  }

  /** Returns the standard deviation with n - 1. */
  static double deviation(double[] values) {
    return Math.sqrt(products(values, values) / (values.length - 1));
  }
}
