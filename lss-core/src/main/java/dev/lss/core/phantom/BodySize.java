package dev.lss.core.phantom;

import static dev.lss.core.phantom.PhantomParameter.BODY_HALF_DEPTH_MM;
import static dev.lss.core.phantom.PhantomParameter.BODY_HALF_HEIGHT_MM;
import static dev.lss.core.phantom.PhantomParameter.BODY_HALF_WIDTH_MM;
import static dev.lss.core.phantom.PhantomParameter.DISC_MM;
import static dev.lss.core.phantom.PhantomParameter.WAIST;

/**
 * A vertebral body: an upright cylinder with flat ends over an ellipse, narrower in the middle.
 * Local x points to the left, y backwards, z up, from the body's centre. Immutable.
 *
 * @param a half width, mm
 * @param b half depth, mm
 * @param h half height, mm
 * @param waist share by which the middle is narrower
 * @param disc gap that the level contributes to the discs above and below, mm
 */
record BodySize(double a, double b, double h, double waist, double disc) implements Solid {

  /** Returns the body a number of levels above L5; the sacrum has that of L5. */
  static BodySize above(int levels, PhantomParameters p) {
    return new BodySize(
        p.get(BODY_HALF_WIDTH_MM) * (1 - 0.032 * levels),
        p.get(BODY_HALF_DEPTH_MM) * (1 - 0.018 * levels),
        p.get(BODY_HALF_HEIGHT_MM) * (1 - 0.015 * levels),
        p.get(WAIST),
        p.get(DISC_MM) * (1 - 0.04 * levels));
  }

  @Override
  public double distance(double x, double y, double z) {
    double rel = Math.max(-1.2, Math.min(1.2, z / h));
    double size = 1 - waist * (1 - rel * rel);
    double u = x / a;
    double v = y / b;
    double radial = (Math.sqrt(u * u + v * v) - size) * Math.min(a, b);
    return Math.max(radial, Math.abs(z) - h);
  }
}
