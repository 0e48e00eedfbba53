package dev.lss.core.image;

/**
 * Linear interpolation along one axis: between which two samples each output lies, clamped to the
 * first and last one, and with which weights. The only class that interpolates linearly; others say
 * in which order the axes come. Immutable.
 */
public final class LinearAxis {

  private final int[] lower;
  private final int[] upper;
  private final double[] share;

  private LinearAxis(int count) {
    lower = new int[count];
    upper = new int[count];
    share = new double[count];
  }

  /** Returns the axis that resizes {@code in} samples to {@code out}. */
  public static LinearAxis resize(int in, int out) {
    LinearAxis axis = new LinearAxis(out);
    HalfPixel map = new HalfPixel(in, out);
    for (int o = 0; o < out; o++) {
      axis.set(o, map.at(o), in);
    }
    return axis;
  }

  /** Returns the axis that resizes likewise with the positions of {@link HalfPixel#byRatio}. */
  static LinearAxis resizeByRatio(int in, int out) {
    LinearAxis axis = new LinearAxis(out);
    HalfPixel map = new HalfPixel(in, out);
    for (int o = 0; o < out; o++) {
      axis.set(o, map.byRatio(o), in);
    }
    return axis;
  }

  /** Returns the axis that resizes likewise but takes the nearest sample, the later one of two. */
  public static LinearAxis nearest(int in, int out) {
    LinearAxis axis = new LinearAxis(out);
    HalfPixel map = new HalfPixel(in, out);
    for (int o = 0; o < out; o++) {
      axis.set(o, map.nearest(o), in);
    }
    return axis;
  }

  /** Returns the axis whose outputs lie at these positions among {@code in} samples. */
  public static LinearAxis at(double[] positions, int in) {
    LinearAxis axis = new LinearAxis(positions.length);
    for (int o = 0; o < positions.length; o++) {
      axis.set(o, positions[o], in);
    }
    return axis;
  }

  private void set(int o, double position, int in) {
    double x = HalfPixel.inside(position, in);
    lower[o] = (int) x;
    upper[o] = Math.min(lower[o] + 1, in - 1);
    share[o] = x - lower[o];
  }

  /** Returns the number of outputs. */
  public int size() {
    return lower.length;
  }

  /** Returns the index of the sample at or before output {@code o}. */
  public int lower(int o) {
    return lower[o];
  }

  /** Returns the index of the sample behind output {@code o}; the last one behind the last. */
  public int upper(int o) {
    return upper[o];
  }

  /** Returns the weight of the upper sample, in [0, 1); the lower one has the rest. */
  double share(int o) {
    return share[o];
  }

  /** Returns the value between two samples for output {@code o}. */
  public double mix(int o, double lowerValue, double upperValue) {
    return mix(share[o], lowerValue, upperValue);
  }

  /** Returns the value between two samples of which the upper one has a weight in [0, 1]. */
  static double mix(double share, double lowerValue, double upperValue) {
    return lowerValue * (1 - share) + upperValue * share;
  }
}
