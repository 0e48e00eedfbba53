package dev.lss.core.ultrasound;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Some pixels of an image plane. Positions are lengths, pixel index times pixel size: x to the
 * right, y downwards, 0 in the middle of the first pixel. Immutable.
 *
 * @param columns pixels across
 * @param rows pixels down
 * @param columnSize distance of two columns
 * @param rowSize distance of two rows
 * @param pixels the pixels, by array index
 */
record PlaneMask(int columns, int rows, double columnSize, double rowSize, BitSet pixels) {

  /** Returns the pixels of a plane; nobody writes to the set any more. */
  static PlaneMask of(GridGeometry plane, BitSet pixels) {
    Vector3 spacing = plane.spacingMm();
    return new PlaneMask(
        plane.extents().i(), plane.extents().j(), spacing.x(), spacing.y(), pixels);
  }

  /** Returns the number of pixels. */
  int count() {
    return pixels.cardinality();
  }

  /** Returns the area of all pixels. */
  double area() {
    return count() * columnSize * rowSize;
  }

  double x(int pixel) {
    return pixel % columns * columnSize;
  }

  double y(int pixel) {
    int row = pixel / columns;
    return row * rowSize;
  }

  /**
   * Returns how much of a position lies in the mask, from 0 to 1, linear between pixel centres; NaN
   * beyond the centres of the outer pixels.
   */
  double at(double x, double y) {
    double i = x / columnSize;
    double j = y / rowSize;
    if (!(i >= 0 && j >= 0 && i <= columns - 1 && j <= rows - 1)) {
      return Double.NaN;
    }
    int left = Math.min((int) i, Math.max(0, columns - 2));
    int top = Math.min((int) j, Math.max(0, rows - 2));
    double u = i - left;
    double v = j - top;
    double upper = (1 - u) * value(left, top) + u * value(left + 1, top);
    double lower = (1 - u) * value(left, top + 1) + u * value(left + 1, top + 1);
    return (1 - v) * upper + v * lower;
  }

  private double value(int column, int row) {
    return column < columns && row < rows && pixels.get(row * columns + column) ? 1 : 0;
  }

  /** Returns the pieces: pixels are together when they share an edge or a corner. */
  List<PlaneMask> pieces() {
    List<PlaneMask> pieces = new ArrayList<>();
    BitSet left = (BitSet) pixels.clone();
    int[] border = new int[count()];
    for (int seed = left.nextSetBit(0); seed >= 0; seed = left.nextSetBit(seed)) {
      BitSet piece = new BitSet();
      int waiting = 0;
      border[waiting++] = seed;
      left.clear(seed);
      while (waiting > 0) {
        int pixel = border[--waiting];
        piece.set(pixel);
        int column = pixel % columns;
        int row = pixel / columns;
        for (int j = Math.max(0, row - 1); j <= Math.min(rows - 1, row + 1); j++) {
          for (int i = Math.max(0, column - 1); i <= Math.min(columns - 1, column + 1); i++) {
            int next = j * columns + i;
            if (left.get(next)) {
              left.clear(next);
              border[waiting++] = next;
            }
          }
        }
      }
      pieces.add(new PlaneMask(columns, rows, columnSize, rowSize, piece));
    }
    return pieces;
  }
}
