package dev.lss.core.muscle;

import java.util.Arrays;

/**
 * Two or three Gaussian components of one brightness, by expectation maximisation from the exact
 * {@link KMeans} clusters: no random start, so the same voxels give the same bits. 1e-6 is added to
 * each variance, as scikit-learn's {@code reg_covar} does. Immutable.
 */
final class GaussianMixture {

  private static final double ADDED_VARIANCE = 1e-6;
  private static final double SMALLEST_CHANGE = 1e-10;
  private static final int MOST_STEPS = 5000;

  private final Brightness brightness;
  private final double[] weight;
  private final double[] mean;
  private final double[] variance;
  private int steps;

  private GaussianMixture(Brightness brightness, int components) {
    this.brightness = brightness;
    weight = new double[components];
    mean = new double[components];
    variance = new double[components];
  }

  /**
   * Fits components.
   *
   * @param components 2 or 3, at most the number of distinct values
   */
  static GaussianMixture fit(Brightness brightness, int components) {
    GaussianMixture mixture = new GaussianMixture(brightness, components);
    mixture.start(KMeans.of(brightness, components));
    double before = Double.NEGATIVE_INFINITY;
    for (mixture.steps = 1; mixture.steps <= MOST_STEPS; mixture.steps++) {
      double likelihood = mixture.step();
      if (Math.abs(likelihood - before) < SMALLEST_CHANGE) {
        break;
      }
      before = likelihood;
    }
    mixture.sort();
    return mixture;
  }

  private void start(Parts clusters) {
    double[][] moments = new double[weight.length][3];
    int c = 0;
    for (int n = 0; n < brightness.size(); n++) {
      double x = brightness.value(n);
      while (x > clusters.largest(c)) {
        c++;
      }
      moments[c][0] += brightness.count(n);
      moments[c][1] += brightness.count(n) * x;
    }
    c = 0;
    for (int n = 0; n < brightness.size(); n++) {
      double x = brightness.value(n);
      while (x > clusters.largest(c)) {
        c++;
      }
      double off = x - moments[c][1] / moments[c][0];
      moments[c][2] += brightness.count(n) * off * off;
    }
    for (c = 0; c < weight.length; c++) {
      weight[c] = moments[c][0] / brightness.total();
      mean[c] = moments[c][1] / moments[c][0];
      variance[c] = moments[c][2] / moments[c][0] + ADDED_VARIANCE;
    }
  }

  /** Does one step and returns the mean log-likelihood before it. */
  private double step() {
    int components = weight.length;
    double[] sum = new double[components];
    double[] first = new double[components];
    double[] second = new double[components];
    double[] from = mean.clone();
    double[] posterior = new double[components];
    double likelihood = 0;
    for (int n = 0; n < brightness.size(); n++) {
      double x = brightness.value(n);
      double count = brightness.count(n);
      likelihood += count * posteriors(x, posterior);
      for (int c = 0; c < components; c++) {
        double share = count * posterior[c];
        double off = x - from[c];
        sum[c] += share;
        first[c] += share * off;
        second[c] += share * off * off;
      }
    }
    for (int c = 0; c < components; c++) {
      double total = Math.max(sum[c], Double.MIN_NORMAL);
      double off = first[c] / total;
      weight[c] = sum[c] / brightness.total();
      mean[c] = from[c] + off;
      variance[c] = Math.max(0, second[c] / total - off * off) + ADDED_VARIANCE;
    }
    return likelihood / brightness.total();
  }

  /** Fills in the share of each component in a value and returns the log of its density. */
  private double posteriors(double x, double[] posterior) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < posterior.length; c++) {
      posterior[c] = logDensity(c, x);
      most = Math.max(most, posterior[c]);
    }
    double sum = 0;
    for (int c = 0; c < posterior.length; c++) {
      posterior[c] = Math.exp(posterior[c] - most);
      sum += posterior[c];
    }
    for (int c = 0; c < posterior.length; c++) {
      posterior[c] /= sum;
    }
    return most + Math.log(sum);
  }

  private double logDensity(int c, double x) {
    double off = x - mean[c];
    return Math.log(weight[c])
        - 0.5 * (Math.log(2 * Math.PI * variance[c]) + off * off / variance[c]);
  }

  private void sort() {
    Integer[] order = new Integer[weight.length];
    Arrays.setAll(order, n -> n);
    Arrays.sort(order, (a, b) -> Double.compare(mean[a], mean[b]));
    double[][] old = {weight.clone(), mean.clone(), variance.clone()};
    for (int c = 0; c < order.length; c++) {
      weight[c] = old[0][order[c]];
      mean[c] = old[1][order[c]];
      variance[c] = old[2][order[c]];
    }
  }

  /** Returns the weight of a component, the darkest first; that of the last is the soft share. */
  double weight(int component) {
    return weight[component];
  }

  /** Returns the mean of a component, the darkest first. */
  double mean(int component) {
    return mean[component];
  }

  /** Returns the variance of a component, the darkest first. */
  double variance(int component) {
    return variance[component];
  }

  /** Returns whether the fit came to rest. */
  boolean converged() {
    return steps <= MOST_STEPS;
  }

  /**
   * Returns the most likely component of each value; below the darkest mean that is the darkest and
   * above the brightest the brightest, where a wide one would win in the far tail of a narrow one.
   */
  Parts parts() {
    int last = weight.length - 1;
    int[] part = new int[brightness.size()];
    for (int n = 0; n < part.length; n++) {
      double x = brightness.value(n);
      if (x > mean[last]) {
        part[n] = last;
      } else if (x >= mean[0]) {
        for (int c = 1; c <= last; c++) {
          part[n] = logDensity(c, x) > logDensity(part[n], x) ? c : part[n];
        }
      }
    }
    return new Parts(brightness, part, weight.length);
  }
}
