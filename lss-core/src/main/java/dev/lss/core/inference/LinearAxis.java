package dev.lss.core.inference;

/**
 * Where the samples of one axis of a fine grid fall between those of a coarse one, and with which
 * weights: the half-pixel rule {@code x = (o + 0.5) * scale - 0.5 - offset}, clamped to the first
 * and last sample. Immutable.
 */
final class LinearAxis {

  private final int[] lower;
  private final int[] upper;
  private final double[] share;

  private LinearAxis(int count) {
    lower = new int[count];
    upper = new int[count];
    share = new double[count];
  }

  /** Returns the axis that resizes {@code in} samples to {@code out}. */
  static LinearAxis resize(int in, int out) {
    LinearAxis axis = new LinearAxis(out);
    for (int o = 0; o < out; o++) {
      axis.set(o, (o + 0.5) * in / out - 0.5, in);
    }
    return axis;
  }

  /** Returns the axis that resizes likewise but takes the nearest sample, the later one of two. */
  static LinearAxis nearest(int in, int out) {
    LinearAxis axis = new LinearAxis(out);
    for (int o = 0; o < out; o++) {
      double x = (o + 0.5) * ((double) in / out) - 0.5;
      axis.set(o, Math.floor(Math.min(Math.max(x, 0), in - 1) + 0.5), in);
    }
    return axis;
  }

  /** Returns the axis whose samples lie at these positions among {@code in} samples. */
  static LinearAxis at(double[] positions, int in) {
    LinearAxis axis = new LinearAxis(positions.length);
    for (int o = 0; o < positions.length; o++) {
      axis.set(o, positions[o], in);
    }
    return axis;
  }

  private void set(int o, double position, int in) {
    double x = Math.min(Math.max(position, 0), in - 1);
    lower[o] = (int) x;
    upper[o] = Math.min(lower[o] + 1, in - 1);
    share[o] = x - lower[o];
  }

  int size() {
    return lower.length;
  }

  /** Returns the index of the sample at or before output {@code o}. */
  int lower(int o) {
    return lower[o];
  }

  /** Returns the index of the sample behind output {@code o}. */
  int upper(int o) {
    return upper[o];
  }

  /** Returns the weight of the upper sample, in [0, 1); the lower one has the rest. */
  double share(int o) {
    return share[o];
  }

  /** Returns the value between two samples for output {@code o}. */
  double mix(int o, double lowerValue, double upperValue) {
    return lowerValue * (1 - share[o]) + upperValue * share[o];
  }
}
