package dev.lss.core.stage;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.ArgmaxResampler;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.CentredWindow;
import dev.lss.core.inference.LabelRule;
import dev.lss.core.inference.LogitVolumes;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.Tiling;
import dev.lss.core.inference.WholeImage;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.Shape;
import dev.lss.spi.VoxelArrays;
import dev.lss.spi.WorkingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One stage with its opened networks: image onto the stage's grid, its window over the image, and
 * what comes out back onto the image's grid. With the arithmetic EXACT the steps and their rounding
 * are those of nnU-Net's predictor (predict_from_raw_data.py, 2.8.1). Thread-safe; {@link Networks}
 * opens and closes it.
 */
public final class StageRunner {

  private final Stage stage;
  private final List<CheckedSession> folds;
  private final RuntimeOptions options;
  private final StagePool pool;
  private final Optional<WholeImage> whole;
  private final float[] prior;

  StageRunner(Stage stage, List<CheckedSession> folds, RuntimeOptions options, StagePool pool) {
    this.stage = stage;
    this.folds = List.copyOf(folds);
    this.options = options;
    this.pool = pool;
    this.whole =
        stage.window() instanceof StageWindow.Whole window
            ? Optional.of(new WholeImage(folds.get(0), stage, window))
            : Optional.empty();
    this.prior =
        stage.window() instanceof StageWindow.AroundPoint window
            ? CentredWindow.prior(window, spacingMm())
            : new float[0];
  }

  /** Returns the stage. */
  public Stage stage() {
    return stage;
  }

  /**
   * Returns the labels of the stage's output on the grid of the channels.
   *
   * @param channels the image channels as they are stored, on one grid, in the stage's order
   * @param previous labels of the earlier stage on that grid, where the stage takes them
   * @throws InvalidStudyException {@code NOT_A_PLANE} when the stage takes whole planes and the
   *     image has several
   * @throws dev.lss.api.ResourceException {@code TOO_LARGE} when it would need too much memory
   * @throws IllegalArgumentException when the stage's output is no labels
   */
  public LabelVolume labels(List<Volume> channels, Optional<LabelVolume> previous, Run run) {
    if (!(stage.output() instanceof StageOutput.Softmax)
        && !(stage.output() instanceof StageOutput.SigmoidRegions)) {
      throw new IllegalArgumentException(stage.name() + " gives no labels");
    }
    StageImage image = run.time("preprocess", () -> StageImage.of(channels, stage));
    if (whole.isPresent() && image.grid().extents().k() != 1) {
      throw new InvalidStudyException(
          "NOT_A_PLANE",
          "the stage %s takes one image plane at a time, was given %s"
              .formatted(stage.name(), image.stored().describe()));
    }
    NetworkGrid grid = NetworkGrid.over(image.grid(), stage.grid());
    StageMemory.of(stage, image.grid().extents(), grid.extents(), options)
        .withRuntime(WorkingMemories.bytes(workingMemory()))
        .requireFits(options.maxMemoryBytes());
    List<Volume> inputs =
        run.time(
            "preprocess",
            () -> {
              List<Volume> made = new ArrayList<>(inputs(image.channels(), grid));
              previous.ifPresent(labels -> made.addAll(oneHot(labels, image, grid)));
              return made;
            });
    LabelVolume found = argmax(inputs, image.grid(), grid, run);
    return run.time("resample", () -> image.restore(values(found)));
  }

  private LabelVolume argmax(List<Volume> inputs, GridGeometry image, NetworkGrid grid, Run run) {
    LabelRule rule = grid.back(stage, options.arithmetic());
    if (whole.isPresent()) {
      run.progress("network", 0, 1);
      List<Volume> logits = run.time("network", () -> whole.get().run(inputs, run.cancellation()));
      run.progress("network", 1, 1);
      return run.time(
          "resample", () -> ArgmaxResampler.labels(logits, image, rule, pool, run.cancellation()));
    }
    ArgmaxResampler resampler =
        new ArgmaxResampler(grid.extents(), image, rule, pool, run.cancellation());
    run.add(window(tiling()).run(inputs, resampler, "network", run::progress, run.cancellation()));
    return resampler.labels();
  }

