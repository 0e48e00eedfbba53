package dev.lss.core.ultrasound;

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
      double[] moment = new double[5];
      double[] sumX = new double[3];
      double[] sumY = new double[3];
      for (int m = from; m < to; m++) {
        double t = arcs[m] - arcs[n];
        double square = t * t;
        moment[0]++;
        moment[1] += t;
        moment[2] += square;
        moment[3] += square * t;
        moment[4] += square * square;
        sumX[0] += line.x()[m];
        sumX[1] += line.x()[m] * t;
        sumX[2] += line.x()[m] * square;
        sumY[0] += line.y()[m];
        sumY[1] += line.y()[m] * t;
        sumY[2] += line.y()[m] * square;
      }
      double[] fitX = quadratic(moment, sumX);
      double[] fitY = quadratic(moment, sumY);
      x[n] = fitX[0];
      y[n] = fitY[0];
      double norm = Math.hypot(fitX[1], fitY[1]);
      dx[n] = norm > 0 ? fitX[1] / norm : 1;
      dy[n] = norm > 0 ? fitY[1] / norm : 0;
    }
    return new SmoothLine(new Polyline(x, y), dx, dy);
  }

  /**
   * Returns value and slope in the middle of the least-squares quadratic; of a line or of the mean
   * where there are fewer than four points.
   *
   * @param moment sums of the powers 0 to 4 of the distance from the middle
   * @param sum sums of the values times the powers 0 to 2
   */
  private static double[] quadratic(double[] moment, double[] sum) {
    double count = moment[0];
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
