package dev.lss.core.pipeline;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.CentredWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.InferenceSession;
import java.util.List;

/**
 * Draws vertebrae one by one: the network sees a patch around one centre with a Gaussian bump that
 * says which vertebra is meant, and marks that vertebra alone, so that levels cannot bleed into
 * each other. Thread-safe; each {@link Drawing} belongs to one run.
 */
final class VertebraDrawer {

  /** Image beyond the patches that the resampling may look at. */
  private static final double MARGIN_MM = 8;

  private final Stage stage;
  private final InferenceSession session;
  private final StagePool pool;
  private final float[] bump;

  VertebraDrawer(Stage stage, InferenceSession session, StagePool pool) {
    this.stage = stage;
    this.session = session;
    this.pool = pool;
    this.bump = CentredWindow.bump(stage);
  }

  /**
   * Prepares to draw in an upright (LPS) image.
   *
   * @param upright the image
   * @param centres every point that may be drawn around, as continuous voxel index of the image
   */
  Drawing begin(Volume upright, List<Vector3> centres, Run run) {
    IndexBox region = regionOf(centres, upright);
    Volume fine =
        run.watch()
            .time(
                "preprocess",
                () ->
                    Resample.normalizedToSpacing(
                        Crop.to(upright, region),
                        stage.inputs().get(0).normalization(),
                        CtModel.spacingMm(stage),
                        stage.resampling(),
                        pool));
    return new Drawing(
        upright.geometry(), region, fine, new CentredWindow(session, stage, bump), pool, run);
  }

  /** The voxels of the upright image that any patch, moved once, may reach. */
  private IndexBox regionOf(List<Vector3> centres, Volume upright) {
    int[] low = new int[3];
    int[] high = new int[3];
    Extents extents = upright.extents();
    for (int axis = 0; axis < 3; axis++) {
      double half =
          stage.patchSize().get(2 - axis) * stage.spacingMm().get(2 - axis) / 2 + MARGIN_MM;
      double reach = half / upright.geometry().spacingMm().get(axis);
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (Vector3 centre : centres) {
        least = Math.min(least, centre.get(axis) - reach);
        most = Math.max(most, centre.get(axis) + reach);
      }
      low[axis] = Math.max(0, (int) Math.floor(least));
      high[axis] = Math.min(extents.get(axis), (int) Math.ceil(most) + 1);
    }
    return new IndexBox(low[0], low[1], low[2], high[0], high[1], high[2]);
  }
}