  /**
   * Returns the output of the network on the stage's grid, one volume of logits for each channel.
   *
   * @param channels the image channels in the stage's orientation, on one grid
   * @param as stage name for progress and timings
   * @throws IllegalArgumentException when the stage's output is no heat maps
   */
  public List<Volume> heatMaps(List<Volume> channels, String as, Run run) {
    if (!(stage.output() instanceof StageOutput.HeatMaps)) {
      throw new IllegalArgumentException(stage.name() + " gives no heat maps");
    }
    StageImage image = StageImage.of(channels, stage);
    NetworkGrid grid = NetworkGrid.over(image.grid(), stage.grid());
    List<Volume> inputs = run.time(as, () -> inputs(image.channels(), grid));
    LogitVolumes logits =
        LogitVolumes.empty(inputs.get(0).geometry(), stage.signature().outputChannels());
    Tiling small = tiling().shrunkTo(grid.extents(), stage.signature().sizeMultiples());
    SlidingWindow.Spent spent =
        window(small).run(inputs, logits, as, run::progress, run.cancellation());
    run.add(as, spent.network().plus(spent.blend()).plus(spent.sink()));
    return logits.volumes();
  }

  /**
   * Prepares to look at patches around points of an image.
   *
   * @param image the image in the stage's orientation
   * @param points every point that may be looked at, as continuous voxel index; at least one
   * @throws IllegalArgumentException when the stage looks at no patches around points
   */
  public PointedPatches around(Volume image, List<Vector3> points, Run run) {
    if (!(stage.window() instanceof StageWindow.AroundPoint window)) {
      throw new IllegalArgumentException(stage.name() + " does not look around points");
    }
    IndexBox region = PointedPatches.region(points, image, Tiling.patch(window), spacingMm());
    Volume part = Crop.to(image, region);
    Volume fine =
        run.time(
            "preprocess",
            () -> inputs(List.of(part), NetworkGrid.over(part.geometry(), stage.grid())).get(0));
    return new PointedPatches(
        image.geometry(), region, fine, new CentredWindow(folds.get(0), stage, prior), pool);
  }

  /** Returns what a run of each fold takes of its runtime, as far as that is known. */
  List<WorkingMemory> workingMemory() {
    List<Integer> dims = new ArrayList<>(List.of(1, stage.signature().inputChannels()));
    dims.addAll(stage.window().patchSize());
    Shape patch = new Shape(dims);
    return folds.stream().flatMap(fold -> fold.workingMemory(patch).stream()).toList();
  }

  private Vector3 spacingMm() {
    return NetworkGrid.spacingMm((StageGrid.Spacing) stage.grid(), 0);
  }

  private SlidingWindow window(Tiling tiling) {
    return new SlidingWindow(folds, tiling, options.arithmetic(), pool);
  }

  private Tiling tiling() {
    if (!(stage.window() instanceof StageWindow.Tiles tiles)) {
      throw new IllegalArgumentException(stage.name() + " is not moved over an image in tiles");
    }
    return Tiling.of(stage, tiles, options.tileStep(), options.mirroring());
  }

  private List<Volume> inputs(List<Volume> channels, NetworkGrid grid) {
    List<Normalization> normalizations =
        stage.inputs().stream().map(InputChannel::normalization).toList();
    return NetworkInputs.of(channels, normalizations, grid.images(), pool);
  }

  /** Returns a channel of 0 and 1 for each label of the earlier stage, on the network's grid. */
  private List<Volume> oneHot(LabelVolume labels, StageImage image, NetworkGrid grid) {
    LabelVolume coarse =
        Resample.labels(image.inTensorOrder(labels), image.inside(), grid.previousLabels(), pool);
    short[] values = VoxelArrays.labels(coarse);
    List<Volume> channels = new ArrayList<>();
    for (int label : stage.output().values()) {
      float[] samples = new float[values.length];
      for (int n = 0; n < samples.length; n++) {
        samples[n] = Short.toUnsignedInt(values[n]) == label ? 1 : 0;
      }
      channels.add(Volume.wrap(coarse.geometry(), samples));
    }
    return channels;
  }

  /** Returns the values that classes are written as, where those are not their numbers. */
  private LabelVolume values(LabelVolume classes) {
    if (!(stage.output() instanceof StageOutput.Softmax softmax)) {
      return classes;
    }
    short[] values = new short[softmax.channels()];
    boolean same = true;
    for (int c = 1; c < values.length; c++) {
      values[c] = (short) softmax.labels().get(c - 1).value();
      same &= values[c] == c;
    }
    if (same) {
      return classes;
    }
    short[] numbers = VoxelArrays.labels(classes);
    short[] written = new short[numbers.length];
    for (int n = 0; n < written.length; n++) {
      written[n] = values[numbers[n]];
    }
    return LabelVolume.wrap(classes.geometry(), written);
  }

  /** Returns the same stage with the sums of its logits rounded as nnU-Net rounds them. */
  StageRunner exact() {
    RuntimeOptions exact = options.toBuilder().arithmetic(Arithmetic.EXACT).build();
    return new StageRunner(stage, folds, exact, pool);
  }

  void close() {
    folds.forEach(CheckedSession::close);
  }
}
