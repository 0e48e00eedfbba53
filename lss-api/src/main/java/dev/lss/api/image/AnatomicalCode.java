package dev.lss.api.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The patient directions in which the indices i, j and k grow, such as {@code LPS}: i to the
 * patient's left, j to posterior, k to superior. There are 48 codes. Immutable.
 *
 * @param i direction of growing i
 * @param j direction of growing j
 * @param k direction of growing k
 */
public record AnatomicalCode(Direction i, Direction j, Direction k) {

  /** A direction along one patient axis. */
  public enum Direction {
    /** To the patient's left, +x in LPS. */
    LEFT(0, 1),
    /** To the patient's right, -x in LPS. */
    RIGHT(0, -1),
    /** To the back, +y in LPS. */
    POSTERIOR(1, 1),
    /** To the front, -y in LPS. */
    ANTERIOR(1, -1),
    /** To the head, +z in LPS. */
    SUPERIOR(2, 1),
    /** To the feet, -z in LPS. */
    INFERIOR(2, -1);

    private final int axis;
    private final int sign;

    Direction(int axis, int sign) {
      this.axis = axis;
      this.sign = sign;
    }

    /** Returns the LPS axis: 0 is x (left-right), 1 is y (front-back), 2 is z (feet-head). */
    public int axis() {
      return axis;
    }

    /** Returns +1 when the direction is the positive LPS direction, else -1. */
    public int sign() {
      return sign;
    }

    private char letter() {
      return name().charAt(0);
    }
  }

  /** Index axes along left, posterior and superior: the orientation in which LSS works. */
  public static final AnatomicalCode LPS =
      new AnatomicalCode(Direction.LEFT, Direction.POSTERIOR, Direction.SUPERIOR);

  /** Refuses a code that names a patient axis twice. */
  public AnatomicalCode {
    Objects.requireNonNull(i, "i");
    Objects.requireNonNull(j, "j");
    Objects.requireNonNull(k, "k");
    if (i.axis() == j.axis() || j.axis() == k.axis() || i.axis() == k.axis()) {
      throw new IllegalArgumentException(
          "an orientation names each patient axis once, was " + i + ", " + j + ", " + k);
    }
  }

  /**
   * Reads a code of three letters out of L, R, A, P, S, I.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static AnatomicalCode parse(String text) {
    if (text.length() == 3) {
      List<Direction> found = new ArrayList<>();
      for (char letter : text.toUpperCase(Locale.ROOT).toCharArray()) {
        for (Direction direction : Direction.values()) {
          if (direction.letter() == letter) {
            found.add(direction);
          }
        }
      }
      if (found.size() == 3) {
        return new AnatomicalCode(found.get(0), found.get(1), found.get(2));
      }
    }
    throw new IllegalArgumentException(
        "an orientation is three letters out of L, R, A, P, S, I, was \"" + text + "\"");
  }

  /** Returns all 48 codes. */
  public static List<AnatomicalCode> all() {
    List<AnatomicalCode> codes = new ArrayList<>();
    for (Direction a : Direction.values()) {
      for (Direction b : Direction.values()) {
        for (Direction c : Direction.values()) {
          if (a.axis() != b.axis() && b.axis() != c.axis() && a.axis() != c.axis()) {
            codes.add(new AnatomicalCode(a, b, c));
          }
        }
      }
    }
    return List.copyOf(codes);
  }

  /**
   * Returns the code closest to an affine: the assignment of index axes to patient axes with the
   * largest product of direction cosines, so that an oblique grid keeps one axis for each.
   */
  public static AnatomicalCode closestTo(Affine affine) {
    int[][] permutations = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    int[] best = permutations[0];
    double bestScore = -1;
    for (int[] p : permutations) {
      double score = 1;
      for (int axis = 0; axis < 3; axis++) {
        Vector3 column = affine.column(axis);
        score *= Math.abs(column.get(p[axis])) / column.norm();
      }
      if (score > bestScore) {
        bestScore = score;
        best = p;
      }
    }
    return new AnatomicalCode(
        direction(best[0], affine.columnI()),
        direction(best[1], affine.columnJ()),
        direction(best[2], affine.columnK()));
  }

  private static Direction direction(int worldAxis, Vector3 column) {
    boolean positive = column.get(worldAxis) >= 0;
    return switch (worldAxis) {
      case 0 -> positive ? Direction.LEFT : Direction.RIGHT;
      case 1 -> positive ? Direction.POSTERIOR : Direction.ANTERIOR;
      default -> positive ? Direction.SUPERIOR : Direction.INFERIOR;
    };
  }

  /** Returns the direction of index axis {@code axis}. */
  public Direction get(int axis) {
    return Axes.pick(axis, i, j, k);
  }

  /** Returns the three letters. */
  @Override
  public String toString() {
    return "" + i.letter() + j.letter() + k.letter();
  }
}
