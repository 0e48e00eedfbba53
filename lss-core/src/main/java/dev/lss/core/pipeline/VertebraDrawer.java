package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Paste;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.BestLabel;
import dev.lss.core.inference.CentredWindow;
import dev.lss.core.inference.PatchGrid;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.InferenceSession;
import java.util.List;

/**
 * Draws vertebrae one by one: the network sees a patch around one centre with a Gaussian bump that
 * says which vertebra is meant, and marks that vertebra alone, so that levels cannot bleed into
 * each other. Where two vertebrae claim a voxel, the larger logit wins. Thread-safe.
 */
final class VertebraDrawer {

  /** The patch is laid anew when the drawn vertebra's centroid lies farther from its middle. */
  private static final double RECENTRE_MM = 4;

  /** Image beyond the patches that the resampling may look at. */
  private static final double MARGIN_MM = 8;

  private final Stage stage;
  private final InferenceSession session;
  private final StagePool pool;

  VertebraDrawer(Stage stage, InferenceSession session, StagePool pool) {
    this.stage = stage;
    this.session = session;
    this.pool = pool;
  }

  /** Returns the labels (VerSe ids) of the vertebrae on the upright image's grid, T12 included. */
  LabelVolume draw(
      Volume upright,
      List<LocatedVertebra> vertebrae,
      Stopwatch watch,
      ProgressListener progress,
      CancellationToken cancellation) {
    IndexBox region = regionOf(vertebrae, upright);
    Volume fine = watch.time("preprocess", () -> toFineGrid(Crop.to(upright, region)));
    BestLabel best = new BestLabel(upright.geometry(), region, pool);
    CentredWindow window = new CentredWindow(session, stage);
    progress.progress("network", 0, vertebrae.size());
    for (int n = 0; n < vertebrae.size(); n++) {
      cancellation.throwIfCancelled();
      LocatedVertebra vertebra = vertebrae.get(n);
      Vector3 centre = toFine(vertebra.centre(), region, fine.extents());
      CentredWindow.Patch patch =
          watch.time("network", () -> drawAround(window, fine, centre, cancellation));
      PatchGrid grid = new PatchGrid(region, fine.extents(), patch.box());
      watch.run(
          "resample",
          () -> best.add(vertebra.level().verseId(), patch.logits(), grid, cancellation));
      progress.progress("network", n + 1, vertebrae.size());
    }
    return watch.time("stitch", () -> Paste.into(best.labels(), upright.geometry()));
  }

  private CentredWindow.Patch drawAround(
      CentredWindow window, Volume fine, Vector3 centre, CancellationToken cancellation) {
    CentredWindow.Patch patch = window.run(fine, centre);
    Vector3 spacing = fine.geometry().spacingMm();
    Vector3 drawn = patch.centroidOfPositive(fine.extents()).orElse(centre);
    double moved =
        new Vector3(
                (drawn.x() - centre.x()) * spacing.x(),
                (drawn.y() - centre.y()) * spacing.y(),
                (drawn.z() - centre.z()) * spacing.z())
            .norm();
    if (moved <= RECENTRE_MM) {
      return patch;
    }
    cancellation.throwIfCancelled();
    return window.run(fine, drawn);
  }

  private Volume toFineGrid(Volume crop) {
    return Resample.normalizedToSpacing(
        crop, stage.inputs().get(0).normalization(), spacing(), stage.resampling(), pool);
  }

  private Vector3 spacing() {
    return new Vector3(
        stage.spacingMm().get(2), stage.spacingMm().get(1), stage.spacingMm().get(0));
  }

  /** The voxels of the upright image that any patch, moved once, may reach. */
  private IndexBox regionOf(List<LocatedVertebra> vertebrae, Volume upright) {
    int[] low = new int[3];
    int[] high = new int[3];
    Extents extents = upright.extents();
    for (int axis = 0; axis < 3; axis++) {
      double half = stage.patchSize().get(2 - axis) * spacing().get(axis) / 2 + MARGIN_MM;
      double reach = half / upright.geometry().spacingMm().get(axis);
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (LocatedVertebra vertebra : vertebrae) {
        least = Math.min(least, vertebra.centre().get(axis) - reach);
        most = Math.max(most, vertebra.centre().get(axis) + reach);
      }
      low[axis] = Math.max(0, (int) Math.floor(least));
      high[axis] = Math.min(extents.get(axis), (int) Math.ceil(most) + 1);
    }
    return new IndexBox(low[0], low[1], low[2], high[0], high[1], high[2]);
  }

  private static Vector3 toFine(Vector3 centre, IndexBox region, Extents fine) {
    Extents size = region.extents();
    return new Vector3(
        (centre.x() - region.i0() + 0.5) * fine.i() / size.i() - 0.5,
        (centre.y() - region.j0() + 0.5) * fine.j() / size.j() - 0.5,
        (centre.z() - region.k0() + 0.5) * fine.k() / size.k() - 0.5);
  }
}
