package dev.lss.metrics.agreement;

/** Sums of values and of their squares about the mean, in the order of the values. */
final class Moments {

  private Moments() {}

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Returns the sum of (x - mean x)(y - mean y). */
  static double products(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double sum = 0;
    for (int n = 0; n < x.length; n++) {
      sum += (x[n] - meanX) * (y[n] - meanY);
    }
    return sum;
  }

  /** Returns the standard deviation with n - 1. */
  static double deviation(double[] values) {
    return Math.sqrt(products(values, values) / (values.length - 1));
  }
}
