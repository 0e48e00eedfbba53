package dev.lss.core.spine;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.ConnectedComponents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The cores of vertebral bodies: what of each sagittal section lies deeper than a bridge between
 * two bodies is wide, section by section, because thick slices say little of one another; then
 * joined across slices where they lie over one another. A core that is too large for one body, or
 * lies over two of the next slice, is parted.
 */
final class BodyCores {

  private static final double DEEP_MM = 4;
  private static final double DEEPEST_MM = 14;

  /** Smaller pieces are no core. */
  private static final double SMALLEST_MM2 = 30;

  /** The core of the largest section of a body. */
  private static final double LARGEST_MM2 = 1000;

  /** More than this of the usual core is more than one. */
  private static final double TOO_MUCH = 1.6;

  /** Cores that share this much of the smaller are of one body. */
  private static final double SHARED = 0.5;

  /** How far apart slices may be in which one body shows. */
  private static final double REACH_MM = 9;

  private final Extents extents;
  private final Vector3 spacingMm;

  /** A core in one slice. */
  private static final class Core {

    private final int slice;
    private final BitSet pixels;
    private int group;

    private Core(int slice, BitSet pixels) {
      this.slice = slice;
      this.pixels = pixels;
    }
  }

  private BodyCores(Extents extents, Vector3 spacingMm) {
    this.extents = extents;
    this.spacingMm = spacingMm;
  }

  /**
   * Returns the cores, each as its voxels in memory order; in the order of their first voxels.
   *
   * @param extents of the grid, with sagittal slices along k
   * @param spacingMm of the grid
   * @param bodies where bodies are
   */
  static List<int[]> of(Extents extents, Vector3 spacingMm, BitSet bodies) {
    BodyCores finder = new BodyCores(extents, spacingMm);
    List<List<Core>> bySlice = new ArrayList<>();
    for (int k = 0; k < extents.k(); k++) {
      bySlice.add(finder.inSlice(k, bodies));
    }
    finder.part(bySlice);
    return finder.joined(bySlice);
  }

  private Extents plane() {
    return new Extents(extents.i(), extents.j(), 1);
  }

  private double pixelMm2() {
    return spacingMm.x() * spacingMm.y();
  }

  private List<Core> inSlice(int k, BitSet bodies) {
    int at = k * plane().voxels();
    int first = bodies.nextSetBit(at);
    if (first < 0 || first >= at + plane().voxels()) {
      return new ArrayList<>();
    }
    float[] deep =
        DistanceTransform.toBackgroundMm(plane(), spacingMm.with(2, 1), n -> bodies.get(at + n));
    List<Core> cores = new ArrayList<>();
    for (BitSet piece : deeperThan(deep, DEEP_MM, n -> true)) {
      for (BitSet one : notTooLarge(piece, deep, LARGEST_MM2)) {
        cores.add(new Core(k, one));
      }
    }
    return cores;
  }

  /** Returns the pieces of a slice, or of a part of it, that lie deeper than so. */
  private List<BitSet> deeperThan(float[] deep, double mm, IntPredicate within) {
    boolean[] mask = new boolean[deep.length];
    for (int n = 0; n < mask.length; n++) {
      mask[n] = deep[n] > mm && within.test(n);
    }
    ConnectedComponents found = ConnectedComponents.of(plane(), mask);
    List<BitSet> pieces = new ArrayList<>();
    for (int piece = 0; piece < found.count(); piece++) {
      if (found.voxels(piece) * pixelMm2() >= SMALLEST_MM2) {
        BitSet pixels = new BitSet();
        found.forEachRun(piece, (from, count) -> pixels.set(from, from + count));
        pieces.add(pixels);
      }
    }
    return pieces;
  }

  /** Parts a core that is larger than one body's where it is narrowest, as often as it must be. */
  private List<BitSet> notTooLarge(BitSet core, float[] deep, double largestMm2) {
    if (core.cardinality() * pixelMm2() <= largestMm2) {
      return List.of(core);
    }
    for (double mm = DEEP_MM + 1; mm <= DEEPEST_MM; mm++) {
      List<BitSet> pieces = deeperThan(deep, mm, core::get);
      if (pieces.size() > 1) {
        List<BitSet> parted = new ArrayList<>();
        for (BitSet one : shared(core, pieces)) {
          parted.addAll(notTooLarge(one, deep, largestMm2));
        }
        return parted;
      }
    }
    return List.of(core);
  }

