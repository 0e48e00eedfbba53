package dev.lss.core.pipeline;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.LogitVolumes;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.InferenceSession;
import java.util.List;

/**
 * Finds the spine: a coarse network sees the whole image and draws one heat map per level (after
 * Payer et al. 2020 and Lu et al. 2023), and a chain is laid through the maxima. Thread-safe.
 */
final class Localizer {

  private static final String STAGE = "localize";

  private final Stage stage;
  private final InferenceSession session;
  private final StagePool pool;

  Localizer(Stage stage, InferenceSession session, StagePool pool) {
    this.stage = stage;
    this.session = session;
    this.pool = pool;
  }

  /** Finds the spine in an upright (LPS) image. */
  FoundSpine find(Volume upright, Run run) {
    Volume coarse =
        run.watch()
            .time(
                STAGE,
                () ->
                    Resample.normalizedToSpacing(
                        upright,
                        stage.inputs().get(0).normalization(),
                        CtModel.spacingMm(stage),
                        stage.resampling(),
                        pool));
    LogitVolumes logits = LogitVolumes.empty(coarse.geometry(), stage.signature().outputChannels());
    SlidingWindow.Spent spent =
        new SlidingWindow(session, CtModel.tiling(stage, coarse.extents()), pool)
            .run(List.of(coarse), logits, STAGE, run.progress(), run.cancellation());
    run.watch().add(STAGE, spent.network().plus(spent.stitch()).plus(spent.sink()));
    return run.watch().time(STAGE, () -> chainOf(logits.volumes(), upright.extents()));
  }

  private static FoundSpine chainOf(List<Volume> logits, Extents upright) {
    Volume first = logits.get(0);
    float[][] maps = new float[logits.size()][];
    for (int c = 0; c < maps.length; c++) {
      maps[c] = sigmoid(logits.get(c).unsafeSamples());
    }
    HeatMaps heatMaps = new HeatMaps(first.extents(), first.geometry().spacingMm(), maps);
    return new FoundSpine(heatMaps, SpineChain.find(heatMaps), upright);
  }

  private static float[] sigmoid(float[] logits) {
    float[] p = new float[logits.length];
    for (int n = 0; n < p.length; n++) {
      p[n] = (float) (1 / (1 + Math.exp(-logits[n])));
    }
    return p;
  }
}
