package dev.lss.examples.agree;

import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Correlation;
import dev.lss.metrics.agreement.Icc;
import dev.lss.metrics.agreement.LinConcordance;
import dev.lss.metrics.agreement.PairedSample;
import dev.lss.metrics.agreement.PairedTost;
import dev.lss.metrics.agreement.WilcoxonSignedRank;
import java.util.List;
import java.util.Optional;

/**
 * Everything about one method and one reference. Immutable.
 *
 * @param reference name of the reference's column
 * @param method name of the method's column
 * @param group value of the column of {@code --by}; empty without such a column
 * @param sample the rows with both values
 * @param icc all six forms
 * @param blandAltman differences against means
 * @param tost the test of equivalence
 * @param lin concordance
 * @param wilcoxon test of no difference
 * @param pearson correlation, which is no agreement
 * @param spearman correlation of ranks
 */
record Comparison(
    String reference,
    String method,
    Optional<String> group,
    PairedSample sample,
    List<Icc> icc,
    BlandAltman blandAltman,
    PairedTost tost,
    LinConcordance lin,
    WilcoxonSignedRank wilcoxon,
    Correlation pearson,
    Correlation spearman) {

  /** Level of the test of equivalence. */
  static final double ALPHA = 0.05;

  /** Confidence of all intervals but that of the test of equivalence, whose is 1 - 2 alpha. */
  static final double CONFIDENCE = 0.95;

  /** Copies the list. */
  Comparison {
    icc = List.copyOf(icc);
  }

  /**
   * Compares.
   *
   * @throws IllegalArgumentException when a relative margin is 0 because the reference's mean is
   */
  static Comparison of(
      String reference, String method, Optional<String> group, PairedSample sample, Margin margin) {
    return new Comparison(
        reference,
        method,
        group,
        sample,
        RaterAgreement.icc(sample.ratings()),
        BlandAltman.of(sample, CONFIDENCE),
        margin.test(sample, ALPHA),
        LinConcordance.of(sample, CONFIDENCE),
        WilcoxonSignedRank.of(sample),
        Correlation.pearson(sample, CONFIDENCE),
        Correlation.spearman(sample));
  }

  /** Returns what people call this comparison. */
  String title() {
    return "%s against %s%s".formatted(method, reference, group.map(g -> ", " + g).orElse(""));
  }

  /** Returns the mean of |difference| / |reference| in per cent; NaN when a reference is 0. */
  double meanAbsolutePercentDifference() {
    double sum = 0;
    for (int row = 0; row < sample.n(); row++) {
      double value = sample.reference(row);
      if (value == 0) {
        return Double.NaN;
      }
      // Halves, because a difference of the largest numbers overflows.
      sum += Math.abs((sample.method(row) / 2 - value / 2) / value) * 2;
    }
    return 100 * sum / sample.n();
  }
}
