package dev.lss.core.image;

import dev.lss.api.model.ResamplingRule;

/**
 * Which input samples of one axis make each output sample, and with which weights that sum to 1.
 *
 * <p>Outputs lie where {@link HalfPixel#byRatio} says. Immutable by convention.
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
    HalfPixel map = new HalfPixel(in, out);
    LinearAxis linear = LinearAxis.resizeByRatio(in, out);
    for (int o = 0; o < out; o++) {
      switch (rule) {
        case NEAREST -> axis.set(o, map.nearest(o), 1);
        case LINEAR, TORCH_LINEAR -> axis.linear(o, linear);
        case LINEAR_ANTIALIASED ->
            axis.triangle(o, map.byRatio(o), in, Math.max(1, (double) in / out));
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

  private void set(int o, int sample, double... weightsFromThere) {
    first[o] = sample;
    weights[o] = weightsFromThere;
  }

  /** nnU-Net order 1. */
  private void linear(int o, LinearAxis axis) {
    double share = axis.share(o);
    if (axis.upper(o) > axis.lower(o)) {
      set(o, axis.lower(o), 1 - share, share);
    } else {
      set(o, axis.lower(o), 1);
    }
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
    set(o, from, w);
  }
}
