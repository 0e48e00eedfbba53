package dev.lss.core.muscle;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The task {@code mr-muscle}: multifidus, erector spinae, psoas major and quadratus lumborum, left
 * and right, on axial MR of any contrast. One network segments one series, slice by slice; size and
 * fat are measured on all series that lie on its grid.
 */
public final class MrMuscle implements Task {

  private static final LabelTable LABELS = LabelTable.paraspinalMuscles();
  private static final LabelTable MEASURED = LabelTable.measuredMuscles();

  /**
   * The roles that will do. Dixon water comes first, because its fat image tells the fat; then what
   * shows the outlines best.
   */
  private static final SeriesRole[] ROLES = {
    SeriesRole.DIXON_WATER,
    SeriesRole.IN_PHASE,
    SeriesRole.T2,
    SeriesRole.T1,
    SeriesRole.OPPOSED_PHASE,
    SeriesRole.DIXON_FAT,
    SeriesRole.STIR,
    SeriesRole.MR
  };

  /** Made by {@code ServiceLoader} and by applications. */
  public MrMuscle() {}

  @Override
  public String id() {
    return Tasks.MR_MUSCLE;
  }

  @Override
  public String title() {
    return "muscles beside the lumbar spine on MR";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return SeriesNeed.oneOf(SeriesNeed.Kind.VOLUME_OR_PLACED_PICTURE, SlicePlane.AXIAL, ROLES);
  }

  /** What it segments, and CT: labels of muscles on CT are measured too. */
  @Override
  public List<SeriesNeed> measureNeeds() {
    List<SeriesNeed> needs =
        new ArrayList<>(
            SeriesNeed.oneOf(SeriesNeed.Kind.VOLUME_OR_PLACED_PICTURE, SlicePlane.AXIAL, ROLES));
    needs.addAll(SeriesNeed.oneOf(SeriesNeed.Kind.VOLUME, SlicePlane.AXIAL, SeriesRole.CT));
    return needs;
  }

  @Override
  public boolean takesSpine() {
    return true;
  }

  @Override
  public List<Numbering> numberings() {
    return MuscleNumbering.ALL;
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    Series chosen = input.chosen();
    List<Notice> notices = new ArrayList<>(SeriesDoubt.of(chosen, SlicePlane.AXIAL));
    LabelVolume raw =
        networks
            .stage(Stage.Role.SEGMENTER)
            .labels(List.of(chosen.volume()), Optional.empty(), run);
    LabelVolume labels = run.time("postprocess", () -> MuscleCleanup.of(raw, LABELS, notices));
    if (labels.isBackground()) {
      notices.add(new Notice("NOTHING_FOUND", "no muscle beside the lumbar spine was found"));
    }
    return measured(input, labels, LABELS, notices, run);
  }

  @Override
  public Findings measure(Case input, LabelVolume labels, Run run) {
    return measured(input, labels, MEASURED, new ArrayList<>(), run);
  }

  private static Findings measured(
      Case input, LabelVolume labels, LabelTable table, List<Notice> notices, Run run) {
    Series chosen = input.chosen();
    MuscleMeasures measures =
        run.time(
            "measure",
            () -> MuscleMeasures.of(labels, table, input.series(), chosen, input.spine()));
    return Findings.builder(table)
        .labels(labels)
        .segmented(chosen)
        .measurements(measures.muscles())
        .notices(notices)
        .notices(measures.notices())
        .build();
  }

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    MemoryPlan largest = new MemoryPlan(0, 0);
    for (GridGeometry grid : grids.values()) {
      MemoryPlan plan = StageMemory.of(model.lastStage(), grid, options);
      largest = plan.heapBytes() > largest.heapBytes() ? plan : largest;
    }
    return largest;
  }

  @Override
  public void check(ModelDescription model) {
    Stage stage = model.lastStage();
    if (model.stages().size() != 1
        || stage.role() != Stage.Role.SEGMENTER
        || !stage.orientation().equals(Optional.of(AnatomicalCode.LPS))
        || stage.signature().spatialRank() != 2
        || !(stage.window() instanceof StageWindow.Tiles)) {
      throw unfit(model, "it is not one 2-D segmenter that goes through LPS slices in tiles");
    }
    if (!stage.roles().equals(List.of(SeriesRole.MR))) {
      throw unfit(model, "its input is not one %s, but %s".formatted(SeriesRole.MR, stage.roles()));
    }
    StageOutput wanted =
        new StageOutput.Softmax(
            LABELS.entries().stream()
                .map(entry -> new StageOutput.Label(entry.value(), entry.structure().key()))
                .toList());
    if (!stage.output().equals(wanted)) {
      throw unfit(model, "its output is not background and the eight muscles in their order");
    }
  }

  @Override
  public Presentation presentation() {
    return MusclePresentation.INSTANCE;
  }
}
