package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.core.image.Paste;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The task {@code us-fascia}: layers of fascia in a B-mode ultrasound picture, after Bonaldi et al.
 * 2025. A 2-D network looks at the part of the picture that is ultrasound; what it marks is
 * measured layer by layer.
 *
 * <p>The network sees the picture in pixels and not in millimetres, so the labels do not depend on
 * the scale. A picture that does not look like ultrasound gets no labels and a notice.
 */
public final class UsFascia implements Task {

  private static final LabelTable LABELS = LabelTable.fascia();

  /** Made by {@code ServiceLoader} and by applications. */
  public UsFascia() {}

  @Override
  public String id() {
    return Tasks.US_FASCIA;
  }

  @Override
  public String title() {
    return "layers of fascia in ultrasound";
  }

  @Override
  public List<SeriesNeed> needs(ModelDescription model) {
    return measureNeeds();
  }

  @Override
  public List<SeriesNeed> measureNeeds() {
    return List.of(SeriesNeed.of(SeriesRole.ULTRASOUND, SeriesNeed.Kind.PICTURE));
  }

  @Override
  public Findings run(Case input, Networks networks, Run run) {
    Volume image = input.series(SeriesRole.ULTRASOUND).volume();
    Findings.Builder found = Findings.builder(LABELS);
    ImageRegion region = run.time("localize", () -> region(image, found));
    LabelVolume labels =
        region.looksLikeUltrasound() || region.isNoisy()
            ? labels(image, region, networks, run)
            : LabelVolume.empty(image.geometry());
    return measure(labels, image, Optional.of(region), found, run);
  }

  private static ImageRegion region(Volume image, Findings.Builder found) {
    Optional<ImageRegion> seen = ImageRegion.find(image);
    ImageRegion region = seen.orElseGet(() -> ImageRegion.whole(image));
    if (!region.looksLikeUltrasound()) {
      found.notice(FasciaNotices.notUltrasound(region.isNoisy()));
    } else if (seen.isEmpty()) {
      found.notice(FasciaNotices.noRegion());
    }
    return region;
  }

  private static LabelVolume labels(Volume image, ImageRegion region, Networks networks, Run run) {
    Volume tissue = run.time("preprocess", () -> region.cutOut(image));
    LabelVolume labels =
        networks
            .stage(networks.model().lastStage().name())
            .labels(List.of(tissue), Optional.empty(), run);
    return run.time("resample", () -> Paste.into(labels, image.geometry()));
  }

  private static Findings measure(
      LabelVolume labels,
      Volume image,
      Optional<ImageRegion> region,
      Findings.Builder found,
      Run run) {
    List<Notice> notices = new ArrayList<>();
    List<FasciaMeasurement> layers =
        run.time("measure", () -> FasciaMeasures.of(labels, image, region, notices));
    return found
        .labels(labels)
        .measurements(layers)
        .notices(notices)
        .notices(FasciaNotices.of(labels, layers, image.geometry()))
        .build();
  }

  @Override
  public Findings measure(Case input, LabelVolume labels, Run run) {
    Volume image = input.series(SeriesRole.ULTRASOUND).volume();
    Findings.Builder found = Findings.builder(LABELS);
    Optional<ImageRegion> region = run.time("localize", () -> ImageRegion.find(image));
    if (region.isEmpty()) {
      found.notice(FasciaNotices.noRegion());
    }
    return measure(ones(labels), image, region, found, run);
  }

  /** Of a mask everything that is not background is fascia, whatever its value. */
  private static LabelVolume ones(LabelVolume mask) {
    short[] labels = mask.toArray();
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) (labels[n] == 0 ? 0 : 1);
    }
    return LabelVolume.wrap(mask.geometry(), labels);
  }

  @Override
  public Map<String, Double> stageShares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("localize", 0.2);
    shares.put("network", 0.7);
    return shares;
  }

  @Override
  public MemoryPlan memory(
      ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
    GridGeometry picture = Objects.requireNonNull(grids.get(SeriesRole.ULTRASOUND));
    return StageMemory.of(model.lastStage(), picture, options);
  }

  @Override
  public void check(ModelDescription model) {
    Stage stage = model.lastStage();
    if (model.stages().size() != 1
        || !(stage.grid() instanceof StageGrid.LongerSide grid)
        || !(stage.window() instanceof StageWindow.Whole window)
        || stage.orientation().isPresent()
        || !stage.transpose().equals(List.of(0, 1, 2))
        || stage.cropsToNonZero()
        || stage.network().files().size() != 1) {
      throw unfit(
          model,
          "it is not one 2-D network of one fold that takes whole images by their longer side, as"
              + " stored");
    }
    if (!window.patchSize().stream().allMatch(size -> size >= grid.pixels())) {
      throw unfit(
          model,
          "its patch of %s does not hold a side of %s pixels"
              .formatted(window.patchSize(), grid.pixels()));
    }
    if (!stage.roles().equals(List.of(SeriesRole.ULTRASOUND))
        || stage.inputs().get(0).normalization() instanceof Normalization.ZScoreInMask) {
      throw unfit(
          model,
          "its input is not one %s image, but %s".formatted(SeriesRole.ULTRASOUND, stage.roles()));
    }
    StageOutput wanted =
        new StageOutput.Softmax(List.of(new StageOutput.Label(1, Structure.Fascia.ALL.key())));
    if (!stage.output().equals(wanted)) {
      throw unfit(model, "its output is not background and " + Structure.Fascia.ALL.key());
    }
  }

  @Override
  public Presentation presentation() {
    return FasciaPresentation.INSTANCE;
  }
}
