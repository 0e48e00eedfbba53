package dev.lss.examples.agree;

import dev.lss.metrics.agreement.Icc;
import dev.lss.metrics.agreement.IccForm;
import dev.lss.metrics.agreement.Ratings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How two or more raters agree, none of whom counts as true. Immutable.
 *
 * @param raters names of their columns
 * @param group value of the column of {@code --by}; empty without such a column
 * @param ratings the rows in which all have a value
 * @param icc all six forms
 */
record RaterAgreement(List<String> raters, Optional<String> group, Ratings ratings, List<Icc> icc) {

  RaterAgreement {
    raters = List.copyOf(raters);
    icc = List.copyOf(icc);
  }

  static RaterAgreement of(List<String> raters, Optional<String> group, Ratings ratings) {
    return new RaterAgreement(raters, group, ratings, icc(ratings));
  }

  /** Returns all six forms of the intraclass correlation. */
  static List<Icc> icc(Ratings ratings) {
    return Arrays.stream(IccForm.values())
        .map(form -> Icc.of(ratings, form, Comparison.CONFIDENCE))
        .toList();
  }

  /** Returns what people call this. */
  String title() {
    return String.join(", ", raters) + group.map(g -> ": " + g).orElse("");
  }
}
