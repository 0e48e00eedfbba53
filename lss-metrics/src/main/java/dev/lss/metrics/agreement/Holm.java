package dev.lss.metrics.agreement;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction of p-values for being several (Scandinavian Journal of Statistics 1979): the
 * smallest is multiplied by their number, the next by one less, and so on, and none is smaller than
 * the one before. It holds whether the tests depend on each other or not.
 */
public final class Holm {

  private Holm() {}

  /**
   * Returns the corrected p-values, in the order of those given, each at most 1.
   *
   * @param p p-values; NaN is no test, and stays NaN
   */
  public static double[] adjusted(double[] p) {
    List<Integer> order =
        IntStream.range(0, p.length)
            .filter(n -> !Double.isNaN(p[n]))
            .boxed()
            .sorted(Comparator.comparingDouble(n -> p[n]))
            .toList();
    double[] adjusted = p.clone();
    double least = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      int at = order.get(rank);
      least = Math.max(least, Math.min(1, p[at] * (order.size() - rank)));
      adjusted[at] = least;
    }
    return adjusted;
  }
}
