package dev.lss.examples.agree;

import java.util.List;
import java.util.Optional;

/**
 * What is asked of a table. Immutable.
 *
 * @param pairs columns to compare, a reference and a method each
 * @param raters groups of two or more columns whose common agreement is asked
 * @param by the column that tells groups of rows apart; empty to take all rows together
 * @param margin the margin of equivalence; there must be one where there are pairs
 */
public record Question(
    List<Columns> pairs, List<List<String>> raters, Optional<String> by, Optional<Margin> margin) {

  /**
   * Two columns.
   *
   * @param reference name of the column that counts as true
   * @param method name of the column that is judged
   */
  public record Columns(String reference, String method) {}

  /** Copies the lists; refuses pairs without a margin. */
  public Question {
    pairs = List.copyOf(pairs);
    raters = raters.stream().map(List::copyOf).toList();
    if (!pairs.isEmpty() && margin.isEmpty()) {
      throw new IllegalArgumentException("pairs of columns need a margin");
    }
  }
}
