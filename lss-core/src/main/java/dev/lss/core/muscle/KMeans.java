package dev.lss.core.muscle;

/**
 * Clusters of one brightness with the least sum of squares about their means, exactly: dynamic
 * programming over the sorted values (Wang and Song 2011, Ckmeans.1d.dp), where the best cuts of
 * longer prefixes never lie further left (Grønlund et al. 2017). With two clusters it is the
 * threshold of Otsu 1979 without bins.
 */
final class KMeans {

  private final Brightness brightness;
  private final double[] weight;
  private final double[] sum;
  private final double[] square;
  private final double shift;

  private KMeans(Brightness brightness) {
    this.brightness = brightness;
    int n = brightness.size();
    weight = new double[n + 1];
    sum = new double[n + 1];
    square = new double[n + 1];
    shift = brightness.mean(); // else large values cancel each other's digits
    for (int at = 0; at < n; at++) {
      double x = brightness.value(at) - shift;
      weight[at + 1] = weight[at] + brightness.count(at);
      sum[at + 1] = sum[at] + brightness.count(at) * x;
      square[at + 1] = square[at] + brightness.count(at) * x * x;
    }
  }

  /**
   * Returns the clusters.
   *
   * @param clusters how many, at most the number of distinct values
   */
  static Parts of(Brightness brightness, int clusters) {
    if (clusters < 1 || clusters > brightness.size()) {
      throw new IllegalArgumentException(
          "%s distinct values cannot be parted into %s".formatted(brightness.size(), clusters));
    }
    int[] first = new KMeans(brightness).firsts(clusters);
    int[] part = new int[brightness.size()];
    for (int c = 0; c < clusters; c++) {
      int end = c + 1 < clusters ? first[c + 1] : part.length;
      for (int n = first[c]; n < end; n++) {
        part[n] = c;
      }
    }
    return new Parts(brightness, part, clusters);
  }

  /** Returns the index of the first value of each cluster; of equal solutions the leftmost cuts. */
  private int[] firsts(int clusters) {
    int n = brightness.size();
    double[] before = new double[n];
    for (int j = 0; j < n; j++) {
      before[j] = cost(0, j);
    }
    int[][] cut = new int[clusters][n];
    for (int c = 1; c < clusters; c++) {
      double[] now = new double[n];
      fill(c, c, n - 1, c, n - 1, before, now, cut[c]);
      before = now;
    }
    int[] first = new int[clusters];
    int end = n - 1;
    for (int c = clusters - 1; c > 0; c--) {
      first[c] = cut[c][end];
      end = first[c] - 1;
    }
    return first;
  }

  /** Finds the best first value of cluster c for every last value between low and high. */
  private void fill(
      int c, int low, int high, int from, int to, double[] before, double[] now, int[] cut) {
    if (low > high) {
      return;
    }
    int middle = (low + high) >>> 1;
    double best = Double.POSITIVE_INFINITY;
    int at = Math.max(from, c);
    for (int first = at; first <= Math.min(to, middle); first++) {
      double cost = before[first - 1] + cost(first, middle);
      if (cost < best) {
        best = cost;
        at = first;
      }
    }
    now[middle] = best;
    cut[middle] = at;
    fill(c, low, middle - 1, from, at, before, now, cut);
    fill(c, middle + 1, high, at, to, before, now, cut);
  }

  /** The sum of squares about their mean of the values with index first to last. */
  private double cost(int first, int last) {
    double w = weight[last + 1] - weight[first];
    double s = sum[last + 1] - sum[first];
    return Math.max(0, square[last + 1] - square[first] - s * s / w);
  }

  /** Returns the sum of squares within the clusters. */
  static double within(Brightness brightness, Parts parts) {
    KMeans k = new KMeans(brightness);
    double sum = 0;
    int first = 0;
    for (int c = 0; c < parts.size(); c++) {
      int last = brightness.indexOf(parts.largest(c));
      sum += k.cost(first, last);
      first = last + 1;
    }
    return sum;
  }
}
