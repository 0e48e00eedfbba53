package dev.lss.core.ultrasound;

import java.util.Arrays;

/**
 * One piece of a fascial mask, traced: its centre line from left to right and its thickness along
 * the normals. Nobody writes to the arrays.
 *
 * <p>The centre line starts as the {@link MedialPath} without one thickness at each end, where that
 * runs into a corner. It is resampled every 0.1 mm and smoothed by local quadratics (window the
 * larger of 3 mm and four times the thickness). From each point rays go along the normal to where
 * the mask, linear between pixel centres, first falls below one half: r+ and r-. Each point moves
 * by (r+ - r-) / 2 to the middle, unless the two are more than twice the usual thickness, and the
 * smoothing is repeated, twice. Then both ends go on straight until the mask ends. Thickness is r+
 * + r-; it is not taken within half a median thickness of the ends, where a ray leaves the image,
 * or beyond 10 mm.
 *
 * @param mask the pixels
 * @param line the centre line
 * @param thickness thickness at each point, NaN where it was not taken
 * @param vertical distance of the boundaries along the image's vertical, NaN likewise
 * @param branches parts of the piece that reach out of the ribbon around the centre line
 */
@SuppressWarnings("ArrayRecordComponent") // a kernel's own arrays, never compared
record FasciaFragment(
    PlaneMask mask, SmoothLine line, double[] thickness, double[] vertical, int branches) {

  private static final double STEP_MM = 0.1;
  private static final double WINDOW_MM = 3;
  private static final double WINDOW_THICKNESSES = 4;
  private static final double LONGEST_MM = 10;
  private static final double AT_MOST_THICKNESSES = 2;
  private static final int CENTRINGS = 2;

  /** Traces a piece. */
  static FasciaFragment trace(PlaneMask piece, FasciaScale scale) {
    double step = scale.of(STEP_MM);
    double longest = scale.of(LONGEST_MM);
    BoundaryRays rays = new BoundaryRays(piece, longest);
    Polyline path = MedialPath.of(piece);
    double typical = Math.min(longest, piece.area() / Math.max(path.length(), step));
    path = path.resampled(step).withoutEnds(Math.min(typical, path.length() / 4));
    for (int round = 0; round < CENTRINGS; round++) {
      SmoothLine line = SmoothLine.fit(path, window(typical, scale));
      double[] taken = new double[line.points().size()];
      path = centred(line, rays, AT_MOST_THICKNESSES * typical, taken);
      typical = Profile.medianOr(taken, typical);
    }
    SmoothLine line = extended(SmoothLine.fit(path, window(typical, scale)), rays, step);
    double[] arcs = line.points().arcs();
    double length = arcs[arcs.length - 1];
    double[] thickness = new double[arcs.length];
    double[] vertical = new double[arcs.length];
    for (int n = 0; n < arcs.length; n++) {
      boolean inner = arcs[n] >= typical / 2 && arcs[n] <= length - typical / 2;
      double x = line.points().x()[n];
      double y = line.points().y()[n];
      thickness[n] =
          inner ? rays.across(x, y, -line.directionY()[n], line.directionX()[n]) : Double.NaN;
      vertical[n] = Double.isNaN(thickness[n]) ? Double.NaN : rays.across(x, y, 0, 1);
    }
    return new FasciaFragment(
        piece, line, thickness, vertical, SideBranches.count(piece, line.points(), typical));
  }

  private static double window(double thickness, FasciaScale scale) {
    return Math.max(scale.of(WINDOW_MM), WINDOW_THICKNESSES * thickness);
  }

  /** Moves each point to the middle between its boundaries and notes the thickness there. */
  private static Polyline centred(
      SmoothLine line, BoundaryRays rays, double widest, double[] taken) {
    double[] x = line.points().x().clone();
    double[] y = line.points().y().clone();
    for (int n = 0; n < x.length; n++) {
      double normalX = -line.directionY()[n];
      double normalY = line.directionX()[n];
      double ahead = rays.reach(x[n], y[n], normalX, normalY);
      double behind = rays.reach(x[n], y[n], -normalX, -normalY);
      double shift = (ahead - behind) / 2;
      taken[n] = ahead + behind;
      if (taken[n] <= widest) { // not where a branch leaves, nor outside
        x[n] += shift * normalX;
        y[n] += shift * normalY;
      }
    }
    return new Polyline(x, y);
  }

  /** Lengthens both ends by straight lines that reach to where the mask ends. */
  private static SmoothLine extended(SmoothLine line, BoundaryRays rays, double step) {
    Polyline inner = line.points();
    int last = inner.size() - 1;
    double startX = line.directionX()[0];
    double startY = line.directionY()[0];
    double endX = line.directionX()[last];
    double endY = line.directionY()[last];
    Polyline before = rays.walk(inner.x()[0], inner.y()[0], -startX, -startY, step).reversed();
    Polyline after = rays.walk(inner.x()[last], inner.y()[last], endX, endY, step);
    Polyline whole = before.then(inner).then(after);
    double[] dx = new double[whole.size()];
    double[] dy = new double[whole.size()];
    Arrays.fill(dx, 0, before.size(), startX);
    Arrays.fill(dy, 0, before.size(), startY);
    System.arraycopy(line.directionX(), 0, dx, before.size(), inner.size());
    System.arraycopy(line.directionY(), 0, dy, before.size(), inner.size());
    Arrays.fill(dx, before.size() + inner.size(), whole.size(), endX);
    Arrays.fill(dy, before.size() + inner.size(), whole.size(), endY);
    return new SmoothLine(whole, dx, dy);
  }

  double length() {
    return line.points().length();
  }
}
