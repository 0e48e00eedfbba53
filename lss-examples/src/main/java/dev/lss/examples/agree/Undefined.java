package dev.lss.examples.agree;

import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Correlation;
import dev.lss.metrics.agreement.Icc;
import dev.lss.metrics.agreement.LinConcordance;
import dev.lss.metrics.agreement.PairedTost;

/** Why a statistic, or a part of it, has no value: a name for programs and a word for people. */
enum Undefined {
  /** The values, or their differences, are all equal. */
  NO_VARIANCE("the values do not vary"),
  /** There are fewer rows than the formula needs. */
  FEW_ROWS("too few rows"),
  /** Subjects differ less than by chance. */
  DENOMINATOR_NOT_POSITIVE("the subjects differ less than chance makes them"),
  /** Raters agree in everything, so F is infinite. */
  NO_ERROR("no error at all"),
  /** The estimate has no interval. */
  NO_INTERVAL("it has no interval"),
  /** Reference and method do not go together, so there is no interval. */
  NO_CORRELATION("no correlation"),
  /** The exact distribution is not computed for so many. */
  MORE_THAN_50_DIFFERENCES("more than 50 differences"),
  /** The reference's mean is 0. */
  REFERENCE_OF_0("the reference is 0"),
  /** The value is beyond the range of double. */
  OVERFLOW("beyond the range of numbers");

  private final String word;

  Undefined(String word) {
    this.word = word;
  }

  /** Returns the reason in plain words. */
  String word() {
    return word;
  }

  static Undefined of(Icc icc) {
    return Double.isNaN(icc.f())
        ? NO_VARIANCE
        : Double.isNaN(icc.estimate())
            ? DENOMINATOR_NOT_POSITIVE
            : Double.isInfinite(icc.f()) ? NO_ERROR : NO_INTERVAL;
  }

  static Undefined ofLimits(BlandAltman limits) {
    return limits.n() < 3 ? FEW_ROWS : OVERFLOW;
  }

  static Undefined ofProportionalBias(BlandAltman limits) {
    return limits.n() < 3
        ? FEW_ROWS
        : Double.isNaN(limits.proportionalBias().slope()) ? NO_VARIANCE : OVERFLOW;
  }

  static Undefined of(PairedTost tost) {
    return tost.standardError() == 0 ? NO_VARIANCE : OVERFLOW;
  }

  static Undefined of(LinConcordance lin, int rows) {
    return Double.isNaN(lin.pearson()) ? NO_VARIANCE : rows < 3 ? FEW_ROWS : NO_CORRELATION;
  }

  static Undefined of(Correlation correlation) {
    return Double.isNaN(correlation.coefficient()) ? NO_VARIANCE : FEW_ROWS;
  }
}
