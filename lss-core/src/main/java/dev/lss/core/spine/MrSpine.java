package dev.lss.core.spine;

import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import dev.lss.api.Tasks;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Slabs;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.measure.SeriesDoubt;
import dev.lss.core.report.Presentation;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageMemory;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.Numbering;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The task {@code mr-spine}: vertebrae, discs, canal and sacrum on sagittal MR of any contrast. A
 * network names tissues slice by slice; what it calls vertebra is parted into vertebrae by what is
 * known of spines, and these are named from the sacrum up.
 */
public final class MrSpine implements Task {

  private static final LabelTable LABELS = LabelTable.spine();
  private static final AnatomicalCode SAGITTAL = AnatomicalCode.parse("PIL");

  /** Bytes of each voxel while vertebrae are parted. */
  private static final long PARTING_BYTES = 24;

  /** Made by {@code ServiceLoader} and by applications. */
  public MrSpine() {}

  @Override
  public String id() {
    return Tasks.MR_SPINE;
  }

  @Override
  public String title() {
    return "vertebrae, discs, canal and sacrum on sagittal MR";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return measureNeeds();
  }

  @Override
  public List<SeriesNeed> measureNeeds() {
    return SeriesNeed.oneOf(
        SeriesNeed.Kind.VOLUME_OR_PLACED_PICTURE,
        SlicePlane.SAGITTAL,
        SeriesRole.T2,
        SeriesRole.T1,
        SeriesRole.STIR,
        SeriesRole.MR,
        SeriesRole.DIXON_WATER,
        SeriesRole.IN_PHASE,
        SeriesRole.DIXON_FAT,
        SeriesRole.OPPOSED_PHASE);
  }

  @Override
  public boolean takesKnownLevel() {
    return true;
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    Series series = input.chosen();
    GridGeometry grid = series.geometry();
    Findings.Builder found = Findings.builder(LABELS).segmented(series);
    found.notices(SeriesDoubt.of(series, SlicePlane.SAGITTAL));
    LabelVolume classes =
        networks
            .stage(Stage.Role.SEGMENTER)
            .labels(List.of(series.volume()), Optional.empty(), run);

    SpineParts spine = run.time("postprocess", () -> SpineParts.of(Orient.to(classes, SAGITTAL)));
    spine.notices().forEach(found::notice);
    if (spine.curve().isEmpty()) {
      return found
          .labels(LabelVolume.empty(grid))
          .notice(new Notice("NOTHING_FOUND", "no spine was found; all labels are background"))
          .build();
    }
    SpineLevels levels = SpineLevels.of(spine.curve().get(), spine.sacrumMm(), input.knownLevel());
    LabelVolume labels =
        run.time("resample", () -> Orient.onto(SpineLabels.of(spine, levels), grid));
    SpineMeasures measured =
        run.time("measure", () -> SpineMeasures.of(labels, LABELS, series, networks.pool()));
    return found
        .labels(labels)
        .measurements(measured.withConfidence(levels.probability()))
        .notices(levels.notices())
        .notices(measured.notices())
        .build();
  }

  @Override
  public Findings measure(Case input, LabelVolume labels, Run run) {
    Series series = input.chosen();
    SpineMeasures measured =
        run.time("measure", () -> SpineMeasures.of(labels, LABELS, series, Slabs.SERIAL));
    return Findings.builder(LABELS)
        .labels(labels)
        .measurements(measured.all())
        .notices(measured.notices())
        .build();
  }

  @Override
  public Map<String, Double> stageShares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("network", 0.8);
    shares.put("postprocess", 0.12);
    return shares;
  }

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    MemoryPlan most = new MemoryPlan(0, 0);
    for (GridGeometry grid : grids.values()) {
      MemoryPlan parting = new MemoryPlan(PARTING_BYTES * grid.extents().voxels(), 0);
      most = most.then(StageMemory.of(stage(model), grid, options).then(parting));
    }
    return most;
  }

  @Override
  public void check(ModelDescription model) {
    Stage stage = stage(model);
    if (model.stages().size() != 1) {
      throw unfit(model, "it has more stages than a segmenter");
    }
    if (!(stage.output() instanceof StageOutput.Softmax softmax)
        || !softmax.labels().stream().map(label -> label.key()).toList().equals(Tissue.KEYS)
        || softmax.labels().stream()
            .anyMatch(label -> label.value() != Tissue.KEYS.indexOf(label.key()) + 1)) {
      throw unfit(model, "it gives %s and not %s".formatted(stage.output(), Tissue.KEYS));
    }
  }

  private Stage stage(ModelDescription model) {
    Stage stage =
        model
            .stage(Stage.Role.SEGMENTER)
            .orElseThrow(() -> unfit(model, "it has no segmenter stage"));
    boolean sagittal =
        stage.orientation().map(code -> code.toString().startsWith("PI")).orElse(false);
    if (!sagittal
        || stage.signature().spatialRank() != 2
        || !(stage.window() instanceof StageWindow.Tiles)
        || stage.inputs().size() != 1) {
      throw unfit(
          model,
          "its stage %s is not 2-D, in tiles over sagittal slices (PIL or PIR), with one input"
              .formatted(stage.name()));
    }
    return stage;
  }

  @Override
  public List<Numbering> numberings() {
    return SpineNumbering.all();
  }

  @Override
  public Presentation presentation() {
    return SpinePresentation.INSTANCE;
  }
}
