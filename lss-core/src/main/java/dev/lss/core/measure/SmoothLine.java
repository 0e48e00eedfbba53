package dev.lss.core.measure;

/**
 * A smooth line with its direction at each point: x and y are fitted by a quadratic in the arc
 * length over a window around every point (shorter at the ends), and the direction is the fit's.
 *
 * @param points the fitted points
 * @param directionX unit direction along the line, to the right
 * @param directionY unit direction along the line, downwards
 */
@SuppressWarnings("ArrayRecordComponent") // a kernel's own arrays, never compared
record SmoothLine(Polyline points, double[] directionX, double[] directionY) {

  private static final int FEWEST_EACH_SIDE = 2;

  /**
   * Fits a line.
   *
   * @param line points at even distances, at least two
   * @param window width of the window, as a length
   */
  static SmoothLine fit(Polyline line, double window) {
    int count = line.size();
    double[] arcs = line.arcs();
    double step = line.length() / (count - 1);
    int reach = (int) Math.max(FEWEST_EACH_SIDE, Math.rint(window / 2 / Math.max(step, 1e-12)));
    double[] x = new double[count];
    double[] y = new double[count];
    double[] dx = new double[count];
    double[] dy = new double[count];
    for (int n = 0; n < count; n++) {
      int from = Math.max(0, n - reach);
      int to = Math.min(count, n + reach + 1);
      double[] fitX = quadratic(arcs, line.x(), from, to, arcs[n]);
      double[] fitY = quadratic(arcs, line.y(), from, to, arcs[n]);
      x[n] = fitX[0];
      y[n] = fitY[0];
      double norm = Math.hypot(fitX[1], fitY[1]);
      dx[n] = norm > 0 ? fitX[1] / norm : 1;
      dy[n] = norm > 0 ? fitY[1] / norm : 0;
    }
    return new SmoothLine(new Polyline(x, y), dx, dy);
  }

  /**
   * Returns value and slope at {@code at} of the least-squares quadratic; a line or mean of few.
   */
  private static double[] quadratic(double[] s, double[] values, int from, int to, double at) {
    int count = to - from;
    double[] moment = new double[5];
    double[] sum = new double[3];
    for (int n = from; n < to; n++) {
      double t = s[n] - at;
      double power = 1;
      for (int m = 0; m < 5; m++) {
        moment[m] += power;
        if (m < 3) {
          sum[m] += power * values[n];
        }
        power *= t;
      }
    }
    if (count >= 4) {
      double a = moment[2] * moment[4] - moment[3] * moment[3];
      double b = moment[1] * moment[4] - moment[2] * moment[3];
      double c = moment[1] * moment[3] - moment[2] * moment[2];
      double determinant = moment[0] * a - moment[1] * b + moment[2] * c;
      if (determinant > 0) {
        double d = moment[0] * moment[4] - moment[2] * moment[2];
        double e = moment[0] * moment[3] - moment[1] * moment[2];
        return new double[] {
          (a * sum[0] - b * sum[1] + c * sum[2]) / determinant,
          (-b * sum[0] + d * sum[1] - e * sum[2]) / determinant
        };
      }
    }
    double determinant = moment[0] * moment[2] - moment[1] * moment[1];
    if (!(determinant > 0)) {
      return new double[] {sum[0] / count, 0};
    }
    return new double[] {
      (moment[2] * sum[0] - moment[1] * sum[1]) / determinant,
      (moment[0] * sum[1] - moment[1] * sum[0]) / determinant
    };
  }
}
