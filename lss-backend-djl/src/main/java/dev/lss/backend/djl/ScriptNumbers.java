package dev.lss.backend.djl;

/**
 * Bounds whole numbers in TorchScript code, which say how large new tensors are and how often loops
 * run. Numbers that a program calculates are beyond this.
 */
final class ScriptNumbers {

  /** The largest number but for those that mean the end of an axis. */
  private static final long MAX_NUMBER = 1 << 24;

  /** The largest product of the numbers in one list, such as sizes. */
  private static final double MAX_PRODUCT = 1 << 28;

  private static final int MAX_DIGITS = 19;

  private ScriptNumbers() {}

  /**
   * Checks a line.
   *
   * @throws IllegalArgumentException in words that follow the file's name
   */
  static void check(ScriptLine line) {
    double product = 1;
    for (int at = 0; at < line.size(); at++) {
      double value = value(line, at);
      boolean isEnd = value == Integer.MAX_VALUE || value == (double) Long.MAX_VALUE;
      if (value > MAX_NUMBER && !isEnd) {
        throw new IllegalArgumentException(
            "has the number %s, which no network needs".formatted(line.text(at)));
      }
      if (value >= 0) {
        product *= Math.max(1, value);
      } else if (line.is(at, "]") && product > MAX_PRODUCT) {
        throw new IllegalArgumentException(
            "has a list of numbers whose product is %s, which no network needs".formatted(product));
      } else if (!line.is(at, ",") && !line.is(at, "-")) {
        product = 1;
      }
    }
  }

  /** Returns how often a line repeats the lines in its block; 1 where that is not written in it. */
  static long repeats(ScriptLine line) {
    for (int at = 2; line.is(0, "for") && at + 2 < line.size(); at++) {
      if (line.is(at, "range") && line.is(at + 1, "(")) {
        double largest = 1;
        for (int in = at + 2; in < line.size(); in++) {
          largest = Math.max(largest, value(line, in));
        }
        return (long) largest;
      }
    }
    return 1;
  }

  /** Returns the whole number that a token is, infinity where it is too long, else -1. */
  private static double value(ScriptLine line, int at) {
    String text = line.text(at);
    if (line.tokens().get(at).kind() != ScriptToken.Kind.NUMBER
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return text.length() > MAX_DIGITS ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }
}
