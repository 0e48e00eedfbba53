package dev.lss.api.image;

import java.util.function.IntToDoubleFunction;

/**
 * Three numbers along x, y, z: a position or a direction in LPS mm, a spacing, or a continuous
 * voxel index (i, j, k); the place that uses it says which. Immutable.
 *
 * @param x first component
 * @param y second component
 * @param z third component
 */
public record Vector3(double x, double y, double z) {

  /** Returns the vector whose component along each axis, 0 to 2, is the function's value. */
  public static Vector3 of(IntToDoubleFunction perAxis) {
    return new Vector3(
        perAxis.applyAsDouble(0), perAxis.applyAsDouble(1), perAxis.applyAsDouble(2));
  }

  /** Returns component {@code axis}: 0 is x, 1 is y, 2 is z. */
  public double get(int axis) {
    return Axes.pick(axis, x, y, z);
  }

  /** Returns this vector with component {@code axis} replaced. */
  public Vector3 with(int axis, double value) {
    Axes.check(axis);
    return of(a -> a == axis ? value : get(a));
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
