package dev.lss.core.image;

import dev.lss.api.model.ResamplingRule;

/**
 * Which input samples of one axis make each output sample, and with which weights that sum to 1.
 *
 * <p>Output {@code o} of {@code n_out} lies at {@code x = (o + 0.5) * n_in / n_out - 0.5}, both
 * grids covering the same length. Immutable by convention.
 */
final class AxisWeights {

  private final int[] first;
  private final double[][] weights;

  private AxisWeights(int outputs) {
    first = new int[outputs];
    weights = new double[outputs][];
  }

  /** Returns the weights of a rule with finite support; CUBIC is {@link CubicSpline}. */
  static AxisWeights of(ResamplingRule rule, int in, int out) {
    var axis = new AxisWeights(out);
    for (int o = 0; o < out; o++) {
      double x = (o + 0.5) * ((double) in / out) - 0.5;
      switch (rule) {
        case NEAREST -> axis.nearest(o, x, in);
        case LINEAR -> axis.linear(o, x, in);
        case LINEAR_ANTIALIASED -> axis.triangle(o, x, in, Math.max(1, (double) in / out));
        default -> throw new IllegalArgumentException(rule + " has no finite support");
      }
    }
    return axis;
  }

  int first(int output) {
    return first[output];
  }

  double[] weights(int output) {
    return weights[output];
  }

  /** Returns the number of output samples. */
  int outputs() {
    return first.length;
  }

  /** nnU-Net order 0: {@code floor(x + 0.5)} of the clamped position. */
  private void nearest(int o, double x, int in) {
    first[o] = (int) Math.floor(clamp(x, in) + 0.5);
    weights[o] = new double[] {1};
  }

  /** nnU-Net order 1: {@code 1 - t} and {@code t} at the clamped position. */
  private void linear(int o, double x, int in) {
    double inside = clamp(x, in);
    first[o] = Math.min((int) inside, Math.max(0, in - 2));
    double t = inside - first[o];
    weights[o] = in == 1 ? new double[] {1} : new double[] {1 - t, t};
  }

  /** A triangle of half width {@code reach}; samples outside the image are left out. */
  private void triangle(int o, double x, int in, double reach) {
    int from = Math.max(0, (int) Math.floor(x - reach) + 1);
    int to = Math.min(in - 1, (int) Math.ceil(x + reach) - 1);
    double[] w = new double[to - from + 1];
    double sum = 0;
    for (int n = 0; n < w.length; n++) {
      w[n] = 1 - Math.abs(from + n - x) / reach;
      sum += w[n];
    }
    for (int n = 0; n < w.length; n++) {
      w[n] /= sum;
    }
    first[o] = from;
    weights[o] = w;
  }

  private static double clamp(double x, int in) {
    return Math.min(Math.max(x, 0), in - 1);
  }
}
