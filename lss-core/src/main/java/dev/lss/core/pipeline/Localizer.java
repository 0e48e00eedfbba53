package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
import dev.lss.api.Notice;
import dev.lss.api.ProgressListener;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.Tiling;
import dev.lss.core.pipeline.HeatMaps.Peak;
import dev.lss.spi.InferenceSession;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the lumbar vertebrae: a coarse network sees the whole image and draws one heat map per
 * level (after Payer et al. 2020 and Lu et al. 2023), a chain is laid through the maxima, and the
 * chain is named as a whole. Thread-safe.
 */
final class Localizer {

  /**
   * What was found.
   *
   * @param vertebrae T12 and L1 to L5 where in view, lowest first; empty without a lumbar spine
   * @param notices what is doubtful about the levels
   */
  record Located(List<LocatedVertebra> vertebrae, List<Notice> notices) {

    Located {
      vertebrae = List.copyOf(vertebrae);
      notices = List.copyOf(notices);
    }

    /** Returns whether any of L1 to L5 was found. */
    boolean hasLumbar() {
      return vertebrae.stream().anyMatch(v -> v.level().isLumbar());
    }
  }

  private static final List<VertebraLevel> UPWARDS =
      List.of(
          VertebraLevel.L5,
          VertebraLevel.L4,
          VertebraLevel.L3,
          VertebraLevel.L2,
          VertebraLevel.L1,
          VertebraLevel.T12);

  private final Stage stage;
  private final InferenceSession session;
  private final StagePool pool;

  Localizer(Stage stage, InferenceSession session, StagePool pool) {
    this.stage = stage;
    this.session = session;
    this.pool = pool;
  }

  /** Finds the vertebrae of an upright (LPS) image. */
  Located locate(
      Volume upright, Stopwatch watch, ProgressListener progress, CancellationToken cancellation) {
    Volume coarse = watch.time("localize", () -> toCoarseGrid(upright));
    SlidingWindow.Stitched stitched =
        new SlidingWindow(session, Tiling.of(stage), pool)
            .run(List.of(coarse), "localize", progress, cancellation);
    watch.add("localize", stitched.network().plus(stitched.stitch()));
    return watch.time("localize", () -> decode(stitched.logits(), upright.extents()));
  }

  private Volume toCoarseGrid(Volume upright) {
    return Resample.normalizedToSpacing(
        upright,
        stage.inputs().get(0).normalization(),
        new Vector3(stage.spacingMm().get(2), stage.spacingMm().get(1), stage.spacingMm().get(0)),
        stage.resampling(),
        pool);
  }

  private static Located decode(List<Volume> logits, Extents uprightExtents) {
    Volume first = logits.get(0);
    float[][] maps = new float[logits.size()][];
    for (int c = 0; c < maps.length; c++) {
      maps[c] = sigmoid(logits.get(c).unsafeSamples());
    }
    HeatMaps heatMaps = new HeatMaps(first.extents(), first.geometry().spacingMm(), maps);
    return name(SpineChain.find(heatMaps), heatMaps, uprightExtents);
  }

  private static float[] sigmoid(float[] logits) {
    float[] p = new float[logits.length];
    for (int n = 0; n < p.length; n++) {
      p[n] = (float) (1 / (1 + Math.exp(-logits[n])));
    }
    return p;
  }

  /**
   * Names a chain and maps its centres from the coarse grid onto the voxels of the upright image.
   */
  static Located name(SpineChain chain, HeatMaps maps, Extents uprightExtents) {
    if (chain.vertebrae().isEmpty()) {
      return new Located(List.of(), List.of());
    }
    LevelNaming naming = LevelNaming.of(chain, maps);
    List<LocatedVertebra> vertebrae = new ArrayList<>();
    for (int n = 0; n < naming.steps().size(); n++) {
      int step = naming.steps().get(n);
      if (step < UPWARDS.size()) {
        Peak peak = chain.vertebrae().get(n);
        Vector3 centre = onto(peak.at(), maps.extents(), uprightExtents);
        vertebrae.add(new LocatedVertebra(UPWARDS.get(step), centre, Math.min(1, peak.value())));
      }
    }
    Located located = new Located(vertebrae, List.of());
    return located.hasLumbar()
        ? new Located(vertebrae, LevelNotices.of(chain, naming))
        : new Located(List.of(), List.of());
  }

  private static Vector3 onto(Vector3 at, Extents from, Extents to) {
    return new Vector3(
        (at.x() + 0.5) * to.i() / from.i() - 0.5,
        (at.y() + 0.5) * to.j() / from.j() - 0.5,
        (at.z() + 0.5) * to.k() / from.k() - 0.5);
  }
}
