package dev.lss.core.ct;

import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.measure.VertebraMeasures;
import dev.lss.core.report.Presentation;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.stage.StageMemory;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The task {@code ct-vertebrae}: L1 to L5 on a CT, after Lu et al. 2023 and Payer et al. 2020. A
 * coarse network finds the vertebrae in the whole image; a fine one segments them one by one.
 *
 * <p>Everything between reading and writing happens on the upright (LPS) image in whole voxels and
 * stored spacings, so an image gives the same labels in whatever orientation it was stored, and
 * wherever in space it lies.
 */
public final class CtVertebrae implements Task {

  private static final LabelTable LABELS = LabelTable.lumbarVertebrae();

  /** Made by {@code ServiceLoader} and by applications. */
  public CtVertebrae() {}

  @Override
  public String id() {
    return Tasks.CT_VERTEBRAE;
  }

  @Override
  public String title() {
    return "L1 to L5 on CT";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return measureNeeds();
  }

  @Override
  public boolean takesKnownLevel() {
    return true;
  }

  @Override
  public List<SeriesNeed> measureNeeds() {
    return List.of(SeriesNeed.of(SeriesRole.CT, SeriesNeed.Kind.VOLUME));
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    Volume ct = input.series(SeriesRole.CT).volume();
    Findings.Builder found = Findings.builder(LABELS);
    Volume upright = run.time("preprocess", () -> Upright.of(ct, found));

    HeatMaps maps =
        HeatMaps.of(
            networks.stage(Stage.Role.LOCALIZER).heatMaps(List.of(upright), "localize", run));
    SpineChain chain = run.time("localize", () -> SpineChain.find(maps));
    Optional<KnownVertebra> known =
        input.knownLevel().map(level -> new KnownVertebra(level, maps, upright));
    VertebraPatches patches =
        VertebraPatches.of(chain, maps, known, upright, networks.stage(Stage.Role.SEGMENTER), run);
    NamedSpine named = NamedSpine.of(patches.chain(), patches.naming(), maps, upright.extents());

    LabelVolume raw = patches.labels(named.vertebrae(), run);
    LabelVolume clean =
        run.time("postprocess", () -> Postprocessing.of(raw, LABELS, networks.pool()));
    LabelVolume labels =
        run.time("resample", () -> Upright.restore(clean, upright.geometry(), ct.geometry()));
    VertebraMeasures measured =
        run.time("measure", () -> VertebraMeasures.of(labels, LABELS, ct, networks.pool()));
    return found
        .labels(labels)
        .measurements(
            Stream.concat(
                    named.withConfidence(measured.vertebrae()).stream(), measured.form().stream())
                .toList())
        .notices(named.notices())
        .notices(measured.notices())
        .notices(ResultChecks.of(named.vertebrae(), measured.vertebrae()))
        .build();
  }

  @Override
  public Findings measure(Case input, LabelVolume labels, Run run) {
    Volume ct = input.series(SeriesRole.CT).volume();
    VertebraMeasures measured = run.time("measure", () -> VertebraMeasures.of(labels, LABELS, ct));
    return Findings.builder(LABELS)
        .labels(labels)
        .measurements(
            Stream.concat(measured.vertebrae().stream(), measured.form().stream()).toList())
        .notices(measured.notices())
        .build();
  }

  @Override
  public Map<String, Double> stageShares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("localize", 0.35);
    shares.put("network", 0.55);
    return shares;
  }

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    GridGeometry ct = Objects.requireNonNull(grids.get(SeriesRole.CT));
    return StageMemory.of(stage(model, Stage.Role.LOCALIZER), ct, options)
        .then(StageMemory.of(stage(model, Stage.Role.SEGMENTER), ct, options));
  }

  @Override
  public void check(ModelDescription model) {
    Stage localizer = stage(model, Stage.Role.LOCALIZER);
    Stage segmenter = stage(model, Stage.Role.SEGMENTER);
    if (!localizer.output().equals(new StageOutput.HeatMaps(HeatMaps.CHANNELS))) {
      throw unfit(
          model, "its localizer gives " + localizer.output() + " and not " + HeatMaps.CHANNELS);
    }
    if (!(segmenter.window() instanceof StageWindow.AroundPoint)) {
      throw unfit(model, "its segmenter does not look around a point");
    }
    if (model.stages().size() != 2) {
      throw unfit(model, "it has more stages than a localizer and a segmenter");
    }
  }

  /** Returns the stage of this role, upright and three-dimensional. */
  private Stage stage(ModelDescription model, Stage.Role role) {
    Stage stage = model.stage(role).orElseThrow(() -> unfit(model, "it has no " + role + " stage"));
    if (!stage.orientation().equals(Optional.of(AnatomicalCode.LPS))
        || !stage.transpose().equals(List.of(0, 1, 2))
        || stage.cropsToNonZero()
        || !(stage.grid() instanceof StageGrid.Spacing)
        || stage.signature().spatialRank() != 3
        || !stage.roles().equals(List.of(SeriesRole.CT))
        || stage.network().files().size() != 1) {
      throw unfit(
          model,
          "its stage %s is not 3-D, in LPS, of the whole image, with one input CT and one fold"
              .formatted(stage.name()));
    }
    return stage;
  }

  @Override
  public Presentation presentation() {
    return VertebraPresentation.INSTANCE;
  }
}
