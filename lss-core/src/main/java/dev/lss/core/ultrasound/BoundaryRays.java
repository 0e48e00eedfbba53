package dev.lss.core.ultrasound;

/**
 * Straight walks from a position inside a mask to its boundary: where the mask, linear between
 * pixel centres, first falls below one half. For a straight boundary between pixels that is exact.
 *
 * @param mask the mask
 * @param longest walks longer than this are given up
 */
record BoundaryRays(PlaneMask mask, double longest) {

  /** Returns the distance to the boundary; NaN from outside, out of the image, or if too long. */
  double reach(double x, double y, double directionX, double directionY) {
    double stride = Math.min(mask.columnSize(), mask.rowSize()) / 2;
    double before = mask.at(x, y);
    if (!(before >= 0.5)) {
      return Double.NaN;
    }
    for (double way = stride; way <= longest + stride; way += stride) {
      double now = mask.at(x + way * directionX, y + way * directionY);
      if (Double.isNaN(now)) {
        return Double.NaN;
      }
      if (now < 0.5) {
        return way - stride + stride * (before - 0.5) / (before - now);
      }
      before = now;
    }
    return Double.NaN;
  }

  /** Returns the distance of the boundaries ahead and behind; NaN likewise. */
  double across(double x, double y, double directionX, double directionY) {
    double sum = reach(x, y, directionX, directionY) + reach(x, y, -directionX, -directionY);
    return sum > 0 && sum <= longest ? sum : Double.NaN;
  }

  /** Returns the points after the start at even steps as far as the mask reaches, and the end. */
  Polyline walk(double x, double y, double directionX, double directionY, double step) {
    double end = reach(x, y, directionX, directionY);
    if (Double.isNaN(end)) {
      end = 0;
      while (mask.at(x + (end + step) * directionX, y + (end + step) * directionY) >= 0.5) {
        end += step; // up to the border of the image
      }
    }
    int count = (int) Math.ceil(end / step - 1e-9);
    double[] wayX = new double[count];
    double[] wayY = new double[count];
    for (int n = 0; n < count; n++) {
      double way = Math.min((n + 1) * step, end);
      wayX[n] = x + way * directionX;
      wayY[n] = y + way * directionY;
    }
    return new Polyline(wayX, wayY);
  }
}
