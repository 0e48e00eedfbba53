package dev.lss.api.image;

/**
 * Three numbers along x, y, z: a position or a direction in LPS mm, a spacing, or a continuous
 * voxel index (i, j, k); the place that uses it says which. Immutable.
 *
 * @param x first component
 * @param y second component
 * @param z third component
 */
public record Vector3(double x, double y, double z) {

  /** Returns component {@code axis}: 0 is x, 1 is y, 2 is z. */
  public double get(int axis) {
    return switch (axis) {
      case 0 -> x;
      case 1 -> y;
      case 2 -> z;
      default -> throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    };
  }

  /** Returns this vector with component {@code axis} replaced. */
  public Vector3 with(int axis, double value) {
    return switch (axis) {
      case 0 -> new Vector3(value, y, z);
      case 1 -> new Vector3(x, value, z);
      case 2 -> new Vector3(x, y, value);
      default -> throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    };
  }

  /** Returns this + other. */
  public Vector3 plus(Vector3 other) {
    return new Vector3(x + other.x, y + other.y, z + other.z);
  }

  /** Returns this - other. */
  public Vector3 minus(Vector3 other) {
    return new Vector3(x - other.x, y - other.y, z - other.z);
  }

  /** Returns this times a factor. */
  public Vector3 times(double factor) {
    return new Vector3(x * factor, y * factor, z * factor);
  }

  /** Returns the scalar product. */
  public double dot(Vector3 other) {
    return x * other.x + y * other.y + z * other.z;
  }

  /** Returns the vector product. */
  public Vector3 cross(Vector3 other) {
    return new Vector3(
        y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
  }

  /** Returns the Euclidean length. */
  public double norm() {
    return Math.sqrt(dot(this));
  }

  /** Returns whether all three components are finite. */
  public boolean isFinite() {
    return Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(z);
  }
}
