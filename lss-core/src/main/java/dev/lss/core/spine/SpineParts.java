package dev.lss.core.spine;

import dev.lss.api.Notice;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.ConnectedComponents;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The vertebrae and discs of one spine, one by one, out of classes in which all vertebrae are one.
 * Vertebrae are numbered from 1, from the head down. Immutable.
 *
 * @param parts of each voxel: the number of its vertebra, {@link #DISC} and the number of the
 *     vertebra above its disc, {@link #CANAL}, {@link #SACRUM}, or 0
 * @param curve the line through the bodies; empty without a vertebra
 * @param sacrumMm the middle of the uppermost segment of the sacrum, LPS mm; empty where none is
 *     seen below the lowest vertebra
 * @param notices what contradicts the directions of the header
 */
record SpineParts(
    LabelVolume parts,
    Optional<SpineCurve> curve,
    Optional<Vector3> sacrumMm,
    List<Notice> notices) {

  /** Added to the number of the vertebra above a disc. */
  static final int DISC = 100;

  static final int CANAL = 61;
  static final int SACRUM = 62;

  /** So many bodies are a spine. */
  private static final int FEWEST = 2;

  /** A body of less than this, in its largest section, is none. */
  private static final double SMALLEST_MM2 = 50;

  /** What lies less than this share of a step from a body, and no farther beside it, is of it. */
  private static final double SAME = 0.42;

  private static final double BESIDE = 1.1;

  /** Where discs, canal and arches of a spine can be, as shares of a step from its bodies. */
  private static final double DISC_REACH = 1;

  private static final double SMALLEST_SACRUM_MM2 = 120;

  /** How far below the lowest body a sacrum is its neighbour, as shares of a step. */
  private static final double SACRUM_NEAR = 1.8;

  /** Parts classes ({@link Tissue}), with i to the back, j to the feet, sagittal slices along k. */
  static SpineParts of(LabelVolume classes) {
    return new Parting(classes).parted();
  }

  /** One run. */
  private static final class Parting {

    private final GridGeometry grid;
    private final Extents extents;
    private final Vector3 spacing;
    private final short[] tissue;
    private final short[] parts;

    Parting(LabelVolume classes) {
      grid = classes.geometry();
      extents = classes.extents();
      spacing = grid.spacingMm();
      tissue = VoxelArrays.labels(classes);
      parts = new short[tissue.length];
    }

    private BitSet where(int value) {
      BitSet set = new BitSet(tissue.length);
      for (int n = 0; n < tissue.length; n++) {
        if (tissue[n] == value) {
          set.set(n);
        }
      }
      return set;
    }

    private Vector3 mm(int at) {
      int k = at / (extents.i() * extents.j());
      return grid.toWorldMm(new Vector3(at % extents.i(), at / extents.i() % extents.j(), k));
    }

    private Vector3 direction(int axis) {
      return SpineCurve.unit(grid.affine().column(axis));
    }

    SpineParts parted() {
      BitSet bodies = where(Tissue.BODY);
      List<int[]> cores = BodyCores.of(extents, spacing, bodies);
      int[] sacrum = sacrum();
      List<Notice> notices = notices();
      double lowest =
          sacrum.length == 0 || !notices.isEmpty() ? Double.NaN : place(-1, sacrum).mm().y();
      List<BodyChain.Place> places = new ArrayList<>();
      for (int n = 0; n < cores.size(); n++) {
        BodyChain.Place place = place(n, cores.get(n));
        if (place.sectionMm2() >= SMALLEST_MM2 && !(place.mm().y() > lowest)) {
          places.add(place);
        }
      }
      List<Integer> chain = BodyChain.of(places);
      if (chain.size() < FEWEST) {
        return new SpineParts(LabelVolume.empty(grid), Optional.empty(), Optional.empty(), notices);
      }
      SpineCurve curve =
          SpineCurve.through(
              chain.stream().map(n -> centre(cores.get(n))).toList(), direction(0), direction(1));
      growBodies(bodies, cores, chain, curve);
      growDiscs(curve);
      for (int n = 0; n < tissue.length; n++) {
        if (tissue[n] == Tissue.CANAL && isInReach(curve, mm(n))) {
          parts[n] = CANAL;
        }
      }
      Optional<Vector3> seat = seat(sacrum, curve);
      if (seat.isPresent()) {
        for (int at : sacrum) {
          parts[at] = SACRUM;
        }
      }
      Arches.part(grid, where(Tissue.ARCH), curve, parts);
      return new SpineParts(LabelVolume.wrap(grid, parts), Optional.of(curve), seat, notices);
    }

    /** Bodies behind the canal, or below the sacrum, are not as the header says. */
    private List<Notice> notices() {
      double[][] sums = new double[Tissue.KEYS.size() + 1][3];
      for (int n = 0; n < tissue.length; n++) {
        double[] sum = sums[tissue[n]];
        sum[0]++;
        sum[1] += n % extents.i();
        sum[2] += (double) (n / extents.i() % extents.j());
      }
      boolean backwards = share(sums, Tissue.BODY, 1) > share(sums, Tissue.CANAL, 1);
      boolean upsideDown = share(sums, Tissue.BODY, 2) > share(sums, Tissue.SACRUM, 2);
      return backwards || upsideDown
          ? List.of(
              new Notice(
                  "ORIENTATION_DOUBTFUL",
                  "the spine contradicts the directions in the header: "
                      + (backwards
                          ? "bodies lie behind the canal"
                          : "bodies lie below the sacrum")))
          : List.of();
    }

    /** NaN where there is less than may be by chance. */
    private double share(double[][] sums, int value, int axis) {
      double mm2 = sums[value][0] * spacing.x() * spacing.y();
      return mm2 < SMALLEST_SACRUM_MM2 ? Double.NaN : sums[value][axis] / sums[value][0];
    }

    /** Returns the voxels of the largest piece of sacrum; none where there is too little. */
    private int[] sacrum() {
      BitSet sacrum = where(Tissue.SACRUM);
      ConnectedComponents pieces = ConnectedComponents.of(extents, sacrum::get);
      if (pieces.count() == 0) {
        return new int[0];
      }
      BitSet largest = new BitSet();
      pieces.forEachRun(pieces.largest(), (from, count) -> largest.set(from, from + count));
      int[] voxels = largest.stream().toArray();
      return place(-1, voxels).sectionMm2() < SMALLEST_SACRUM_MM2 ? new int[0] : voxels;
    }

    private Vector3 centre(int[] voxels) {
      long i = 0;
      long j = 0;
      long k = 0;
      for (int at : voxels) {
        i += at % extents.i();
        j += at / extents.i() % extents.j();
        k += at / (extents.i() * extents.j());
      }
      double count = voxels.length;
      return grid.toWorldMm(new Vector3(i / count, j / count, k / count));
    }

    private BodyChain.Place place(int index, int[] voxels) {
      int[] bySlice = new int[extents.k()];
      for (int at : voxels) {
        bySlice[at / (extents.i() * extents.j())]++;
      }
      int most = Arrays.stream(bySlice).max().orElse(0);
      Vector3 at = grid.toIndex(centre(voxels));
      return new BodyChain.Place(
          index,
          new Vector3(at.x() * spacing.x(), at.y() * spacing.y(), at.z() * spacing.z()),
          most * spacing.x() * spacing.y());
    }

    private void growBodies(
        BitSet bodies, List<int[]> cores, List<Integer> chain, SpineCurve curve) {
      short[] owners = new short[tissue.length];
      for (int n = 0; n < cores.size(); n++) {
        int place = chain.indexOf(n);
        int owner = place >= 0 ? place + 1 : near(curve, centre(cores.get(n)));
        for (int at : cores.get(n)) {
          owners[at] = (short) (owner > 0 ? owner : -1);
        }
      }
      Growth.spread(extents, spacing, bodies, owners);
      for (int at = bodies.nextSetBit(0); at >= 0; at = bodies.nextSetBit(at + 1)) {
        parts[at] = owners[at] == 0 ? (short) near(curve, mm(at)) : (short) Math.max(0, owners[at]);
      }
    }

    /** Returns the number of the body that a place belongs to, or 0. */
    private static int near(SpineCurve curve, Vector3 mm) {
      int nearest = 0;
      double least = SAME;
      for (int n = 0; n < curve.size(); n++) {
        Vector3 local = curve.local(n, mm);
        if (Math.abs(local.z()) < least
            && Math.abs(local.x()) < BESIDE
            && Math.abs(local.y()) < BESIDE) {
          least = Math.abs(local.z());
          nearest = n + 1;
        }
      }
      return nearest;
    }

    private static boolean isInReach(SpineCurve curve, Vector3 mm) {
      for (int n = 0; n < curve.size(); n++) {
        Vector3 local = curve.local(n, mm);
        if (Math.abs(local.x()) < 1.5
            && Math.abs(local.y()) < BESIDE
            && local.z() > -3
            && local.z() < 2) {
          return true;
        }
      }
      return false;
    }

    private void growDiscs(SpineCurve curve) {
      BitSet discs = where(Tissue.DISC);
      for (int at = discs.nextSetBit(0); at >= 0; at = discs.nextSetBit(at + 1)) {
        Vector3 mm = mm(at);
        double along = curve.along(mm);
        int above = (int) Math.floor(along);
        int nearest = Math.max(0, Math.min(above, curve.size() - 1));
        Vector3 local = curve.local(nearest, mm);
        if (along > -1
            && along < curve.size()
            && Math.abs(local.x()) < DISC_REACH
            && Math.abs(local.y()) < DISC_REACH) {
          parts[at] = (short) (DISC + above + 1);
        }
      }
    }

    private Optional<Vector3> seat(int[] sacrum, SpineCurve curve) {
      if (sacrum.length == 0) {
        return Optional.empty();
      }
      double top = Double.POSITIVE_INFINITY;
      for (int at : sacrum) {
        top = Math.min(top, curve.along(mm(at)));
      }
      double lowest = curve.size() - 1;
      if (top > lowest + SACRUM_NEAR - 1 + 0.6) {
        return Optional.empty();
      }
      double first = Math.max(top, lowest + 0.3);
      int[] upper = Arrays.stream(sacrum).filter(at -> curve.along(mm(at)) < first + 0.8).toArray();
      return upper.length == 0 ? Optional.empty() : Optional.of(centre(upper));
    }
  }
}
