package dev.lss.core.spine;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.ConnectedComponents;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Gives arches to their vertebrae. Where an arch ends below depends on how far behind the body one
 * looks: at pedicles it ends above the next one's, joints overlap, spinous processes reach down
 * behind the disc. What lies well inside these bounds is sure; the rest goes to what it hangs on by
 * the thickest bone; an island of a slice of which most is one vertebra's is all of it.
 *
 * <p>The bounds were read off three CT label maps, two volumes and 18 slices of MR.
 */
final class Arches {

  /** How far in front of the middle of the body, in steps; negative behind. */
  private static final double[] FRONT = {-9, -1.3, -1.1, -1, -0.9, -0.8, -0.65, -0.45, -0.1, 9};

  /** Where arches end there below the middle of their body, in steps. */
  private static final double[] END = {
    -0.62, -0.62, -0.67, -0.58, -0.48, -0.38, -0.33, -0.42, -0.5, -0.5
  };

  /** Farther than this inside of its bounds, in steps, nothing else can be. */
  private static final double SURE = 0.25;

  /** How much longer ways are by a step outside of the bounds. */
  private static final float OUTSIDE = 10;

  /** Bone is taken as at least so thick, in mm. */
  private static final float THIN_MM = 0.3f;

  /** The share of an island that decides. */
  private static final double MOST = 0.7;

  private final GridGeometry grid;
  private final Extents extents;
  private final Extents plane;
  private final BitSet arch;
  private final SpineCurve curve;

  /** Of each voxel: 1 above the first vertebra, the number of its vertebra and 1, or still more. */
  private final short[] likely;

  /** How far it lies above the end of that, in steps. */
  private final float[] above;

  private Arches(GridGeometry grid, BitSet arch, SpineCurve curve) {
    this.grid = grid;
    extents = grid.extents();
    plane = new Extents(extents.i(), extents.j(), 1);
    this.arch = arch;
    this.curve = curve;
    likely = new short[extents.voxels()];
    above = new float[extents.voxels()];
  }

  /**
   * Parts arches.
   *
   * @param grid of the classes, sagittal slices along k
   * @param arch where arches are
   * @param curve the bodies
   * @param parts receives the number of the vertebra, from 1, of each voxel of an arch; 0 for those
   *     of vertebrae above and below
   */
  static void part(GridGeometry grid, BitSet arch, SpineCurve curve, short[] parts) {
    Arches arches = new Arches(grid, arch, curve);
    short[] owners = arches.sure();
    arches.spread(owners);
    arches.decideIslands(owners);
    for (int at = arch.nextSetBit(0); at >= 0; at = arch.nextSetBit(at + 1)) {
      int number = owners[at] - 1;
      parts[at] = (short) (number >= 1 && number <= curve.size() ? number : 0);
    }
  }

  private short[] sure() {
    short[] owners = new short[likely.length];
    for (int at = arch.nextSetBit(0); at >= 0; at = arch.nextSetBit(at + 1)) {
      Vector3 mm = mm(at);
      double before = Double.POSITIVE_INFINITY;
      double over = -1;
      int n = -1;
      while (over < 0 && ++n < curve.size()) {
        Vector3 local = curve.local(n, mm);
        before = n == 0 ? before : -over;
        over = local.z() - end(local.x());
      }
      boolean below = over < 0;
      boolean highest = n == 0 && over > 1;
      double margin =
          below ? -over : highest ? over - 1 : Math.min(over, n == 0 ? 1 - over : before);
      likely[at] = (short) (highest ? 1 : n + 2);
      above[at] = (float) (below ? over + 1 : highest ? over - 1 : over);
      owners[at] = margin >= SURE ? likely[at] : 0;
    }
    return owners;
  }

  private Vector3 mm(int at) {
    int k = at / plane.voxels();
    return grid.toWorldMm(new Vector3(at % extents.i(), at / extents.i() % extents.j(), k));
  }

  private static double end(double front) {
    int n = 1;
    while (n < FRONT.length - 1 && front > FRONT[n]) {
      n++;
    }
    double share = (front - FRONT[n - 1]) / (FRONT[n] - FRONT[n - 1]);
    return END[n - 1] + share * (END[n] - END[n - 1]);
  }

  private void spread(short[] owners) {
    float[] thick = new float[likely.length];
    for (int k = 0; k < extents.k(); k++) {
      int first = k * plane.voxels();
      float[] deep =
          DistanceTransform.toBackgroundMm(
              plane, grid.spacingMm().with(2, 1), n -> arch.get(first + n));
      System.arraycopy(deep, 0, thick, first, deep.length);
    }
    Growth.spread(
        extents,
        grid.spacingMm(),
        arch,
        owners,
        (at, seed) -> {
          float over = above[at] + seed - likely[at];
          float outside = Math.max(0, Math.max(-over, over - 1));
          float mm = Math.max(thick[at], THIN_MM);
          return (1 + OUTSIDE * outside) / (mm * mm);
        });
    for (int at = arch.nextSetBit(0); at >= 0; at = arch.nextSetBit(at + 1)) {
      owners[at] = owners[at] == 0 ? likely[at] : owners[at];
    }
  }

  private void decideIslands(short[] owners) {
    for (int k = 0; k < extents.k(); k++) {
      int first = k * plane.voxels();
      ConnectedComponents islands = ConnectedComponents.of(plane, n -> arch.get(first + n));
      for (int island = 0; island < islands.count(); island++) {
        int[] votes = new int[curve.size() + 3];
        islands.forEachRun(
            island,
            (from, count) -> {
              for (int n = from; n < from + count; n++) {
                votes[owners[first + n]]++;
              }
            });
        for (int one = 1; one < votes.length; one++) {
          if (votes[one] >= MOST * islands.voxels(island)) {
            short winner = (short) one;
            islands.forEachRun(
                island,
                (from, count) -> Arrays.fill(owners, first + from, first + from + count, winner));
          }
        }
      }
    }
  }
}
