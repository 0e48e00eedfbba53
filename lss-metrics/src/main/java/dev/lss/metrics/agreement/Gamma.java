package dev.lss.metrics.agreement;

/** The logarithm of the gamma function, by Stirling's series (Abramowitz and Stegun 6.1.41). */
final class Gamma {

  /** From here on seven terms leave an error below 1e-17. */
  private static final double SERIES_FROM = 15;

  private static final double[] SERIES = {
    1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0
  };

  private Gamma() {}

  /** Returns ln of gamma(x) for positive x. */
  static double log(double x) {
    double shifted = x;
    double product = 1;
    while (shifted < SERIES_FROM) {
      product *= shifted;
      shifted++;
    }
    double square = 1 / (shifted * shifted);
    double sum = 0;
    for (int n = SERIES.length - 1; n >= 0; n--) {
      sum = sum * square + SERIES[n];
    }
    return (shifted - 0.5) * Math.log(shifted)
        - shifted
        + 0.5 * Math.log(2 * Math.PI)
        + sum / shifted
        - Math.log(product);
  }
}
