package dev.lss.core.pipeline;

import dev.lss.api.CancellationToken;
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
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.core.inference.StagePool;
import dev.lss.core.measure.VertebraMeasures;
import dev.lss.spi.CheckedSession;
import java.util.ArrayList;
import java.util.List;

/**
 * The task {@code ct-vertebrae}: L1 to L5 on a CT, after Lu et al. 2023 and Payer et al. 2020. A
 * coarse network finds and names the vertebrae in the whole image; a fine one draws each of them.
 *
 * <p>Everything between reading and writing happens on the upright (LPS) image in whole voxels and
 * stored spacings, so an image gives the same labels in whatever orientation it was stored, and
 * wherever in space it lies. Thread-safe.
 */
public final class CtVertebrae implements LumbarSegmenter {

  /** Name of the task. */
  public static final String TASK = "ct-vertebrae";

  private static final LabelTable LABELS = LabelTable.lumbarVertebrae();

  private final Equipment equipment;
  private final Localizer localizer;
  private final VertebraDrawer drawer;

  /**
   * What the task runs on; all of it belongs to the task from now on.
   *
   * @param model the model's description, with a localizer and a segmenter stage
   * @param localizer session of the localizer stage
   * @param segmenter session of the segmenter stage
   * @param pool threads of the stages
   * @param provenance what to say about models, backend, threads and precision; without inputs
   */
  public record Equipment(
      ModelDescription model,
      CheckedSession localizer,
      CheckedSession segmenter,
      StagePool pool,
      Provenance provenance) {}

  /** Prepares the task. */
  public CtVertebrae(Equipment equipment) {
    this.equipment = equipment;
    this.localizer =
        new Localizer(stage(Stage.Role.LOCALIZER), equipment.localizer(), equipment.pool());
    this.drawer =
        new VertebraDrawer(stage(Stage.Role.SEGMENTER), equipment.segmenter(), equipment.pool());
  }

  private Stage stage(Stage.Role role) {
    return CtModel.stage(equipment.model(), role);
  }

  @Override
  public ModelDescription describe() {
    return equipment.model();
  }

  @Override
  public SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
    Stopwatch watch = new Stopwatch();
    Run run = new Run(watch, progress, cancellation);
    List<Notice> notices = new ArrayList<>(ModelNotices.of(equipment.model()));
    Series ct =
        study
            .byRole(SeriesRole.CT)
            .orElseThrow(
                () ->
                    new InvalidStudyException(
                        "MISSING_SERIES", "the task " + TASK + " needs a CT series"));
    CtModel.requireMemory(equipment, ct.volume());
    cancellation.throwIfCancelled();

    Volume upright = watch.time("preprocess", () -> Upright.of(ct.volume(), notices));
    FoundSpine spine = localizer.find(upright, run);
    Drawn drawn = draw(upright, spine, run);
    notices.addAll(drawn.named().notices());
    LabelVolume tidy =
        watch.time("stitch", () -> Cleanup.tidy(drawn.labels(), LABELS, equipment.pool()));
    LabelVolume labels =
        watch.time(
            "resample", () -> Upright.restore(tidy, upright.geometry(), ct.volume().geometry()));
    cancellation.throwIfCancelled();

    Measurements measurements =
        watch.time(
            "measure",
            () ->
                new Measurements(
                    VertebraMeasures.of(labels, LABELS, ct.volume(), equipment.pool())));
    notices.addAll(ResultChecks.of(drawn.named().vertebrae(), measurements));
    return new SegmentationResult(
        TASK,
        labels,
        LABELS,
        measurements,
        notices,
        withInputs(equipment.provenance(), ct),
        watch.timings());
  }

  /** Names, and labels of a box of the upright image. */
  private record Drawn(FoundSpine.Named named, LabelVolume labels) {}

  /**
   * Draws the named vertebrae; one that is none of its own leaves the chain, which is named anew.
   */
  private Drawn draw(Volume upright, FoundSpine found, Run run) {
    FoundSpine spine = found;
    FoundSpine.Named named = spine.name();
    if (!named.vertebrae().isEmpty()) {
      Drawing drawing = drawer.begin(upright, spine.centres(), run);
      while (!named.vertebrae().isEmpty()) {
        List<Vector3> impostors = drawing.impostors(named.vertebrae());
        if (impostors.isEmpty()) {
          return new Drawn(named, drawing.labels(named.vertebrae()));
        }
        spine = spine.without(impostors);
        named = spine.name();
      }
    }
    return new Drawn(named, LabelVolume.empty(upright.geometry()));
  }

  private static Provenance withInputs(Provenance p, Series ct) {
    return new Provenance(
        p.library(),
        p.models(),
        p.backend(),
        p.threads(),
        p.precision(),
        ct.source().stream().toList());
  }

  @Override
  public void close() {
    equipment.localizer().close();
    equipment.segmenter().close();
    equipment.pool().close();
  }
}
