package dev.lss.core.pipeline;

import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Normalization;
import dev.lss.core.image.Crop;
import dev.lss.core.image.NonZero;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Permute;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.ArgmaxResampler;
import dev.lss.core.inference.LabelRule;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.Tiling;
import dev.lss.core.nnunet.NnUnetConfiguration;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.core.nnunet.NnUnetNormalization;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One configuration of nnU-Net v2 at work: from channels to labels on the same grid, in the steps
 * and with the rounding of nnU-Net's predictor (predict_from_raw_data.py, 2.8.1). Thread-safe.
 */
final class NnUnetStage {

  private static final AnatomicalCode RAS = AnatomicalCode.parse("RAS");

  private final NnUnetModel model;
  private final NnUnetConfiguration configuration;
  private final List<CheckedSession> folds;
  private final NnUnetSegmentation.Options options;
  private final StagePool pool;

  NnUnetStage(
      NnUnetModel model,
      List<CheckedSession> folds,
      NnUnetSegmentation.Options options,
      StagePool pool) {
    NetworkGrid.check(model.configuration());
    this.model = model;
    this.configuration = model.configuration();
    this.folds = List.copyOf(folds);
    this.options = options;
    this.pool = pool;
  }

  /** An image on the network's grid, and the way back. */
  private record Prepared(GridGeometry turned, NetworkGrid grid, List<Volume> inputs) {}

  /**
   * Segments an image.
   *
   * @param stored the channels as they were stored, on one grid
   * @param previous labels of the earlier stage on that grid; empty when the model needs none
   */
  LabelVolume segment(List<Volume> stored, Optional<LabelVolume> previous, Run run) {
    Prepared prepared = run.watch().time("preprocess", () -> prepare(stored, previous));
    run.cancellation().throwIfCancelled();
    LabelRule rule =
        prepared
            .grid()
            .back(configuration.logitResampling(), model.dataset(), options.arithmetic());
    ArgmaxResampler resampler =
        new ArgmaxResampler(
            prepared.grid().extents(), prepared.turned(), rule, pool, run.cancellation());
    run.watch()
        .add(
            new SlidingWindow(folds, tiling(prepared.inputs().size()), options.arithmetic(), pool)
                .run(prepared.inputs(), resampler, "network", run.progress(), run.cancellation()));
    return run.watch()
        .time("resample", () -> Orient.onto(resampler.labels(), stored.get(0).geometry()));
  }

  /** Turns, crops, normalises and resamples, in this order. */
  private Prepared prepare(List<Volume> stored, Optional<LabelVolume> previous) {
    IndexBox box = NonZero.box(stored);
    List<Volume> channels =
        stored.stream().map(channel -> inTensorOrder(Crop.to(channel, box))).toList();
    GridGeometry turned = channels.get(0).geometry();
    NetworkGrid grid = NetworkGrid.over(turned, configuration);
    NnUnetMemory.plan(model, turned.extents(), grid.extents()).requireFits(options.maxMemory());
    List<Normalization> normalizations =
        configuration.normalizations().stream().map(NnUnetNormalization::asNormalization).toList();
    Resample.Way way = grid.way(configuration.imageResampling());
    List<Volume> inputs = new ArrayList<>(NetworkInputs.of(channels, normalizations, way, pool));
    previous.ifPresent(labels -> inputs.addAll(oneHot(inTensorOrder(Crop.to(labels, box)), grid)));
    return new Prepared(turned, grid, inputs);
  }

  /** Returns a channel of 0 and 1 for each label of the earlier stage, on the network's grid. */
  private List<Volume> oneHot(LabelVolume labels, NetworkGrid grid) {
    LabelVolume coarse = Resample.labels(labels, grid.way(configuration.labelResampling()), pool);
    short[] values = VoxelArrays.labels(coarse);
    List<Volume> channels = new ArrayList<>();
    for (int label : model.dataset().foreground()) {
      float[] samples = new float[values.length];
      for (int n = 0; n < samples.length; n++) {
        samples[n] = Short.toUnsignedInt(values[n]) == label ? 1 : 0;
      }
      channels.add(Volume.wrap(coarse.geometry(), samples));
    }
    return channels;
  }

  /** Outside the image the network sees 0, whatever the normalisation. */
  private Tiling tiling(int channels) {
    int rank = configuration.patchSize().size();
    return new Tiling(
        patch(configuration),
        options.tileStep().isPresent()
            ? model.tiling().withStep(options.tileStep().getAsDouble())
            : model.tiling(),
        Collections.nCopies(channels, 0f),
        model.dataset().heads(),
        options.mirroring()
            ? model.mirrorAxes().stream().map(axis -> rank - 1 - axis).toList()
            : List.of());
  }

  /** Returns the extents of one tile; a 2-D one has one voxel along k. */
  static Extents patch(NnUnetConfiguration configuration) {
    List<Integer> size = configuration.patchSize();
    int rank = size.size();
    return new Extents(size.get(rank - 1), size.get(rank - 2), rank == 3 ? size.get(0) : 1);
  }

  private Volume inTensorOrder(Volume stored) {
    Volume oriented = model.reorientsToRas() ? Orient.to(stored, RAS) : stored;
    return Permute.to(oriented, axes());
  }

  private LabelVolume inTensorOrder(LabelVolume stored) {
    LabelVolume oriented = model.reorientsToRas() ? Orient.to(stored, RAS) : stored;
    return Permute.to(oriented, axes());
  }

  /** The plans number axes from the slowest, volumes from the fastest. */
  private int[] axes() {
    List<Integer> forward = model.transposeForward();
    return new int[] {2 - forward.get(2), 2 - forward.get(1), 2 - forward.get(0)};
  }
}
