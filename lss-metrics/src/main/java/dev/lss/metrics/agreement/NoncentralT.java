package dev.lss.metrics.agreement;

import org.apache.commons.numbers.gamma.LogGamma;

/**
 * The noncentral t distribution: T = (Z + delta) / S, where Z is standard normal and S the root of
 * a chi-square over its degrees of freedom. Commons Statistics lacks it. P(T <= t) is the mean of
 * P(Z <= t s - delta) over the density of S, integrated piece by piece with Gauss and Legendre's
 * rule.
 */
final class NoncentralT {

  private static final double[] NODES = {
    0.1488743389816312,
    0.4333953941292472,
    0.6794095682990244,
    0.8650633666889845,
    0.9739065285171717
  };
  private static final double[] WEIGHTS = {
    0.2955242247147529,
    0.2692667193099963,
    0.2190863625159821,
    0.1494513491505806,
    0.0666713443086881
  };

  /** The density of S falls below 1e-20 of its peak within so many of its deviations. */
  private static final double REACH = 10;

  /** Halves the bracket beyond the last digit; slow, and it cannot fail. */
  private static final int BISECTIONS = 60;

  private NoncentralT() {}

  /** Returns P(T > t). */
  static double upperTail(double t, double df, double delta) {
    double logFront = Math.log(2) + df / 2 * Math.log(df / 2) - LogGamma.value(df / 2);
    double deviation = 1 / Math.sqrt(2 * df);
    double low = Math.max(0, 1 - REACH * deviation);
    double high = 1 + REACH * deviation;
    double width = Math.min(deviation, 1 / Math.max(1, Math.abs(t))) / 2;
    int pieces = (int) Math.ceil((high - low) / width);
    double half = (high - low) / pieces / 2;
    double sum = 0;
    for (int piece = 0; piece < pieces; piece++) {
      double centre = low + (2 * piece + 1) * half;
      for (int n = 0; n < NODES.length; n++) {
        double s = centre - half * NODES[n];
        double u = centre + half * NODES[n];
        sum +=
            WEIGHTS[n]
                * (Math.exp(logFront + logShape(s, df))
                        * Distributions.NORMAL.survivalProbability(t * s - delta)
                    + Math.exp(logFront + logShape(u, df))
                        * Distributions.NORMAL.survivalProbability(t * u - delta));
      }
    }
    return sum * half;
  }

  private static double logShape(double s, double df) {
    return (df - 1) * Math.log(s) - df * s * s / 2;
  }

  /** Returns the t with P(T > t) = tail, for a positive delta. */
  static double quantileOfUpperTail(double tail, double df, double delta) {
    double reach = 1 + delta;
    double low = delta;
    while (upperTail(low, df, delta) < tail) {
      low -= reach;
    }
    double high = delta;
    while (upperTail(high, df, delta) > tail) {
      high += reach;
    }
    for (int step = 0; step < BISECTIONS; step++) {
      double middle = low + (high - low) / 2;
      if (upperTail(middle, df, delta) > tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + (high - low) / 2;
  }
}
