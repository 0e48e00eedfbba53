package dev.lss.metrics.agreement;

import org.apache.commons.statistics.distribution.FDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Tails and their inverses, by Commons Statistics; always the tail itself, never one minus it. */
final class Distributions {

  static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Distributions() {}

  /** Returns the z with P(Z > z) = tail; infinite for 0 and 1. */
  static double normalQuantile(double tail) {
    return NORMAL.inverseSurvivalProbability(tail);
  }

  /** Returns P(T > t); NaN for NaN. */
  static double tTail(double t, double df) {
    return Double.isNaN(t) ? t : TDistribution.of(df).survivalProbability(t);
  }

  /** Returns P(|T| > |t|); NaN for NaN. */
  static double tTwoSided(double t, double df) {
    return 2 * tTail(Math.abs(t), df);
  }

  /** Returns the t with P(T > t) = tail. */
  static double tQuantile(double tail, double df) {
    return TDistribution.of(df).inverseSurvivalProbability(tail);
  }

  /** Returns P(F > f); NaN for NaN. */
  static double fTail(double f, double df1, double df2) {
    return Double.isNaN(f) ? f : FDistribution.of(df1, df2).survivalProbability(f);
  }

  /** Returns the f with P(F > f) = tail. */
  static double fQuantile(double tail, double df1, double df2) {
    return FDistribution.of(df1, df2).inverseSurvivalProbability(tail);
  }
}
