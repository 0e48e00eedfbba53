package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
import dev.lss.api.ClipResult;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
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
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.image.Paste;
import dev.lss.core.image.Resample;
import dev.lss.core.inference.ArgmaxResampler;
import dev.lss.core.inference.LabelRule;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.StagePool;
import dev.lss.core.inference.WholeImage;
import dev.lss.core.ultrasound.FasciaMeasures;
import dev.lss.core.ultrasound.FasciaNotices;
import dev.lss.core.ultrasound.ImageRegion;
import dev.lss.spi.CheckedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The task {@code us-fascia}: layers of fascia in a B-mode image, after Bonaldi et al. 2025.
 *
 * <p>The network sees the image region alone, in pixels and not in millimetres, so the labels do
 * not depend on the scale. A picture that does not look like ultrasound gets no labels and a
 * notice. Thread-safe; a clip's frames share the network and its buffers.
 */
public final class UsFascia implements LumbarSegmenter {

  /** Name of the task. */
  public static final String TASK = "us-fascia";

  private static final LabelTable LABELS = LabelTable.fascia();

  private final Equipment equipment;
  private final Stage stage;
  private final WholeImage network;

  /**
   * What the task runs on; all of it belongs to the task from now on.
   *
   * @param model the model's description
   * @param session session of its only stage
   * @param pool threads of the stages
   * @param provenance what to say about models, backend, threads and precision; without inputs
   */
  public record Equipment(
      ModelDescription model, CheckedSession session, StagePool pool, Provenance provenance) {}

  /**
   * Prepares the task.
   *
   * @throws dev.lss.api.ModelException as {@link UsModel#check}
   */
  public UsFascia(Equipment equipment) {
    this.equipment = equipment;
    this.stage = UsModel.check(equipment.model());
    this.network = new WholeImage(equipment.session(), stage);
  }

  @Override
  public ModelDescription describe() {
    return equipment.model();
  }

  @Override
  public SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
    Run run = new Run(new Stopwatch(), progress, cancellation);
    List<Notice> notices = new ArrayList<>();
    Series series = planeOf(study);
    Volume image = series.volume();
    requireMemory(image.extents());
    cancellation.throwIfCancelled();
    ImageRegion region = run.watch().time("localize", () -> region(image, notices));
    LabelVolume labels =
        region.looksLikeUltrasound() || region.isNoisy()
            ? labels(image, region, run)
            : LabelVolume.empty(image.geometry());
    cancellation.throwIfCancelled();
    List<FasciaMeasurement> layers =
        run.watch()
            .time("measure", () -> FasciaMeasures.of(labels, image, Optional.of(region), notices));
    notices.addAll(FasciaNotices.of(labels, layers, image.geometry()));
    Provenance p = equipment.provenance();
    return new SegmentationResult(
        TASK,
        labels,
        LABELS,
        Measurements.ofFascia(layers),
        notices,
        new Provenance(
            p.library(),
            p.models(),
            p.backend(),
            p.threads(),
            p.precision(),
            series.source().stream().toList()),
        run.watch().timings());
  }

  @Override
  public ClipResult segmentClip(
      List<LumbarStudy> frames, ProgressListener progress, CancellationToken cancellation) {
    if (frames.isEmpty()) {
      throw new InvalidStudyException("EMPTY_CLIP", "a clip holds at least one frame");
    }
    return new ClipResult(
        ParallelFrames.run(
            frames,
            equipment.pool().threads(),
            frame -> segment(frame, ProgressListener.NONE, cancellation),
            progress,
            cancellation));
  }

  private static Series planeOf(LumbarStudy study) {
    Series series =
        study
            .byRole(SeriesRole.ULTRASOUND)
            .orElseThrow(
                () ->
                    new InvalidStudyException(
                        "MISSING_SERIES", "the task " + TASK + " needs an ULTRASOUND series"));
    GridGeometry grid = series.volume().geometry();
    if (grid.space() != GridGeometry.Space.IMAGE_PLANE || grid.extents().k() != 1) {
      throw new InvalidStudyException(
          "NOT_A_PLANE",
          "the task %s takes one image plane at a time, was given %s"
              .formatted(TASK, grid.describe()));
    }
    return series;
  }

  private void requireMemory(Extents image) {
    Extents resized = Resample.extentsForLongerSide(image, stage.longerSidePixels().orElseThrow());
    MemoryPlan.of(
            new MemoryPlan.Work(
                image, resized, network.padded(resized), 1, stage.signature().outputChannels(), 1))
        .requireFits();
  }

  private static ImageRegion region(Volume image, List<Notice> notices) {
    Optional<ImageRegion> found = ImageRegion.find(image);
    ImageRegion region = found.orElseGet(() -> ImageRegion.whole(image));
    if (!region.looksLikeUltrasound()) {
      notices.add(FasciaNotices.notUltrasound(region.isNoisy()));
    } else if (found.isEmpty()) {
      notices.add(FasciaNotices.noRegion());
    }
    return region;
  }

  private LabelVolume labels(Volume image, ImageRegion region, Run run) {
    Volume tissue = run.watch().time("preprocess", () -> region.cutOut(image));
    Volume input =
        run.watch()
            .time(
                "preprocess",
                () ->
                    Resample.normalized(
                        tissue,
                        stage.inputs().get(0).normalization(),
                        new Resample.Way(
                            Resample.extentsForLongerSide(
                                tissue.extents(), stage.longerSidePixels().orElseThrow()),
                            stage.resampling(),
                            OptionalInt.empty()),
                        equipment.pool()));
    run.progress().progress("network", 0, 1);
    List<Volume> logits = run.watch().time("network", () -> network.run(List.of(input)));
    run.progress().progress("network", 1, 1);
    return run.watch()
        .time(
            "resample",
            () ->
                Paste.into(
                    ArgmaxResampler.labels(
                        logits,
                        tissue.geometry(),
                        LabelRule.LARGEST,
                        equipment.pool(),
                        run.cancellation()),
                    image.geometry()));
  }

  @Override
  public void close() {
    equipment.session().close();
    equipment.pool().close();
  }
}
