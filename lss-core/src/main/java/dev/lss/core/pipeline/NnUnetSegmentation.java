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
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.StagePool;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.spi.CheckedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Any nnU-Net v2 model: the labels that nnU-Net itself would give, on the grid of the image. A
 * cascade runs stage after stage, the earlier ones always with nnU-Net's rounding, because the last
 * one is the further from nnU-Net the more its input differs. Thread-safe.
 */
public final class NnUnetSegmentation implements LumbarSegmenter {

  /**
   * How the model runs.
   *
   * @param tileStep step between tiles as a share of the patch, in (0, 1]; empty for the model's
   * @param mirroring whether predictions are mirrored and averaged where the training allows it
   * @param arithmetic EXACT gives nnU-Net's labels to 1 voxel in 10 000, FP32 is faster
   * @param maxMemory the most bytes that the work may need; empty for what the process has
   */
  public record Options(
      OptionalDouble tileStep, boolean mirroring, Arithmetic arithmetic, OptionalLong maxMemory) {

    /** Refuses a step outside (0, 1] and a limit below 1 byte. */
    public Options {
      if (tileStep.isPresent() && !(tileStep.getAsDouble() > 0 && tileStep.getAsDouble() <= 1)) {
        throw new IllegalArgumentException(
            "the tile step must lie in (0, 1], was " + tileStep.getAsDouble());
      }
      if (maxMemory.isPresent() && maxMemory.getAsLong() < 1) {
        throw new IllegalArgumentException(
            "the memory limit must be at least 1 byte, was " + maxMemory.getAsLong());
      }
    }

    private Options exact() {
      return new Options(tileStep, mirroring, Arithmetic.EXACT, maxMemory);
    }
  }

  /**
   * One stage and its loaded networks.
   *
   * @param model the stage
   * @param folds sessions of its folds, in their order
   */
  public record Loaded(NnUnetModel model, List<CheckedSession> folds) {

    /** Copies the list. */
    public Loaded {
      folds = List.copyOf(folds);
    }
  }

  /**
   * What the model runs on; all of it belongs to the segmenter from now on.
   *
   * @param description the model's description
   * @param stages the stages, the first of a cascade first
   * @param options how they run
   * @param pool threads of the stages
   * @param provenance what to say about models, backend, threads and precision; without inputs
   */
  public record Equipment(
      ModelDescription description,
      List<Loaded> stages,
      Options options,
      StagePool pool,
      Provenance provenance) {

    /** Copies the list. */
    public Equipment {
      stages = List.copyOf(stages);
    }
  }

  private final Equipment equipment;
  private final List<NnUnetStage> stages;
  private final LabelTable labels;
  private final List<SeriesRole> channels;

  /**
   * Prepares the model.
   *
   * @throws dev.lss.api.ModelException {@code NNUNET_UNSUPPORTED} when it asks for something that
   *     LSS cannot do
   */
  public NnUnetSegmentation(Equipment equipment) {
    this.equipment = equipment;
    int before = equipment.stages().size() - 1;
    Options options = equipment.options();
    this.stages =
        IntStream.rangeClosed(0, before)
            .mapToObj(n -> stage(equipment.stages().get(n), n < before ? options.exact() : options))
            .toList();
    NnUnetModel last = equipment.stages().get(before).model();
    this.labels = ModelLabels.table(last.dataset());
    this.channels = last.dataset().channelNames().stream().map(SeriesRole::new).toList();
  }

  private NnUnetStage stage(Loaded loaded, Options options) {
    return new NnUnetStage(loaded.model(), loaded.folds(), options, equipment.pool());
  }

  @Override
  public ModelDescription describe() {
    return equipment.description();
  }

  @Override
  public SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
    Run run = new Run(new Stopwatch(), progress, cancellation);
    List<Series> series = ModelChannels.of(study, channels);
    List<Volume> volumes = series.stream().map(Series::volume).toList();
    cancellation.throwIfCancelled();

    Optional<LabelVolume> found = Optional.empty();
    for (NnUnetStage stage : stages) {
      found = Optional.of(stage.segment(volumes, found, run));
    }

    SegmentationResult result =
        new SegmentationResult(
            equipment.description().task(),
            found.orElseThrow(),
            labels,
            new Measurements(List.of()),
            ModelNotices.of(equipment.description()),
            withInputs(equipment.provenance(), series),
            run.watch().timings());
    return result.foundAnything() ? result : withNotice(result);
  }

  private static SegmentationResult withNotice(SegmentationResult empty) {
    List<Notice> notices = new ArrayList<>(empty.notices());
    notices.add(new Notice("NOTHING_FOUND", "the model marked no voxel; all is background"));
    return new SegmentationResult(
        empty.task(),
        empty.labels(),
        empty.labelTable(),
        empty.measurements(),
        notices,
        empty.provenance(),
        empty.timings());
  }

  private static Provenance withInputs(Provenance p, List<Series> series) {
    return new Provenance(
        p.library(),
        p.models(),
        p.backend(),
        p.threads(),
        p.precision(),
        series.stream().flatMap(one -> one.source().stream()).toList());
  }

  @Override
  public void close() {
    equipment.stages().forEach(loaded -> loaded.folds().forEach(CheckedSession::close));
    equipment.pool().close();
  }
}
