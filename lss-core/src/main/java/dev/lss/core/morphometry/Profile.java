package dev.lss.core.morphometry;

import dev.lss.api.image.Vector3;
import java.util.List;

/**
 * A surface seen from the side: its height as a parabola of the depth, {@code u = c + b a + d a²},
 * by least squares of the points near the middle between left and right; points that are off by
 * more than a millimetre count the less the farther they are (Huber 1964). Follows a hollow or
 * wedged endplate, and no single spur or node.
 */
record Profile(double c, double b, double d) {

  private static final double BAND_MM = 6;
  private static final double INLIER_MM = 1;
  private static final int ROUNDS = 6;

  /** Fits points {@code (a, l, u)}; NaN throughout for fewer than three depths. */
  static Profile of(List<Vector3> points) {
    List<Vector3> band = points.stream().filter(p -> Math.abs(p.y()) <= BAND_MM).toList();
    Profile profile = new Profile(0, 0, 0);
    for (int round = 0; round < ROUNDS; round++) {
      double[] moments = new double[5];
      double[] heights = new double[3];
      for (Vector3 p : band) {
        double off = Math.abs(p.z() - profile.at(p.x()));
        double weight = round == 0 || off <= INLIER_MM ? 1 : INLIER_MM / off;
        double power = weight;
        for (int n = 0; n < 5; n++) {
          moments[n] += power;
          if (n < 3) {
            heights[n] += power * p.z();
          }
          power *= p.x();
        }
      }
      profile = solved(moments, heights);
    }
    return profile;
  }

  /** Solves the normal equations by Cramer's rule. */
  private static Profile solved(double[] m, double[] h) {
    Vector3 x = new Vector3(m[0], m[1], m[2]);
    Vector3 y = new Vector3(m[1], m[2], m[3]);
    Vector3 z = new Vector3(m[2], m[3], m[4]);
    Vector3 right = new Vector3(h[0], h[1], h[2]);
    double determinant = x.dot(y.cross(z));
    return new Profile(
        right.dot(y.cross(z)) / determinant,
        x.dot(right.cross(z)) / determinant,
        x.dot(y.cross(right)) / determinant);
  }

  /** Returns the height at a depth. */
  double at(double a) {
    return c + b * a + d * a * a;
  }
}
