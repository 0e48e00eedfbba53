package dev.lss.core.muscle;

/**
 * The threshold of Otsu 1979: the cut with the largest variance between the two sides. Fat is what
 * lies above it.
 */
final class Otsu {

  private static final int BINS = 256;

  private Otsu() {}

  /**
   * Returns the threshold among the values themselves: the largest value of the darker side, of
   * equal cuts the first.
   *
   * @throws IllegalArgumentException when there is but one value
   */
  static double exact(Brightness brightness) {
    double[] values = new double[brightness.size()];
    double[] counts = new double[values.length];
    for (int n = 0; n < values.length; n++) {
      values[n] = brightness.value(n);
      counts[n] = brightness.count(n);
    }
    return values[cut(values, counts)];
  }

  /**
   * Returns the threshold as scikit-image finds it: the middle of the darker side's last bin of 256
   * between the smallest and the largest value.
   *
   * @throws IllegalArgumentException when there is but one value
   */
  static double binned(Brightness brightness) {
    int last = brightness.size() - 1;
    double low = brightness.value(0);
    double width = (brightness.value(last) - low) / BINS;
    double[] centres = new double[BINS];
    double[] counts = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      centres[bin] = low + (bin + 0.5) * width;
    }
    for (int n = 0; n <= last; n++) {
      int bin = (int) Math.min(BINS - 1, Math.floor((brightness.value(n) - low) / width));
      counts[bin] += brightness.count(n);
    }
    return centres[cut(centres, counts)];
  }

  /** Returns the two sides of the exact threshold. */
  static Parts parts(Brightness brightness) {
    double threshold = exact(brightness);
    int[] part = new int[brightness.size()];
    for (int n = 0; n < part.length; n++) {
      part[n] = brightness.value(n) > threshold ? 1 : 0;
    }
    return new Parts(brightness, part, 2);
  }

  private static int cut(double[] values, double[] counts) {
    if (values.length < 2) {
      throw new IllegalArgumentException("one value has no threshold");
    }
    double weight = 0;
    double sum = 0;
    for (int n = 0; n < values.length; n++) {
      weight += counts[n];
      sum += counts[n] * values[n];
    }
    double mean = sum / weight;
    double below = 0;
    double moment = 0; // about the mean of all, so that large values cancel no digits
    double best = -1;
    int at = 0;
    for (int n = 0; n + 1 < values.length; n++) {
      below += counts[n];
      moment += counts[n] * (values[n] - mean);
      double above = weight - below;
      // w0 w1 (m0 - m1)^2 with both means about the mean of all: w0 m0 = -w1 m1
      double between = below == 0 || above == 0 ? -1 : moment * moment / (below * above);
      if (between > best) {
        best = between;
        at = n;
      }
    }
    return at;
  }
}
