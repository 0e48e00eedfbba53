package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement.Thickness;
import java.util.Arrays;
import java.util.Optional;

/** Statistics of values of which some were not taken (NaN). */
final class Profile {

  private Profile() {}

  /** Returns the median of the values that were taken, or another value when there is none. */
  static double medianOr(double[] values, double otherwise) {
    double[] sorted = taken(values);
    return sorted.length == 0 ? otherwise : quantile(sorted, 0.5);
  }

  /** Returns the statistics of thicknesses; empty with fewer than two. */
  static Optional<Thickness> thickness(double[] values, double[] vertical) {
    double[] sorted = taken(values);
    if (sorted.length < 2) {
      return Optional.empty();
    }
    double least = sorted[0];
    double most = sorted[sorted.length - 1];
    double mean = Math.min(Math.max(mean(sorted), least), most);
    double squares = 0;
    for (double value : sorted) {
      squares += (value - mean) * (value - mean);
    }
    return Optional.of(
        new Thickness(
            mean,
            Math.sqrt(squares / (sorted.length - 1)),
            quantile(sorted, 0.5),
            least,
            most,
            quantile(sorted, 0.05),
            quantile(sorted, 0.95),
            mean(taken(vertical)),
            sorted.length));
  }

  private static double[] taken(double[] values) {
    return Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** Linear between order statistics at {@code p (n - 1)}, type 7. */
  private static double quantile(double[] sorted, double p) {
    double place = p * (sorted.length - 1);
    int lower = (int) place;
    int upper = Math.min(lower + 1, sorted.length - 1);
    return sorted[lower] + (place - lower) * (sorted[upper] - sorted[lower]);
  }
}
