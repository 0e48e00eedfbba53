package dev.lss.core.pipeline;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.HalfPixel;
import dev.lss.core.inference.BestLabel;
import dev.lss.core.inference.CentredWindow;
import dev.lss.core.inference.PatchGrid;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vertebrae of one run, each drawn when it is first asked for. Where two claim a voxel, the
 * larger logit wins. Not thread-safe.
 */
final class Drawing {

  /** The patch is laid anew when the drawn vertebra's centroid lies farther from its middle. */
  private static final double RECENTRE_MM = 4;

  /** Two drawings that share this much of the smaller one show the same vertebra. */
  private static final double SAME_VERTEBRA = 0.5;

  /** An end of the chain of which less than this can be drawn is no vertebra in view. */
  private static final double SLIVER_MM3 = 1500;

  private final GridGeometry upright;
  private final IndexBox region;
  private final Volume fine;
  private final CentredWindow window;
  private final StagePool pool;
  private final Run run;
  private final Map<Vector3, CentredWindow.Patch> patches = new HashMap<>();

  /**
   * Starts without a vertebra.
   *
   * @param upright grid of the upright image
   * @param region the part of it that was resampled
   * @param fine that part on the network's grid, normalised
   */
  Drawing(
      GridGeometry upright,
      IndexBox region,
      Volume fine,
      CentredWindow window,
      StagePool pool,
      Run run) {
    this.upright = upright;
    this.region = region;
    this.fine = fine;
    this.window = window;
    this.pool = pool;
    this.run = run;
  }

  /**
   * Returns the centres that turn out not to be vertebrae of their own: of two neighbours that draw
   * the same bone the one with the lower peak, and an end of the chain of which nothing can be
   * drawn.
   *
   * @param vertebrae a chain, lowest first
   */
  List<Vector3> impostors(List<LocatedVertebra> vertebrae) {
    run.progress().progress("network", 0, vertebrae.size());
    for (int n = 0; n < vertebrae.size(); n++) {
      patch(vertebrae.get(n).centre());
      run.progress().progress("network", n + 1, vertebrae.size());
    }
    return run.watch().time("stitch", () -> impostorsAmong(vertebrae));
  }

  private List<Vector3> impostorsAmong(List<LocatedVertebra> vertebrae) {
    List<Vector3> impostors = new ArrayList<>();
    for (int n = 1; n < vertebrae.size(); n++) {
      LocatedVertebra low = vertebrae.get(n - 1);
      LocatedVertebra high = vertebrae.get(n);
      if (isSameBone(patch(low.centre()), patch(high.centre()))) {
        impostors.add(low.confidence() < high.confidence() ? low.centre() : high.centre());
        return impostors; // the others are judged anew without it
      }
    }
    for (LocatedVertebra end : List.of(vertebrae.get(0), vertebrae.get(vertebrae.size() - 1))) {
      double voxelMm3 = fine.geometry().voxelVolumeMm3();
      if (positiveVoxels(patch(end.centre())) * voxelMm3 < SLIVER_MM3) {
        impostors.add(end.centre());
      }
    }
    return impostors;
  }

  private static boolean isSameBone(CentredWindow.Patch a, CentredWindow.Patch b) {
    IndexBox first = a.box();
    IndexBox second = b.box();
    Extents patch = a.logits().extents();
    float[] ours = VoxelArrays.samples(a.logits());
    float[] theirs = VoxelArrays.samples(b.logits());
    int from = Math.max(first.i0(), second.i0());
    int to = Math.min(first.i1(), second.i1());
    long shared = 0;
    for (int k = Math.max(first.k0(), second.k0()); k < Math.min(first.k1(), second.k1()); k++) {
      for (int j = Math.max(first.j0(), second.j0()); j < Math.min(first.j1(), second.j1()); j++) {
        int rowA = patch.offset(-first.i0(), j - first.j0(), k - first.k0());
        int rowB = patch.offset(-second.i0(), j - second.j0(), k - second.k0());
        for (int i = from; i < to; i++) {
          if (ours[rowA + i] > 0 && theirs[rowB + i] > 0) {
            shared++;
          }
        }
      }
    }
    long smaller = Math.min(positiveVoxels(a), positiveVoxels(b));
    return shared > SAME_VERTEBRA * smaller;
  }

  private static long positiveVoxels(CentredWindow.Patch patch) {
    long count = 0;
    for (float logit : VoxelArrays.samples(patch.logits())) {
      if (logit > 0) {
        count++;
      }
    }
    return count;
  }

  /**
   * Returns the labels (VerSe ids) of these vertebrae on a box of the upright image's grid; what
   * lies outside is background.
   */
  LabelVolume labels(List<LocatedVertebra> vertebrae) {
    BestLabel best = new BestLabel(upright, region, pool);
    for (LocatedVertebra vertebra : vertebrae) {
      CentredWindow.Patch patch = patch(vertebra.centre());
      PatchGrid grid = new PatchGrid(region, fine.extents(), patch.box());
      run.watch()
          .run(
              "resample",
              () -> best.add(vertebra.level().verseId(), patch.logits(), grid, run.cancellation()));
    }
    return best.labels();
  }

  private CentredWindow.Patch patch(Vector3 centre) {
    CentredWindow.Patch known = patches.get(centre);
    if (known == null) {
      known = run.watch().time("network", () -> drawAround(toFine(centre)));
      patches.put(centre, known);
    }
    return known;
  }

  private CentredWindow.Patch drawAround(Vector3 centre) {
    run.cancellation().throwIfCancelled();
    CentredWindow.Patch patch = window.run(fine, centre);
    Vector3 spacing = fine.geometry().spacingMm();
    Vector3 drawn = patch.centroidOfPositive(fine.extents()).orElse(centre);
    double movedMm =
        new Vector3(
                (drawn.x() - centre.x()) * spacing.x(),
                (drawn.y() - centre.y()) * spacing.y(),
                (drawn.z() - centre.z()) * spacing.z())
            .norm();
    if (movedMm <= RECENTRE_MM) {
      return patch;
    }
    run.cancellation().throwIfCancelled();
    return window.run(fine, drawn);
  }

  private Vector3 toFine(Vector3 centre) {
    Extents from = region.extents();
    Extents to = fine.extents();
    return Vector3.of(
        axis ->
            new HalfPixel(to.get(axis), from.get(axis)).at(centre.get(axis) - region.start(axis)));
  }
}
