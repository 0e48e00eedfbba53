package dev.lss.examples.evaluate;

import java.util.Locale;

/**
 * One measure of how a structure was segmented. Immutable.
 *
 * @param key its name in files, such as {@code hausdorff95Mm}
 * @param title its name for people, with its unit
 * @param better which values are better
 * @param isMain whether it is in the tables for people
 */
record Measure(String key, String title, Better better, boolean isMain) {

  /** Which values are better. */
  enum Better {
    /** Shares: 1 is perfect, 0 is worst. */
    HIGHER,
    /** Distances: 0 is perfect. */
    LOWER,
    /** Signed errors: 0 is perfect, on either side they are worse. */
    NEAR_ZERO
  }

  static Measure share(String key, String title, boolean isMain) {
    return new Measure(key, title, Better.HIGHER, isMain);
  }

  static Measure distance(String key, String title, boolean isMain) {
    return new Measure(key, title + " (mm)", Better.LOWER, isMain);
  }

  /** Returns a value by which 0 is best and larger is worse; NaN stays NaN. */
  double badness(double value) {
    return better == Better.HIGHER ? -value : Math.abs(value);
  }

  /** Returns a value as tables for people have it; "-" when it is not defined. */
  String format(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (Double.isInfinite(value)) {
      return "inf";
    }
    return switch (better) {
      case HIGHER -> String.format(Locale.ROOT, "%.4f", value);
      case LOWER -> String.format(Locale.ROOT, "%.3f", value);
      case NEAR_ZERO ->
          key.startsWith("relative")
              ? String.format(Locale.ROOT, "%+.2f", 100 * value)
              : String.format(Locale.ROOT, "%+.0f", value);
    };
  }
}
