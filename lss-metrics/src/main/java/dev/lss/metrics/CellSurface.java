package dev.lss.metrics;

import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;

/**
 * The piece of surface inside a cube whose eight corners are voxel centres, for each of the 256
 * ways in which the corners can be inside or outside.
 *
 * <p>Its vertices are the midpoints of the edges with one end inside. On each face they are joined
 * by segments; where all four edges of a face are crossed, each segment cuts off a corner of the
 * kind (inside or outside) of which the cube has fewer. The segments close to loops, and each loop
 * is triangulated with the largest area at unit spacing. The areas are those of the table in
 * surface-distance (google-deepmind, Apache-2.0) to 1e-15 mm², at every spacing.
 *
 * <p>The code of a cube is the sum of {@code 128 >> (4a + 2b + c)} over its inside corners, where
 * a, b, c are 0 or 1 along i, j, k; likewise {@code 8 >> (2a + b)} in a plane.
 */
final class CellSurface {

  private static final int CORNERS = 8;

  /** Vertices as the sum of the two corners of their edge, so in halves of the cube's side. */
  private record Triangle(Vector3 p, Vector3 q, Vector3 r) {

    double area(Vector3 spacing) {
      return edge(q, spacing).cross(edge(r, spacing)).norm() / 2;
    }

    private Vector3 edge(Vector3 to, Vector3 spacing) {
      Vector3 edge = to.minus(p).times(0.5);
      return new Vector3(edge.x() * spacing.x(), edge.y() * spacing.y(), edge.z() * spacing.z());
    }
  }

  private static final List<List<Triangle>> TRIANGLES = new ArrayList<>();

  static {
    for (int code = 0; code < 256; code++) {
      List<Triangle> triangles = new ArrayList<>();
      loops(code).forEach(loop -> triangles.addAll(largest(loop)));
      TRIANGLES.add(List.copyOf(triangles));
    }
  }

  private CellSurface() {}

  /** Returns the area in mm² by code, 0 for the codes 0 and 255. */
  static double[] areasMm2(Vector3 spacingMm) {
    double[] areas = new double[256];
    for (int code = 0; code < areas.length; code++) {
      areas[code] = area(TRIANGLES.get(code), spacingMm);
    }
    return areas;
  }

  /** Returns the length in mm by code of a plane, 0 for the codes 0 and 15. */
  static double[] lengthsMm(double firstMm, double secondMm) {
    double diagonal = Math.sqrt(firstMm * firstMm + secondMm * secondMm);
    double[] lengths = new double[16];
    for (int code = 1; code < 15; code++) {
      lengths[code] =
          switch (code) {
            case 0b1100, 0b0011 -> secondMm; // the two sides of the first axis differ
            case 0b1010, 0b0101 -> firstMm;
            case 0b1001, 0b0110 -> diagonal; // two corners are cut off
            default -> diagonal / 2;
          };
    }
    return lengths;
  }

  private static double area(List<Triangle> triangles, Vector3 spacing) {
    double area = 0;
    for (Triangle triangle : triangles) {
      area += triangle.area(spacing);
    }
    return area;
  }

  private static boolean inside(int code, int corner) {
    return (code & (128 >> corner)) != 0;
  }

  /** Returns the loops of vertices; each vertex lies on two faces, so it has two neighbours. */
  private static List<List<Vector3>> loops(int code) {
    int[][] neighbours = new int[64][];
    for (int face = 0; face < 6; face++) {
      joinOnFace(code, face / 2, face % 2, neighbours);
    }
    List<List<Vector3>> loops = new ArrayList<>();
    boolean[] done = new boolean[neighbours.length];
    for (int start = 0; start < neighbours.length; start++) {
      if (neighbours[start] == null || done[start]) {
        continue;
      }
      List<Vector3> loop = new ArrayList<>();
      int previous = -1;
      for (int at = start; !done[at]; ) {
        done[at] = true;
        loop.add(midpoint(at / CORNERS, at % CORNERS));
        int next = neighbours[at][0] == previous ? neighbours[at][1] : neighbours[at][0];
        previous = at;
        at = next;
      }
      loops.add(loop);
    }
    return loops;
  }

  private static void joinOnFace(int code, int axis, int side, int[][] neighbours) {
    int step = 4 >> axis;
    int u = 4 >> (axis + 1) % 3;
    int v = 4 >> (axis + 2) % 3;
    int base = side * step;
    int[] ring = {base, base + u, base + u + v, base + v};
    List<Integer> crossed = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      if (inside(code, ring[n]) != inside(code, ring[(n + 1) % 4])) {
        crossed.add(edge(ring[n], ring[(n + 1) % 4]));
      }
    }
    if (crossed.size() == 2) {
      join(crossed.get(0), crossed.get(1), neighbours);
    } else if (crossed.size() == 4) {
      boolean cutOffInside = Integer.bitCount(code) <= 4;
      for (int n = 0; n < 4; n++) {
        if (inside(code, ring[n]) == cutOffInside) {
          join(edge(ring[n], ring[(n + 3) % 4]), edge(ring[n], ring[(n + 1) % 4]), neighbours);
        }
      }
    }
  }

  private static int edge(int corner, int other) {
    return Math.min(corner, other) * CORNERS + Math.max(corner, other);
  }

  private static Vector3 midpoint(int corner, int other) {
    return new Vector3(
        (corner >> 2) + (other >> 2),
        (corner >> 1 & 1) + (other >> 1 & 1),
        (corner & 1) + (other & 1));
  }

  private static void join(int a, int b, int[][] neighbours) {
    for (int[] pair : new int[][] {{a, b}, {b, a}}) {
      int[] old = neighbours[pair[0]];
      neighbours[pair[0]] = old == null ? new int[] {pair[1]} : new int[] {old[0], pair[1]};
    }
  }

  /** Returns the triangulation of a polygon with the largest area at unit spacing. */
  private static List<Triangle> largest(List<Vector3> polygon) {
    List<Triangle> best = List.of();
    double bestArea = -1;
    for (List<Triangle> candidate : triangulations(polygon)) {
      double area = area(candidate, new Vector3(1, 1, 1));
      if (area > bestArea + 1e-12) {
        bestArea = area;
        best = candidate;
      }
    }
    return best;
  }

  /** Returns all triangulations: the side from the last vertex to the first has one triangle. */
  private static List<List<Triangle>> triangulations(List<Vector3> polygon) {
    int n = polygon.size();
    if (n < 3) {
      return List.of(List.of());
    }
    List<List<Triangle>> all = new ArrayList<>();
    for (int apex = 1; apex < n - 1; apex++) {
      Triangle triangle = new Triangle(polygon.get(0), polygon.get(apex), polygon.get(n - 1));
      for (List<Triangle> left : triangulations(polygon.subList(0, apex + 1))) {
        for (List<Triangle> right : triangulations(polygon.subList(apex, n))) {
          List<Triangle> joined = new ArrayList<>(left);
          joined.add(triangle);
          joined.addAll(right);
          all.add(joined);
        }
      }
    }
    return all;
  }
}
