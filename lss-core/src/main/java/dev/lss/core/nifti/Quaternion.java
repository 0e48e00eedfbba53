package dev.lss.core.nifti;

import dev.lss.api.image.Vector3;

/** NIfTI's rotations: a unit quaternion (a, b, c, d) of which a >= 0 is left out. */
final class Quaternion {

  /** How far b² + c² + d² may exceed 1 by float32 rounding. */
  private static final double ROUNDING = 1e-3;

  private Quaternion() {}

  /** Returns the three columns of the rotation, or none when the numbers are no rotation. */
  static Vector3[] columns(double storedB, double storedC, double storedD) {
    double b = storedB;
    double c = storedC;
    double d = storedD;
    double square = b * b + c * c + d * d;
    if (!(square <= 1 + ROUNDING)) {
      return new Vector3[0];
    }
    double a = Math.sqrt(Math.max(0, 1 - square));
    if (1 - square < 1e-7) { // nifti1_io.c: a half turn, of which only the rounding is left
      double norm = Math.sqrt(square);
      a = 0;
      b /= norm;
      c /= norm;
      d /= norm;
    }
    return new Vector3[] {
      new Vector3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)),
      new Vector3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)),
      new Vector3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c)
    };
  }

  /** Returns b, c, d of a right-handed rotation with these unit columns. */
  static double[] of(Vector3 x, Vector3 y, Vector3 z) {
    double[] square = {
      1 + x.x() + y.y() + z.z(),
      1 + x.x() - y.y() - z.z(),
      1 - x.x() + y.y() - z.z(),
      1 - x.x() - y.y() + z.z()
    };
    int largest = 0;
    for (int n = 1; n < 4; n++) {
      largest = square[n] > square[largest] ? n : largest;
    }
    double r = Math.sqrt(square[largest]) / 2; // the largest of a, b, c, d: never near 0
    double f = 1 / (4 * r);
    double ax = (y.z() - z.y()) * f;
    double ay = (z.x() - x.z()) * f;
    double az = (x.y() - y.x()) * f;
    double xy = (x.y() + y.x()) * f;
    double xz = (x.z() + z.x()) * f;
    double yz = (y.z() + z.y()) * f;
    double[] abcd =
        switch (largest) {
          case 0 -> new double[] {r, ax, ay, az};
          case 1 -> new double[] {ax, r, xy, xz};
          case 2 -> new double[] {ay, xy, r, yz};
          default -> new double[] {az, xz, yz, r};
        };
    double sign = abcd[0] < 0 ? -1 : 1;
    return new double[] {sign * abcd[1], sign * abcd[2], sign * abcd[3]};
  }
}
