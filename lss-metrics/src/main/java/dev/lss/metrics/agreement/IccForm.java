package dev.lss.metrics.agreement;

/**
 * The six forms of the intraclass correlation (Shrout and Fleiss 1979; McGraw and Wong 1996).
 * Always say which was used.
 */
public enum IccForm {
  /** One-way random, one rater. */
  ICC_1_1("ICC(1,1)", false),
  /**
   * Two-way, absolute agreement, one rater; also ICC(A,1). The one that answers whether a method
   * may replace a reader.
   */
  ICC_2_1("ICC(2,1)", false),
  /** Two-way, consistency, one rater; also ICC(C,1). Blind to a constant offset. */
  ICC_3_1("ICC(3,1)", false),
  /** One-way random, mean of k raters. */
  ICC_1_K("ICC(1,k)", true),
  /** Two-way, absolute agreement, mean of k raters; also ICC(A,k). */
  ICC_2_K("ICC(2,k)", true),
  /** Two-way, consistency, mean of k raters; also ICC(C,k) and Cronbach's alpha. */
  ICC_3_K("ICC(3,k)", true);

  private final String label;
  private final boolean ofMean;

  IccForm(String label, boolean ofMean) {
    this.label = label;
    this.ofMean = ofMean;
  }

  /** Returns the usual name, such as {@code ICC(2,1)}. */
  public String label() {
    return label;
  }

  boolean isOfMean() {
    return ofMean;
  }
}
