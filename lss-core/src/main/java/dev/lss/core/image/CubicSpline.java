package dev.lss.core.image;

/**
 * Cubic B-spline interpolation of many parallel lines, on half-pixel grids, as {@code
 * skimage.transform.resize(order=3, mode='edge')} and nnU-Net do it.
 *
 * <p>Each line is lengthened by 12 samples of its edge value at both ends, turned into spline
 * coefficients by the recursive filter with pole {@code sqrt(3) - 2} and mirror boundary (SciPy's
 * ni_splines.c), and evaluated where {@link HalfPixel#byRatio} says. The margin keeps the mirror
 * away from the image, and is wider than the reach of every output.
 *
 * <p>Line {@code w} of {@code width} lies at {@code samples[p * width + w]}, so that the recursion
 * runs along p while its inner loop runs over neighbouring lines. Not thread-safe; one per thread.
 */
final class CubicSpline {

  /** Samples of margin at both ends, as SciPy has it for mode 'nearest'. */
  static final int MARGIN = 12;

  private static final double POLE = Math.sqrt(3) - 2;
  private static final double GAIN = (1 - POLE) * (1 - 1 / POLE);

  private final int in;
  private final int out;
  private final int width;
  private final double[] samples;

  CubicSpline(int in, int out, int width) {
    this.in = in;
    this.out = out;
    this.width = width;
    samples = new double[Math.multiplyExact(in + 2 * MARGIN, width)];
  }

  /** Returns the array for the input; sample p of line w goes to {@code inputAt(p) + w}. */
  double[] input() {
    return samples;
  }

  /** Returns where the samples p of all lines begin. */
  int inputAt(int p) {
    return (p + MARGIN) * width;
  }

  /** Writes output o of line w to {@code into[at + o * width + w]}; spends the input. */
  void resample(double[] into, int at) {
    if (in == out) {
      System.arraycopy(samples, inputAt(0), into, at, in * width);
      return;
    }
    for (int p = 0; p < MARGIN; p++) {
      System.arraycopy(samples, inputAt(0), samples, p * width, width);
      System.arraycopy(samples, inputAt(in - 1), samples, inputAt(in + p), width);
    }
    prefilter();
    HalfPixel map = new HalfPixel(in, out);
    for (int o = 0; o < out; o++) {
      evaluate(map.byRatio(o) + MARGIN, into, at + o * width);
    }
  }

  private void prefilter() {
    int n = in + 2 * MARGIN;
    for (int m = 0; m < samples.length; m++) {
      samples[m] *= GAIN;
    }
    firstCausal(n);
    for (int p = width; p < samples.length; p++) {
      samples[p] += POLE * samples[p - width];
    }
    int last = (n - 1) * width;
    for (int w = 0; w < width; w++) {
      samples[last + w] =
          (POLE * samples[last - width + w] + samples[last + w]) * POLE / (POLE * POLE - 1);
    }
    for (int p = last - 1; p >= 0; p--) {
      samples[p] = POLE * (samples[p + width] - samples[p]);
    }
  }

  /** Sets the first coefficient of the causal filter to its sum over the mirrored line. */
  private void firstCausal(int n) {
    double poleToLast = Math.pow(POLE, n - 1);
    for (int w = 0; w < width; w++) {
      double sum = samples[w] + poleToLast * samples[(n - 1) * width + w];
      double power = POLE;
      for (int p = 1; p < n - 1 && Math.abs(power) > 1e-40; p++, power *= POLE) {
        sum += power * (samples[p * width + w] + poleToLast * samples[(n - 1 - p) * width + w]);
      }
      samples[w] = sum / (1 - poleToLast * poleToLast);
    }
  }

  private void evaluate(double x, double[] into, int at) {
    int whole = (int) x;
    double t = x - whole;
    double u = 1 - t;
    double w1 = (t * t * (t - 2) * 3 + 4) / 6;
    double w2 = (u * u * (u - 2) * 3 + 4) / 6;
    double w0 = u * u * u / 6;
    double w3 = 1 - w0 - w1 - w2;
    int a = (whole - 1) * width;
    int b = a + width;
    int c = b + width;
    int d = c + width;
    for (int w = 0; w < width; w++) {
      into[at + w] =
          w0 * samples[a + w] + w1 * samples[b + w] + w2 * samples[c + w] + w3 * samples[d + w];
    }
  }
}
