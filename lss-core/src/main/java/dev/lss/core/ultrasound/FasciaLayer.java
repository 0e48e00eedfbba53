package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement.CentrePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Fragments that lie on one line, from left to right. Two belong together when the gap between
 * facing ends is at most 5 mm along their common direction, their offset across it at most 1 mm,
 * and the angle between them at most 15 degrees. Immutable.
 *
 * @param fragments the fragments, from left to right
 */
record FasciaLayer(List<FasciaFragment> fragments) {

  private static final double LARGEST_GAP_MM = 5;
  private static final double LARGEST_OFFSET_MM = 1;
  private static final double LARGEST_ANGLE_DEG = 15;

  FasciaLayer {
    fragments = List.copyOf(fragments);
  }

  /** Puts fragments together, each with the first one to its left that it continues. */
  static List<FasciaLayer> of(List<FasciaFragment> fragments, FasciaScale scale) {
    List<FasciaFragment> fromLeft = new ArrayList<>(fragments);
    fromLeft.sort(Comparator.comparingDouble(FasciaLayer::left));
    List<List<FasciaFragment>> layers = new ArrayList<>();
    for (FasciaFragment fragment : fromLeft) {
      layers.stream()
          .filter(layer -> continues(layer.get(layer.size() - 1), fragment, scale))
          .min(Comparator.comparingDouble(layer -> gap(layer.get(layer.size() - 1), fragment)))
          .ifPresentOrElse(
              layer -> layer.add(fragment), () -> layers.add(new ArrayList<>(List.of(fragment))));
    }
    return layers.stream().map(FasciaLayer::new).toList();
  }

  private static double left(FasciaFragment fragment) {
    return fragment.line().points().x()[0];
  }

  private static double gap(FasciaFragment before, FasciaFragment after) {
    int end = before.line().points().size() - 1;
    return Math.hypot(
        after.line().points().x()[0] - before.line().points().x()[end],
        after.line().points().y()[0] - before.line().points().y()[end]);
  }

  private static boolean continues(FasciaFragment before, FasciaFragment after, FasciaScale scale) {
    int end = before.line().points().size() - 1;
    double ux = before.line().directionX()[end];
    double uy = before.line().directionY()[end];
    double vx = after.line().directionX()[0];
    double vy = after.line().directionY()[0];
    double angle = Math.toDegrees(Math.atan2(Math.abs(ux * vy - uy * vx), ux * vx + uy * vy));
    double norm = Math.hypot(ux + vx, uy + vy);
    if (!(angle <= LARGEST_ANGLE_DEG) || norm == 0) {
      return false;
    }
    double gapX = after.line().points().x()[0] - before.line().points().x()[end];
    double gapY = after.line().points().y()[0] - before.line().points().y()[end];
    double along = (gapX * (ux + vx) + gapY * (uy + vy)) / norm;
    double across = Math.abs(gapX * (uy + vy) - gapY * (ux + vx)) / norm;
    return along >= -scale.of(LARGEST_OFFSET_MM)
        && along <= scale.of(LARGEST_GAP_MM)
        && across <= scale.of(LARGEST_OFFSET_MM);
  }

  /** Returns the centre line as pixel indices, gaps as one step. */
  List<CentrePoint> centreLine() {
    List<CentrePoint> line = new ArrayList<>();
    double start = 0;
    for (int f = 0; f < fragments.size(); f++) {
      FasciaFragment fragment = fragments.get(f);
      if (f > 0) {
        start = line.get(line.size() - 1).arc() + gap(fragments.get(f - 1), fragment);
      }
      Polyline points = fragment.line().points();
      double[] arcs = points.arcs();
      for (int n = 0; n < arcs.length; n++) {
        line.add(
            new CentrePoint(
                points.x()[n] / fragment.mask().columnSize(),
                points.y()[n] / fragment.mask().rowSize(),
                start + arcs[n],
                fragment.thickness()[n]));
      }
    }
    return line;
  }

  /** Returns the angle of the chord against the horizontal, positive when it falls to the right. */
  double angleDeg() {
    Polyline first = fragments.get(0).line().points();
    Polyline last = fragments.get(fragments.size() - 1).line().points();
    double dx = last.x()[last.size() - 1] - first.x()[0];
    double dy = last.y()[last.size() - 1] - first.y()[0];
    double angle = Math.toDegrees(dx < 0 ? Math.atan2(-dy, -dx) : Math.atan2(dy, dx));
    return angle == -90 ? 90 : angle;
  }

  double[] thickness() {
    return joined(fragments.stream().map(FasciaFragment::thickness).toList());
  }

  double[] vertical() {
    return joined(fragments.stream().map(FasciaFragment::vertical).toList());
  }

  double area() {
    return fragments.stream().mapToDouble(f -> f.mask().area()).sum();
  }

  /** Returns the length that is covered by fragments. */
  double coveredLength() {
    return fragments.stream().mapToDouble(FasciaFragment::length).sum();
  }

  private static double[] joined(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
