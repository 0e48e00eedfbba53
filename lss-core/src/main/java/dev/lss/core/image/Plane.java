package dev.lss.core.image;

import dev.lss.api.image.Extents;

/**
 * Resamples single slices with {@link CubicSpline}, in j, then in i, in double. Not thread-safe;
 * one per thread.
 */
final class Plane {

  private final Samples in;
  private final Extents from;
  private final Extents to;
  private final float[] slice;
  private final double[] rows;
  private final CubicSpline alongJ;
  private final CubicSpline alongI;

  /** Prepares to resample slices of {@code in} to the i and j of {@code to}. */
  Plane(Samples in, Extents to) {
    this.in = in;
    this.from = in.extents();
    this.to = to;
    slice = new float[from.i() * from.j()];
    rows = new double[from.i() * to.j()];
    alongJ = new CubicSpline(from.j(), to.j(), from.i());
    alongI = new CubicSpline(from.i(), to.i(), 1);
  }

  /** Writes slice {@code k} of the input, resampled. */
  void resample(int k, double[] into) {
    in.read(k * slice.length, slice.length, slice);
    double[] input = alongJ.input();
    int at = alongJ.inputAt(0);
    for (int n = 0; n < slice.length; n++) {
      input[at + n] = slice[n];
    }
    alongJ.resample(rows, 0);
    for (int j = 0; j < to.j(); j++) {
      System.arraycopy(rows, j * from.i(), alongI.input(), alongI.inputAt(0), from.i());
      alongI.resample(into, j * to.i());
    }
  }

  /** Limits what the last call wrote to the range of the slice that it read. */
  void clip(double[] resampled) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : slice) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    for (int n = 0; n < resampled.length; n++) {
      resampled[n] = Math.min(Math.max(resampled[n], min), max);
    }
  }
}
