package dev.lss.api.image;

/**
 * The map from continuous voxel index (i, j, k) to world position: {@code origin + i * columnI + j
 * * columnJ + k * columnK}. The origin is the centre of voxel (0, 0, 0). Immutable.
 *
 * @param columnI step in mm when i grows by one
 * @param columnJ step in mm when j grows by one
 * @param columnK step in mm when k grows by one
 * @param origin position in mm of the centre of voxel (0, 0, 0)
 */
public record Affine(Vector3 columnI, Vector3 columnJ, Vector3 columnK, Vector3 origin) {

  /** Refuses numbers that are not finite and maps that flatten space. */
  public Affine {
    if (!(columnI.isFinite() && columnJ.isFinite() && columnK.isFinite() && origin.isFinite())) {
      throw new IllegalArgumentException("an affine holds finite numbers only");
    }
    double volume = columnI.cross(columnJ).dot(columnK);
    double scale = columnI.norm() * columnJ.norm() * columnK.norm();
    if (!(Math.abs(volume) > 1e-6 * scale)) {
      throw new IllegalArgumentException("an affine must be invertible, determinant was " + volume);
    }
  }

  /**
   * Returns the affine of an axis-aligned LPS grid whose first voxel centre is the world origin.
   */
  public static Affine ofSpacing(Vector3 spacingMm) {
    return new Affine(
        new Vector3(spacingMm.x(), 0, 0),
        new Vector3(0, spacingMm.y(), 0),
        new Vector3(0, 0, spacingMm.z()),
        new Vector3(0, 0, 0));
  }

  /** Returns the step of index axis {@code axis}. */
  public Vector3 column(int axis) {
    return switch (axis) {
      case 0 -> columnI;
      case 1 -> columnJ;
      case 2 -> columnK;
      default -> throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    };
  }

  /** Returns the world position of a continuous voxel index. */
  public Vector3 apply(Vector3 index) {
    return origin
        .plus(columnI.times(index.x()))
        .plus(columnJ.times(index.y()))
        .plus(columnK.times(index.z()));
  }

  /** Returns the affine with the same steps whose voxel (0, 0, 0) is this one's {@code index}. */
  public Affine startingAt(Vector3 index) {
    return new Affine(columnI, columnJ, columnK, apply(index));
  }

  /** Returns the continuous voxel index of a world position. */
  public Vector3 applyInverse(Vector3 position) {
    Vector3 d = position.minus(origin);
    double volume = determinant();
    return new Vector3(
        d.dot(columnJ.cross(columnK)) / volume,
        columnI.dot(d.cross(columnK)) / volume,
        columnI.dot(columnJ.cross(d)) / volume);
  }

  /** Returns the determinant of the 3 x 3 part; negative for a left-handed grid. */
  public double determinant() {
    return columnI.cross(columnJ).dot(columnK);
  }

  /**
   * Returns the largest deviation from a right angle between two axes, in degrees; 0 for an
   * orthogonal grid.
   */
  public double shearDegrees() {
    double worst = 0;
    for (int a = 0; a < 3; a++) {
      Vector3 u = column(a);
      Vector3 v = column((a + 1) % 3);
      double sine = Math.abs(u.dot(v)) / (u.norm() * v.norm());
      worst = Math.max(worst, Math.toDegrees(Math.asin(Math.min(1, sine))));
    }
    return worst;
  }
}