  /** Gives each pixel of a core to the nearest of some pieces. */
  private List<BitSet> shared(BitSet core, List<BitSet> pieces) {
    List<BitSet> parts = new ArrayList<>();
    List<double[]> far = new ArrayList<>();
    for (BitSet piece : pieces) {
      parts.add(new BitSet());
      far.add(DistanceTransform.squaredMm2(plane(), spacingMm.with(2, 1), piece::get));
    }
    for (int n = core.nextSetBit(0); n >= 0; n = core.nextSetBit(n + 1)) {
      int nearest = 0;
      for (int p = 1; p < far.size(); p++) {
        nearest = far.get(p)[n] < far.get(nearest)[n] ? p : nearest;
      }
      parts.get(nearest).set(n);
    }
    return parts;
  }

  /** Parts what is larger than usual, and what lies over two large cores of a slice beside. */
  private void part(List<List<Core>> bySlice) {
    double[] sizes =
        bySlice.stream()
            .flatMap(List::stream)
            .mapToDouble(core -> core.pixels.cardinality())
            .sorted()
            .toArray();
    if (sizes.length == 0) {
      return;
    }
    double usual = sizes[sizes.length / 2];
    for (int k = 0; k < bySlice.size(); k++) {
      List<Core> parted = new ArrayList<>();
      for (Core core : bySlice.get(k)) {
        List<BitSet> over = new ArrayList<>();
        if (core.pixels.cardinality() > TOO_MUCH * usual) {
          for (int beside : new int[] {k - 1, k + 1}) {
            List<BitSet> there =
                beside < 0 || beside >= bySlice.size()
                    ? List.of()
                    : two(core, bySlice.get(beside), usual);
            over = there.size() > over.size() ? there : over;
          }
        }
        if (over.size() > 1) {
          shared(core.pixels, over).forEach(one -> parted.add(new Core(core.slice, one)));
        } else {
          parted.add(core);
        }
      }
      bySlice.set(k, parted);
    }
  }

  private static List<BitSet> two(Core core, List<Core> beside, double usual) {
    return beside.stream()
        .filter(other -> other.pixels.cardinality() > usual / 2)
        .map(other -> other.pixels)
        .filter(other -> overlap(core.pixels, other) >= SHARED * other.cardinality())
        .toList();
  }

  private static int overlap(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both.cardinality();
  }

  private List<int[]> joined(List<List<Core>> bySlice) {
    List<Core> all = new ArrayList<>();
    bySlice.forEach(all::addAll);
    int[] parent = new int[all.size()];
    Arrays.setAll(parent, n -> n);
    for (int n = 0; n < parent.length; n++) {
      all.get(n).group = n;
    }
    int reach = Math.max(1, (int) (REACH_MM / spacingMm.z()));
    for (int k = 0; k < bySlice.size(); k++) {
      for (Core core : bySlice.get(k)) {
        for (int away = 1; away <= reach && k + away < bySlice.size(); away++) {
          for (Core other : bySlice.get(k + away)) {
            int least = Math.min(core.pixels.cardinality(), other.pixels.cardinality());
            if (overlap(core.pixels, other.pixels) >= SHARED * least) {
              unite(parent, core.group, other.group);
            }
          }
        }
      }
    }
    List<int[]> groups = new ArrayList<>();
    for (int root = 0; root < parent.length; root++) {
      if (parent[root] == root) {
        int[] voxels = {};
        for (Core core : all) {
          if (find(parent, core.group) == root) {
            int at = core.slice * plane().voxels();
            int[] more = core.pixels.stream().map(n -> at + n).toArray();
            int had = voxels.length;
            voxels = Arrays.copyOf(voxels, had + more.length);
            System.arraycopy(more, 0, voxels, had, more.length);
          }
        }
        groups.add(voxels);
      }
    }
    return groups;
  }

  private static void unite(int[] parent, int a, int b) {
    int x = find(parent, a);
    int y = find(parent, b);
    parent[Math.max(x, y)] = Math.min(x, y);
  }

  private static int find(int[] parent, int n) {
    int at = n;
    while (parent[at] != at) {
      at = parent[at];
    }
    return at;
  }
}
