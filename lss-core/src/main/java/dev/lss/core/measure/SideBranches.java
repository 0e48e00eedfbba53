package dev.lss.core.measure;

import java.util.BitSet;

/**
 * Counts what reaches out of a piece's ribbon: parts of it that are farther from the centre line
 * than one thickness and hold at least a square of the thickness.
 */
final class SideBranches {

  private SideBranches() {}

  static int count(PlaneMask piece, Polyline line, double thickness) {
    BitSet outside = new BitSet();
    for (int p = piece.pixels().nextSetBit(0); p >= 0; p = piece.pixels().nextSetBit(p + 1)) {
      if (!isNear(line, piece.x(p), piece.y(p), thickness)) {
        outside.set(p);
      }
    }
    PlaneMask rest =
        new PlaneMask(piece.columns(), piece.rows(), piece.columnSize(), piece.rowSize(), outside);
    return (int)
        rest.pieces().stream().filter(part -> part.area() >= thickness * thickness).count();
  }

  private static boolean isNear(Polyline line, double x, double y, double distance) {
    double square = distance * distance;
    double[] lineX = line.x();
    double[] lineY = line.y();
    for (int n = 0; n < lineX.length; n++) {
      double dx = lineX[n] - x;
      if (dx <= distance && -dx <= distance) {
        double dy = lineY[n] - y;
        if (dx * dx + dy * dy <= square) {
          return true;
        }
      }
    }
    return false;
  }
}
