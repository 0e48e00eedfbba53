package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.ProgressListener;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.ArgmaxResampler;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.SlidingWindow;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.Tiling;
import dev.lss.core.nnunet.NnUnetImport;
import dev.lss.spi.CheckedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The task {@code segment} for a model of one stage without rules of nnU-Net's: turn, normalise,
 * resample, run the network over the whole image, and bring its labels back onto the grid of the
 * image. Thread-safe.
 */
public final class PlainSegmentation implements LumbarSegmenter {

  /** Name of the task. */
  public static final String TASK = NnUnetImport.TASK;

  private final Equipment equipment;
  private final PlainModel model;

  /**
   * What the task runs on; all of it belongs to the task from now on.
   *
   * @param description the model's description
   * @param folds sessions of its only stage, in the order of the folds
   * @param pool threads of the stages
   * @param provenance what to say about models, backend, threads and precision; without inputs
   */
  public record Equipment(
      ModelDescription description,
      List<CheckedSession> folds,
      StagePool pool,
      Provenance provenance) {

    /** Copies the list. */
    public Equipment {
      folds = List.copyOf(folds);
    }
  }

  /**
   * Prepares the task.
   *
   * @throws dev.lss.api.ModelException as {@link #check}
   */
  public PlainSegmentation(Equipment equipment) {
    this.equipment = equipment;
    this.model = PlainModel.of(equipment.description());
  }

  /**
   * Refuses a model that this task cannot run, before anything native loads.
   *
   * @throws dev.lss.api.ModelException {@code UNFIT_MODEL} with the reason
   */
  public static void check(ModelDescription description) {
    PlainModel.of(description);
  }

  @Override
  public ModelDescription describe() {
    return equipment.description();
  }

  @Override
  public SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
    Run run = new Run(new Stopwatch(), progress, cancellation);
    List<Series> series = ModelChannels.of(study, model.channels());
    List<Volume> turned =
        run.watch()
            .time("preprocess", () -> series.stream().map(one -> turned(one.volume())).toList());
    requireMemory(turned.get(0).geometry());
    cancellation.throwIfCancelled();
    List<Volume> inputs = run.watch().time("preprocess", () -> onNetworksGrid(turned));
    LabelVolume labels =
        Orient.onto(
            labels(inputs, turned.get(0).geometry(), run), series.get(0).volume().geometry());
    return result(labels, series, run);
  }

  private void requireMemory(GridGeometry image) {
    Stage stage = model.stage();
    MemoryPlan.of(
            new MemoryPlan.Work(
                image.extents(),
                Resample.extentsFor(image, CtModel.spacingMm(stage)),
                Tiling.of(stage).patch(),
                stage.signature().inputChannels(),
                stage.signature().outputChannels(),
                equipment.folds().size()))
        .requireFits();
  }

  private Volume turned(Volume stored) {
    return model.stage().orientation().map(code -> Orient.to(stored, code)).orElse(stored);
  }

  private List<Volume> onNetworksGrid(List<Volume> channels) {
    Stage stage = model.stage();
    Resample.Way way =
        new Resample.Way(
            Resample.extentsFor(channels.get(0).geometry(), CtModel.spacingMm(stage)),
            stage.resampling(),
            OptionalInt.empty());
    return NetworkInputs.of(
        channels,
        stage.inputs().stream().map(InputChannel::normalization).toList(),
        way,
        equipment.pool());
  }

  private LabelVolume labels(List<Volume> inputs, GridGeometry image, Run run) {
    StagePool pool = equipment.pool();
    ArgmaxResampler labels =
        new ArgmaxResampler(inputs.get(0).extents(), image, model.rule(), pool, run.cancellation());
    run.watch()
        .add(
            new SlidingWindow(equipment.folds(), Tiling.of(model.stage()), Arithmetic.FP32, pool)
                .run(inputs, labels, "network", run.progress(), run.cancellation()));
    return labels.labels();
  }

  private SegmentationResult result(LabelVolume labels, List<Series> series, Run run) {
    Provenance p = equipment.provenance();
    List<Notice> notices = new ArrayList<>(ModelNotices.of(equipment.description()));
    if (labels.count(0) == labels.extents().voxels()) {
      notices.add(new Notice("NOTHING_FOUND", "the model marked no voxel; all is background"));
    }
    return new SegmentationResult(
        equipment.description().task(),
        labels,
        model.labels(),
        new Measurements(List.of()),
        notices,
        new Provenance(
            p.library(),
            p.models(),
            p.backend(),
            p.threads(),
            p.precision(),
            series.stream().flatMap(one -> one.source().stream()).toList()),
        run.watch().timings());
  }

  @Override
  public void close() {
    equipment.folds().forEach(CheckedSession::close);
    equipment.pool().close();
  }
}
