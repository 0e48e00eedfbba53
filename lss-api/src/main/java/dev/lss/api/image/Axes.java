package dev.lss.api.image;

/** The three axes of a grid by number: 0 is i or x, 1 is j or y, 2 is k or z. */
final class Axes {

  private Axes() {}

  /** Returns the number of an axis that exists. */
  static int check(int axis) {
    if (axis < 0 || axis > 2) {
      throw new IndexOutOfBoundsException("axis must be 0, 1 or 2, was " + axis);
    }
    return axis;
  }

  /** Returns the one of three whole numbers that belongs to an axis. */
  static int pick(int axis, int i, int j, int k) {
    return check(axis) == 0 ? i : axis == 1 ? j : k;
  }

  /** Returns the one of three numbers that belongs to an axis. */
  static double pick(int axis, double x, double y, double z) {
    return check(axis) == 0 ? x : axis == 1 ? y : z;
  }

  /** Returns the one of three values that belongs to an axis. */
  static <T> T pick(int axis, T i, T j, T k) {
    return check(axis) == 0 ? i : axis == 1 ? j : k;
  }
}
