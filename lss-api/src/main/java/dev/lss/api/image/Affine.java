package dev.lss.api.image;

import java.util.Arrays;

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

  private static final double[] LAST_ROW = {0, 0, 0, 1};
  private static final double SHORTEST_MM = 1e-6;
  private static final double LONGEST_MM = 1e6;
  private static final double FARTHEST_MM = 1e9;

  /**
   * Refuses numbers that are not finite, steps that no voxel has (shorter than 1e-6 mm or longer
   * than 1e6 mm), an origin that no image has (further than 1e9 mm away), and maps that flatten
   * space.
   */
  public Affine {
    if (!(columnI.isFinite() && columnJ.isFinite() && columnK.isFinite() && origin.isFinite())) {
      throw new IllegalArgumentException("an affine holds finite numbers only");
    }
    for (int axis = 0; axis < 3; axis++) {
      double step = Axes.pick(axis, columnI, columnJ, columnK).norm();
      if (!(step >= SHORTEST_MM && step <= LONGEST_MM)) {
        throw new IllegalArgumentException(
            "the step along axis %s must be from %s to %s mm long, was %s"
                .formatted(axis, SHORTEST_MM, LONGEST_MM, step));
      }
    }
    if (!(origin.norm() <= FARTHEST_MM)) {
      throw new IllegalArgumentException(
          "the origin must be within %s mm, was %s mm away".formatted(FARTHEST_MM, origin.norm()));
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

  /**
   * Returns the affine of a matrix that maps (i, j, k, 1) to LPS mm.
   *
   * @param matrix four rows of four numbers; the last row is 0, 0, 0, 1
   * @throws IllegalArgumentException when it has another shape or last row, or is no affine
   */
  public static Affine ofLpsMatrix(double[][] matrix) {
    return ofMatrix(matrix, 1);
  }

  /**
   * Returns the affine of a matrix that maps (i, j, k, 1) to RAS mm, as NIfTI, nibabel and 3D
   * Slicer have it: the first two rows change sign.
   *
   * @param matrix four rows of four numbers; the last row is 0, 0, 0, 1
   * @throws IllegalArgumentException when it has another shape or last row, or is no affine
   */
  public static Affine ofRasMatrix(double[][] matrix) {
    return ofMatrix(matrix, -1);
  }

  private static Affine ofMatrix(double[][] matrix, int sign) {
    boolean fits = matrix.length == 4;
    for (int row = 0; fits && row < 4; row++) {
      fits = matrix[row].length == 4;
    }
    if (!fits) {
      throw new IllegalArgumentException("a matrix has four rows of four numbers");
    }
    if (!Arrays.equals(matrix[3], LAST_ROW)) {
      throw new IllegalArgumentException(
          "the last row of a matrix must be 0, 0, 0, 1, was " + Arrays.toString(matrix[3]));
    }
    return new Affine(
        column(matrix, 0, sign),
        column(matrix, 1, sign),
        column(matrix, 2, sign),
        column(matrix, 3, sign));
  }

  private static Vector3 column(double[][] m, int column, int sign) {
    // x + 0.0: no negative zero
    return new Vector3(sign * m[0][column] + 0.0, sign * m[1][column] + 0.0, m[2][column] + 0.0);
  }

  /** Returns the matrix that maps (i, j, k, 1) to LPS mm: four rows of four numbers. */
  public double[][] lpsMatrix() {
    return matrix(1);
  }

  /** Returns the matrix that maps (i, j, k, 1) to RAS mm: four rows of four numbers. */
  public double[][] rasMatrix() {
    return matrix(-1);
  }

  private double[][] matrix(int sign) {
    double[][] matrix = {new double[4], new double[4], new double[4], LAST_ROW.clone()};
    for (int column = 0; column < 4; column++) {
      Vector3 from = column == 3 ? origin : column(column);
      matrix[0][column] = sign * from.x() + 0.0;
      matrix[1][column] = sign * from.y() + 0.0;
      matrix[2][column] = from.z() + 0.0;
    }
    return matrix;
  }

  /** Returns the step of index axis {@code axis}. */
  public Vector3 column(int axis) {
    return Axes.pick(axis, columnI, columnJ, columnK);
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
