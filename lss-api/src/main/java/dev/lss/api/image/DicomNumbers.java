package dev.lss.api.image;

/** Reads positions, directions and spacings out of the numbers of DICOM attributes. */
final class DicomNumbers {

  /** How far rounding may take direction cosines from unit length and from a right angle. */
  private static final double ROUNDING = 1e-3;

  private DicomNumbers() {}

  static Vector3 position(double[] imagePositionPatient) {
    requireLength("imagePositionPatient", imagePositionPatient, 3);
    return vector(imagePositionPatient, 0);
  }

  /** Returns the directions of growing columns, rows and slices, of length 1 at right angles. */
  static Vector3[] axes(double[] imageOrientationPatient) {
    requireLength("imageOrientationPatient", imageOrientationPatient, 6);
    Vector3 row = vector(imageOrientationPatient, 0);
    Vector3 column = vector(imageOrientationPatient, 3);
    boolean rounded =
        Math.abs(row.norm() - 1) <= ROUNDING
            && Math.abs(column.norm() - 1) <= ROUNDING
            && Math.abs(row.dot(column)) <= ROUNDING;
    if (!rounded) {
      throw new IllegalArgumentException(
          "imageOrientationPatient must be two directions of length 1 at a right angle, lengths"
              + " were %s and %s, the cosine of the angle %s"
                  .formatted(row.norm(), column.norm(), row.dot(column)));
    }
    Vector3 i = unit(row);
    Vector3 j = unit(column.minus(i.times(i.dot(column))));
    return new Vector3[] {i, j, i.cross(j)};
  }

  /** Returns a direction times a length, without negative zeros. */
  static Vector3 step(Vector3 direction, double mm) {
    return direction.times(mm).plus(new Vector3(0, 0, 0));
  }

  static double pixelSpacing(double[] pixelSpacing, int index) {
    requireLength("pixelSpacing", pixelSpacing, 2);
    double mm = pixelSpacing[index];
    if (!(mm > 0) || !Double.isFinite(mm)) {
      throw new IllegalArgumentException(
          "pixelSpacing[%s] must be positive, was %s mm".formatted(index, mm));
    }
    return mm;
  }

  private static void requireLength(String name, double[] numbers, int length) {
    if (numbers.length != length) {
      throw new IllegalArgumentException(
          "%s holds %s numbers, got %s".formatted(name, length, numbers.length));
    }
  }

  private static Vector3 vector(double[] numbers, int from) {
    return new Vector3(numbers[from], numbers[from + 1], numbers[from + 2]);
  }

  private static Vector3 unit(Vector3 v) {
    double norm = v.norm();
    return norm == 1 ? v : v.times(1 / norm);
  }
}
