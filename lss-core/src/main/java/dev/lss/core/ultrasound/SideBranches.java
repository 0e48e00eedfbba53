package dev.lss.core.ultrasound;

import java.util.BitSet;

/**
 * Counts what reaches out of a piece's ribbon: parts of it that are farther from the centre line
 * than one thickness and hold at least a square of the thickness.
 */
final class SideBranches {

  private SideBranches() {}

  static int count(PlaneMask piece, Polyline line, double thickness) {
    BitSet pixels = piece.pixels();
    BitSet outside = new BitSet();
    int near = 0;
    for (int p = pixels.nextSetBit(0); p >= 0; p = pixels.nextSetBit(p + 1)) {
      int found = near(line, near, piece.x(p), piece.y(p), thickness);
      if (found < 0) {
        outside.set(p);
      } else {
        near = found;
      }
    }
    PlaneMask rest =
        new PlaneMask(piece.columns(), piece.rows(), piece.columnSize(), piece.rowSize(), outside);
    return (int)
        rest.pieces().stream().filter(part -> part.area() >= thickness * thickness).count();
  }

  /** Returns a point of the line so near, or -1; looks first where the last one was found. */
  private static int near(Polyline line, int last, double x, double y, double distance) {
    double square = distance * distance;
    double[] lineX = line.x();
    double[] lineY = line.y();
    for (int step = 0; step < lineX.length; step++) {
      int n = last + step < lineX.length ? last + step : last + step - lineX.length;
      double dx = lineX[n] - x;
      double dy = lineY[n] - y;
      if (dx * dx + dy * dy <= square) {
        return n;
      }
    }
    return -1;
  }
}
