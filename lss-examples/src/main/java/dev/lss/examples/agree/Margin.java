package dev.lss.examples.agree;

import dev.lss.metrics.agreement.PairedSample;
import dev.lss.metrics.agreement.PairedTost;
import java.math.BigDecimal;

/**
 * How far a method's mean may be from the reference's and still count as equivalent; to be stated
 * before looking at the data. Immutable.
 *
 * @param value in the unit of the table, or in per cent; positive
 * @param percent whether {@code value} is per cent of the mean of the reference
 */
public record Margin(double value, boolean percent) {

  /** Refuses what is not positive. */
  public Margin {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a margin must be positive, was " + value);
    }
  }

  /**
   * Reads {@code 5%} or {@code 12.5}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Margin parse(String text) {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1).strip() : text;
    try {
      return new Margin(Double.parseDouble(number), percent);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a margin is a number in the unit of the table, or per cent such as 5%, was " + text, e);
    }
  }

  /** Returns the margin as people write it, such as {@code 5%}. */
  String text() {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString() + (percent ? "%" : "");
  }

  PairedTost test(PairedSample sample, double alpha) {
    return percent
        ? PairedTost.ofRelativeMargin(sample, value / 100, alpha)
        : PairedTost.ofMargin(sample, value, alpha);
  }
}
