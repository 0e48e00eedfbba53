package dev.lss.core.ultrasound;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import java.util.Arrays;
import java.util.BitSet;
import java.util.PriorityQueue;

/**
 * The longest way through a piece of a mask, along its middle.
 *
 * <p>Its ends are the two pixels that are farthest apart within the piece (8 neighbours; the
 * farthest from any pixel, and the farthest from that). Between them it is the cheapest way when a
 * step costs its length times {@code (D / d)^2}, with d the distance to the outside and D its
 * maximum: that keeps it in the middle. Unlike thinning this works for pieces that are two pixels
 * thick, and makes no spurs.
 *
 * <p>Works on the smallest box around the piece with a margin of one pixel, so that every pixel of
 * the piece has eight neighbours.
 */
final class MedialPath {

  private static final int NOT_REACHED = -2;
  private static final int START = -1;

  private final PlaneMask piece;
  private final int left;
  private final int top;
  private final int width;
  private final boolean[] inside;
  private final double[] squaredDepth;
  private final double deepest;
  private final int[] neighbours;
  private final double[] lengths;
  private final int[] from;

  private MedialPath(PlaneMask piece) {
    this.piece = piece;
    int columns = piece.columns();
    BitSet pixels = piece.pixels();
    int first = columns;
    int last = 0;
    for (int p = pixels.nextSetBit(0); p >= 0; p = pixels.nextSetBit(p + 1)) {
      first = Math.min(first, p % columns);
      last = Math.max(last, p % columns);
    }
    left = first - 1;
    top = pixels.nextSetBit(0) / columns - 1;
    width = last - first + 3;
    int height = (pixels.length() - 1) / columns - top + 2;
    inside = new boolean[width * height];
    for (int p = pixels.nextSetBit(0); p >= 0; p = pixels.nextSetBit(p + 1)) {
      inside[(p / columns - top) * width + p % columns - left] = true;
    }
    squaredDepth =
        DistanceTransform.squaredMm2(
            new Extents(width, height, 1),
            new Vector3(piece.columnSize(), piece.rowSize(), 1),
            n -> !inside[n]);
    deepest = Math.sqrt(Arrays.stream(squaredDepth).max().orElse(0));
    neighbours = new int[] {-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1};
    double slant = Math.hypot(piece.columnSize(), piece.rowSize());
    double across = piece.columnSize();
    double down = piece.rowSize();
    lengths = new double[] {slant, down, slant, across, across, slant, down, slant};
    from = new int[inside.length];
  }

  /** Returns the positions along the path from its left end to its right one; at least one. */
  static Polyline of(PlaneMask piece) {
    MedialPath search = new MedialPath(piece);
    int any = 0;
    while (!search.inside[any]) {
      any++;
    }
    int first = search.run(any, NOT_REACHED);
    int second = search.run(first, NOT_REACHED);
    search.run(first, second);
    return search.wayBack(second);
  }

  private Polyline wayBack(int end) {
    int count = 0;
    for (int at = end; at != START; at = from[at]) {
      count++;
    }
    double[] x = new double[count];
    double[] y = new double[count];
    int at = end;
    for (int n = 0; n < count; n++) {
      int row = at / width;
      x[n] = (at % width + left) * piece.columnSize();
      y[n] = (row + top) * piece.rowSize();
      at = from[at];
    }
    boolean leftwards = x[count - 1] < x[0] || (x[count - 1] == x[0] && y[count - 1] < y[0]);
    Polyline path = new Polyline(x, y);
    return leftwards ? path.reversed() : path;
  }

  private record Reached(double cost, int pixel, int from) implements Comparable<Reached> {
    @Override
    public int compareTo(Reached other) {
      return cost != other.cost
          ? Double.compare(cost, other.cost)
          : Integer.compare(pixel, other.pixel);
    }
  }

  /**
   * Walks outwards from a pixel, along the middle until {@code end} is reached, or plainly until
   * everything is; returns the pixel that was reached last.
   */
  private int run(int start, int end) {
    Arrays.fill(from, NOT_REACHED);
    double[] best = new double[inside.length];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    PriorityQueue<Reached> queue = new PriorityQueue<>();
    queue.add(new Reached(0, start, START));
    int last = start;
    while (!queue.isEmpty() && last != end) {
      Reached now = queue.remove();
      if (from[now.pixel] != NOT_REACHED) {
        continue;
      }
      from[now.pixel] = now.from;
      last = now.pixel;
      for (int n = 0; n < neighbours.length; n++) {
        int next = now.pixel + neighbours[n];
        if (inside[next] && from[next] == NOT_REACHED) {
          double step =
              end == NOT_REACHED ? lengths[n] : lengths[n] * deepest * deepest / squaredDepth[next];
          double cost = now.cost + step;
          if (cost < best[next]) {
            best[next] = cost;
            queue.add(new Reached(cost, next, now.pixel));
          }
        }
      }
    }
    return last;
  }
}
