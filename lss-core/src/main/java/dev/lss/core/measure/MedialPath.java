package dev.lss.core.measure;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The longest way through a piece of a mask, along its middle.
 *
 * <p>Its ends are the two pixels that are farthest apart within the piece (8 neighbours; the
 * farthest from any pixel, and the farthest from that). Between them it is the cheapest way when a
 * step costs its length times {@code (D / d)^2}, with d the distance to the outside and D its
 * maximum: that keeps it in the middle. Unlike thinning this works for pieces that are two pixels
 * thick, and makes no spurs.
 */
final class MedialPath {

  private final PlaneMask piece;
  private final Map<Integer, Double> toOutside = new HashMap<>();
  private double deepest;

  private MedialPath(PlaneMask piece) {
    this.piece = piece;
    measureDepth();
  }

  /** Returns the positions along the path from its left end to its right one; at least one. */
  static Polyline of(PlaneMask piece) {
    MedialPath search = new MedialPath(piece);
    int any = piece.pixels().nextSetBit(0);
    int first = search.run(any, -1, false).last;
    int second = search.run(first, -1, false).last;
    List<Integer> pixels = search.run(first, second, true).back(second);
    double[] x = pixels.stream().mapToDouble(piece::x).toArray();
    double[] y = pixels.stream().mapToDouble(piece::y).toArray();
    Polyline path = new Polyline(x, y);
    boolean leftwards =
        x[x.length - 1] < x[0] || (x[x.length - 1] == x[0] && y[x.length - 1] < y[0]);
    return leftwards ? path.reversed() : path;
  }

  /** Distances to the nearest pixel outside the piece, on a box with a margin of one pixel. */
  private void measureDepth() {
    int columns = piece.columns();
    int left = columns;
    int right = 0;
    for (int p = piece.pixels().nextSetBit(0); p >= 0; p = piece.pixels().nextSetBit(p + 1)) {
      left = Math.min(left, p % columns);
      right = Math.max(right, p % columns);
    }
    int top = piece.pixels().nextSetBit(0) / columns;
    int width = right - left + 3;
    int height = (piece.pixels().length() - 1) / columns - top + 3;
    int i0 = left - 1;
    int j0 = top - 1;
    double[] squared =
        DistanceTransform.squaredMm2(
            new Extents(width, height, 1),
            new Vector3(piece.columnSize(), piece.rowSize(), 1),
            n -> {
              int i = n % width + i0;
              int j = n / width + j0;
              return i < 0 || i >= columns || j < 0 || !piece.pixels().get(j * columns + i);
            });
    for (int p = piece.pixels().nextSetBit(0); p >= 0; p = piece.pixels().nextSetBit(p + 1)) {
      double distance = Math.sqrt(squared[(p / columns - j0) * width + p % columns - i0]);
      toOutside.put(p, distance);
      deepest = Math.max(deepest, distance);
    }
  }

  private double toOutside(int pixel) {
    return toOutside.getOrDefault(pixel, deepest);
  }

  private record Reached(double cost, int pixel, int from) {}

  /** The way back to the start from every pixel that was reached. */
  private record Search(Map<Integer, Integer> from, int last) {

    List<Integer> back(int end) {
      List<Integer> way = new ArrayList<>();
      int at = end;
      while (at >= 0) {
        way.add(at);
        at = from.getOrDefault(at, -1);
      }
      return way;
    }
  }

  /** Walks outwards from a pixel until {@code end} is reached, or everything (-1). */
  private Search run(int start, int end, boolean medial) {
    Map<Integer, Integer> from = new HashMap<>();
    PriorityQueue<Reached> queue =
        new PriorityQueue<>(
            (a, b) ->
                a.cost != b.cost
                    ? Double.compare(a.cost, b.cost)
                    : Integer.compare(a.pixel, b.pixel));
    queue.add(new Reached(0, start, -1));
    int last = start;
    while (!queue.isEmpty() && !(end >= 0 && from.containsKey(end))) {
      Reached now = queue.remove();
      if (from.putIfAbsent(now.pixel, now.from) != null) {
        continue;
      }
      last = now.pixel;
      piece.forEachNeighbour(
          now.pixel,
          next -> {
            if (piece.pixels().get(next) && !from.containsKey(next)) {
              queue.add(new Reached(now.cost + step(now.pixel, next, medial), next, now.pixel));
            }
          });
    }
    return new Search(from, last);
  }

  private double step(int a, int b, boolean medial) {
    double length = Math.hypot(piece.x(a) - piece.x(b), piece.y(a) - piece.y(b));
    if (!medial) {
      return length;
    }
    double shallow = deepest / toOutside(b);
    return length * shallow * shallow;
  }
}
