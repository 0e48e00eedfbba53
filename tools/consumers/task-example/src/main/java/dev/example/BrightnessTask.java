package dev.example;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.report.Presentation;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageMemory;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The task {@code mr-brightness}: one disc on a T1- and a T2-weighted image, and its means. */
public final class BrightnessTask implements Task {

  private static final Structure DISC = Structure.parse("disc/L4-L5");
  private static final LabelTable LABELS =
      new LabelTable(List.of(new LabelTable.Entry(1, DISC, 0x4FA3E3)));
  private static final List<SeriesRole> ROLES = List.of(SeriesRole.T1, SeriesRole.T2);

  /** Made by {@code ServiceLoader}. */
  public BrightnessTask() {}

  @Override
  public String id() {
    return "mr-brightness";
  }

  @Override
  public String title() {
    return "brightness of a disc on two MR images";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return measureNeeds();
  }

  @Override
  public List<SeriesNeed> measureNeeds() {
    return ROLES.stream().map(role -> SeriesNeed.of(role, SeriesNeed.Kind.VOLUME)).toList();
  }

  @Override
  public void check(ModelDescription model) {
    if (!model.lastStage().roles().equals(ROLES)) {
      throw new ModelException(
          "UNFIT_MODEL", "model %s does not take %s".formatted(model.id(), ROLES));
    }
  }

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    GridGeometry grid = Objects.requireNonNull(grids.get(SeriesRole.T1));
    return StageMemory.of(model.lastStage(), grid, options);
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    String stage = networks.model().lastStage().name();
    List<Volume> channels = input.onOneGrid(ROLES);
    return measure(input, networks.stage(stage).labels(channels, Optional.empty(), run), run);
  }

  @Override
  public Findings measure(Case input, LabelVolume labels, Run run) {
    List<Volume> channels = input.onOneGrid(ROLES);
    List<Brightness> measured = run.time("measure", () -> means(labels, channels));
    return Findings.builder(LABELS).labels(labels).measurements(measured).build();
  }

  private static List<Brightness> means(LabelVolume labels, List<Volume> channels) {
    Extents n = labels.extents();
    double[] sums = new double[2];
    int voxels = 0;
    for (int k = 0; k < n.k(); k++) {
      for (int j = 0; j < n.j(); j++) {
        for (int i = 0; i < n.i(); i++) {
          if (labels.get(i, j, k) == 1) {
            voxels++;
            sums[0] += channels.get(0).get(i, j, k);
            sums[1] += channels.get(1).get(i, j, k);
          }
        }
      }
    }
    return voxels == 0
        ? List.of()
        : List.of(new Brightness(DISC, sums[0] / voxels, sums[1] / voxels));
  }

  @Override
  public Presentation presentation() {
    return new BrightnessPresentation();
  }
}
