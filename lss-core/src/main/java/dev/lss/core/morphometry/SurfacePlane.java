package dev.lss.core.morphometry;

import dev.lss.api.image.Vector3;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The plane through most of the points of a surface, in local coordinates {@code (a, l, u)}: random
 * triples with a fixed seed (Fischler and Bolles 1981), then total least squares of those within a
 * millimetre. Osteophytes and Schmorl nodes are left out so. Of a single slice it is a line that is
 * taken to go straight to the left and right.
 *
 * @param centre mean of the points within a millimetre
 * @param normal unit vector with a positive cranial part
 * @param rmsMm root mean square distance of the nearest four fifths of the points: columns beside
 *     the surface, as over a pedicle, say nothing of how flat it is
 * @param inliers number of points within a millimetre
 */
record SurfacePlane(Vector3 centre, Vector3 normal, double rmsMm, int inliers) {

  private static final int TRIES = 200;
  private static final double INLIER_MM = 1;
  private static final double COUNTED = 0.8;
  private static final int REFINEMENTS = 20;
  private static final Vector3 LEFT = new Vector3(0, 1, 0);

  /** Returns the plane; empty when all points lie on a line, or on one point of a slice. */
  static Optional<SurfacePlane> of(List<Vector3> points, boolean flat) {
    if (points.size() < 3) {
      return Optional.empty();
    }
    SplittableRandom random = new SplittableRandom(1);
    Optional<SurfacePlane> best = Optional.empty();
    for (int n = 0; n < TRIES; n++) {
      Vector3 p = points.get(random.nextInt(points.size()));
      Vector3 q = points.get(random.nextInt(points.size()));
      Vector3 r = flat ? p.plus(LEFT) : points.get(random.nextInt(points.size()));
      Vector3 normal = q.minus(p).cross(r.minus(p));
      if (normal.norm() > 1 && Math.abs(normal.z()) > 0.5 * normal.norm()) {
        SurfacePlane plane = judged(points, p, normal);
        if (best.isEmpty() || plane.isBetterThan(best.get())) {
          best = Optional.of(plane);
        }
      }
    }
    return best.map(plane -> plane.refined(points, flat));
  }

  private boolean isBetterThan(SurfacePlane other) {
    return inliers > other.inliers || (inliers == other.inliers && rmsMm < other.rmsMm);
  }

  private static SurfacePlane judged(List<Vector3> points, Vector3 through, Vector3 across) {
    Vector3 normal = LevelFrame.unit(across.z() < 0 ? across.times(-1) : across);
    double[] squares = new double[points.size()];
    int at = 0;
    int inliers = 0;
    Vector3 sum = new Vector3(0, 0, 0);
    for (Vector3 point : points) {
      double distance = point.minus(through).dot(normal);
      squares[at++] = distance * distance;
      if (Math.abs(distance) <= INLIER_MM) {
        inliers++;
        sum = sum.plus(point);
      }
    }
    Vector3 centre = inliers == 0 ? through : sum.times(1.0 / inliers);
    return new SurfacePlane(centre, normal, Math.sqrt(meanOfNearest(squares)), inliers);
  }

  private static double meanOfNearest(double[] squares) {
    Arrays.sort(squares);
    int nearest = Math.max(1, (int) Math.ceil(COUNTED * squares.length));
    double sum = 0;
    for (int n = 0; n < nearest; n++) {
      sum += squares[n];
    }
    return sum / nearest;
  }

  /**
   * Turns the normal until no distance depends on the place in the plane; then it is the direction
   * of least variance of the points within a millimetre.
   */
  private SurfacePlane refined(List<Vector3> points, boolean flat) {
    List<Vector3> near =
        points.stream().filter(p -> Math.abs(p.minus(centre).dot(normal)) <= INLIER_MM).toList();
    if (near.size() < 3) {
      return this;
    }
    Vector3 mean =
        near.stream().reduce(new Vector3(0, 0, 0), Vector3::plus).times(1.0 / near.size());
    Vector3 turned = normal;
    for (int n = 0; n < REFINEMENTS; n++) {
      LevelFrame plane = LevelFrame.of(mean, turned, new Vector3(1, 0, 0));
      double aa = 1e-9;
      double al = 0;
      double ll = 1e-9;
      double au = 0;
      double lu = 0;
      for (Vector3 point : near) {
        Vector3 q = plane.local(point);
        aa += q.x() * q.x();
        al += q.x() * q.y();
        ll += q.y() * q.y();
        au += q.x() * q.z();
        lu += q.y() * q.z();
      }
      double determinant = aa * ll - al * al;
      double slopeA = flat ? au / aa : (au * ll - lu * al) / determinant;
      double slopeL = flat ? 0 : (lu * aa - au * al) / determinant;
      turned = LevelFrame.unit(plane.direction(new Vector3(-slopeA, -slopeL, 1)));
    }
    return judged(points, mean, turned);
  }
}
