package dev.lss.core.phantom;

/**
 * A body given by a number at each point of space that is negative inside: near the surface, the
 * distance from it in mm. It changes by at most {@link #STEEPEST} per mm, so a point that is far
 * from the surface tells that its neighbourhood is too.
 */
@FunctionalInterface
interface Solid {

  /**
   * The most that a distance changes per mm. Capsules, boxes and ellipsoids reach 1; the waist of a
   * body adds 2 waist x half depth / half height to the radial slope of 1, together under 1.2 for
   * the ranges of {@link PhantomParameter}.
   */
  double STEEPEST = 1.25;

  /** Returns the distance at a point in local mm. */
  double distance(double x, double y, double z);

  /** A ball of radius r swept along a line. */
  static double capsule(
      double x,
      double y,
      double z,
      double ax,
      double ay,
      double az,
      double bx,
      double by,
      double bz,
      double r) {
    double dx = bx - ax;
    double dy = by - ay;
    double dz = bz - az;
    double t = ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / (dx * dx + dy * dy + dz * dz);
    t = Math.max(0, Math.min(1, t));
    double px = x - ax - t * dx;
    double py = y - ay - t * dy;
    double pz = z - az - t * dz;
    return Math.sqrt(px * px + py * py + pz * pz) - r;
  }

  /** An ellipsoid, its middle given relative to the point. */
  static double ellipsoid(double x, double y, double z, double rx, double ry, double rz) {
    double u = x / rx;
    double v = y / ry;
    double w = z / rz;
    return (Math.sqrt(u * u + v * v + w * w) - 1) * Math.min(rx, Math.min(ry, rz));
  }
}
