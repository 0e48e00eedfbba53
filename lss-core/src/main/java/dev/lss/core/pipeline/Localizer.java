package dev.lss.core.pipeline;

import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.LogitVolumes;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.VoxelArrays;
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
    HeatMaps maps =
        new HeatMaps(
            first.extents(),
            first.geometry().spacingMm(),
            logits.stream().map(one -> new Sigmoid(VoxelArrays.samples(one))).toList());
    return new FoundSpine(maps, SpineChain.find(maps), upright);
  }

  /**
   * Logits whose probabilities are worked out where they are asked for, which is hardly anywhere.
   */
  private static final class Sigmoid implements HeatMaps.Channel {

    private final float[] logits;

    private Sigmoid(float[] logits) {
      this.logits = logits;
    }

    @Override
    public float at(int n) {
      return (float) (1 / (1 + Math.exp(-logits[n])));
    }

    /** Most voxels need no exponential: {@code exp(-x) > 1 - x + x * x / 2} for x below 0. */
    @Override
    public boolean reaches(int n, double threshold) {
      double x = logits[n];
      return (x >= 0 || threshold * (2 - x + x * x / 2) <= 1) && at(n) >= threshold;
    }
  }
}
