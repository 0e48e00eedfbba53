package dev.lss.core.muscle;

/**
 * The brightness of a muscle's voxels in two or three parts, darkest first: muscle, with three what
 * is neither, fat. Immutable.
 */
final class Parts {

  private final Brightness brightness;
  private final int[] part;
  private final int parts;

  /**
   * Keeps what it is given.
   *
   * @param brightness the values
   * @param part the part of each, from 0
   * @param parts how many there are
   */
  Parts(Brightness brightness, int[] part, int parts) {
    this.brightness = brightness;
    this.part = part;
    this.parts = parts;
  }

  /** Returns the share of voxels in a part. */
  double share(int which) {
    long voxels = 0;
    for (int n = 0; n < part.length; n++) {
      voxels += part[n] == which ? brightness.count(n) : 0;
    }
    return (double) voxels / brightness.total();
  }

  /** Returns the share of fat. */
  double fat() {
    return share(parts - 1);
  }

  /** Returns whether a value that occurs is fat. */
  boolean isFat(double value) {
    return part[brightness.indexOf(value)] == parts - 1;
  }

  int size() {
    return parts;
  }

  /** Returns the largest value of a part. */
  double largest(int which) {
    for (int n = part.length - 1; n >= 0; n--) {
      if (part[n] == which) {
        return brightness.value(n);
      }
    }
    return Double.NaN;
  }
}
