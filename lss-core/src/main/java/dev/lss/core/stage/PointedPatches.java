package dev.lss.core.stage;

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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Patches of one image around points, in which a network marks the object that is meant and nothing
 * else, so that neighbours cannot bleed into each other. Not thread-safe; one for each run.
 */
public final class PointedPatches {

  /** The patch is laid anew when the object's centroid lies farther from its middle. */
  private static final double RECENTRE_MM = 4;

  /** Image beyond the patches that the resampling may look at. */
  private static final double MARGIN_MM = 8;

  private final GridGeometry image;
  private final IndexBox region;
  private final Volume fine;
  private final CentredWindow window;
  private final StagePool pool;

  /**
   * Starts without a patch.
   *
   * @param image grid of the image
   * @param region the part of it that was resampled
   * @param fine that part on the network's grid, normalised
   */
  PointedPatches(
      GridGeometry image, IndexBox region, Volume fine, CentredWindow window, StagePool pool) {
    this.image = image;
    this.region = region;
    this.fine = fine;
    this.window = window;
    this.pool = pool;
  }

  /** Returns the voxels of an image that any patch around these points, moved once, may reach. */
  static IndexBox region(List<Vector3> points, Volume image, Extents patch, Vector3 networkMm) {
    int[] low = new int[3];
    int[] high = new int[3];
    Extents extents = image.extents();
    for (int axis = 0; axis < 3; axis++) {
      double half = patch.get(axis) * networkMm.get(axis) / 2 + MARGIN_MM;
      double reach = half / image.geometry().spacingMm().get(axis);
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (Vector3 point : points) {
        least = Math.min(least, point.get(axis) - reach);
        most = Math.max(most, point.get(axis) + reach);
      }
      low[axis] = Math.max(0, (int) Math.floor(least));
      high[axis] = Math.min(extents.get(axis), (int) Math.ceil(most) + 1);
    }
    return new IndexBox(low[0], low[1], low[2], high[0], high[1], high[2]);
  }

  /**
   * Runs the network around a point; once more where the object lies off the middle.
   *
   * @param point continuous voxel index of the image
   */
  public CentredWindow.Patch around(Vector3 point, Run run) {
    return run.time("network", () -> patch(toFine(point), run));
  }

  private CentredWindow.Patch patch(Vector3 centre, Run run) {
    CentredWindow.Patch patch = window.run(fine, centre, run.cancellation());
    Vector3 spacing = fine.geometry().spacingMm();
    Vector3 found = patch.centroidOfPositive(fine.extents()).orElse(centre);
    double movedMm =
        new Vector3(
                (found.x() - centre.x()) * spacing.x(),
                (found.y() - centre.y()) * spacing.y(),
                (found.z() - centre.z()) * spacing.z())
            .norm();
    if (movedMm <= RECENTRE_MM) {
      return patch;
    }
    return window.run(fine, found, run.cancellation());
  }

  private Vector3 toFine(Vector3 point) {
    Extents from = region.extents();
    Extents to = fine.extents();
    return Vector3.of(
        axis ->
            new HalfPixel(to.get(axis), from.get(axis)).at(point.get(axis) - region.start(axis)));
  }

  /** Returns the volume of what a patch marks, in mm³. */
  public double volumeMm3(CentredWindow.Patch patch) {
    return positiveVoxels(patch) * fine.geometry().voxelVolumeMm3();
  }

  /** Returns the share of the smaller of two objects that lies in the other, in [0, 1]. */
  public double shared(CentredWindow.Patch a, CentredWindow.Patch b) {
    IndexBox first = a.box();
    IndexBox second = b.box();
    Extents patch = a.logits().extents();
    float[] ours = VoxelArrays.samples(a.logits());
    float[] theirs = VoxelArrays.samples(b.logits());
    int from = Math.max(first.i0(), second.i0());
    int to = Math.min(first.i1(), second.i1());
    long both = 0;
    for (int k = Math.max(first.k0(), second.k0()); k < Math.min(first.k1(), second.k1()); k++) {
      for (int j = Math.max(first.j0(), second.j0()); j < Math.min(first.j1(), second.j1()); j++) {
        int rowA = patch.offset(-first.i0(), j - first.j0(), k - first.k0());
        int rowB = patch.offset(-second.i0(), j - second.j0(), k - second.k0());
        for (int i = from; i < to; i++) {
          if (ours[rowA + i] > 0 && theirs[rowB + i] > 0) {
            both++;
          }
        }
      }
    }
    long smaller = Math.min(positiveVoxels(a), positiveVoxels(b));
    return smaller == 0 ? 0 : (double) both / smaller;
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

  /** Returns the smallest box of the image that holds all patches; all of it for none. */
  private IndexBox reached(Collection<PatchGrid> grids) {
    List<IndexBox> boxes = grids.stream().flatMap(grid -> grid.support().stream()).toList();
    return boxes.isEmpty()
        ? region
        : IndexBox.of(
            axis -> boxes.stream().mapToInt(box -> box.start(axis)).min().orElseThrow(),
            axis -> boxes.stream().mapToInt(box -> box.end(axis)).max().orElseThrow());
  }

  /**
   * Returns labels on a box of the image's grid; what lies outside it is background. Where two
   * objects claim a voxel, the larger logit wins.
   *
   * @param patches patches of this image by the label of their object, 1 to 65535
   */
  public LabelVolume labels(Map<Integer, CentredWindow.Patch> patches, Run run) {
    return run.time(
        "resample",
        () -> {
          Map<Integer, PatchGrid> grids = new LinkedHashMap<>();
          patches.forEach(
              (label, patch) ->
                  grids.put(label, new PatchGrid(region, fine.extents(), patch.box())));
          BestLabel best = new BestLabel(image, reached(grids.values()), pool);
          patches.forEach(
              (label, patch) ->
                  best.add(
                      label,
                      patch.logits(),
                      Objects.requireNonNull(grids.get(label)),
                      run.cancellation()));
          return best.labels();
        });
  }
}
