package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.NnUnetRules;
import dev.lss.api.model.NnUnetRules.Region;
import dev.lss.api.model.NnUnetRules.Resampling;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.nnunet.NnUnetNormalization.Scheme;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** nnU-Net models as stages of a model package, in both directions. */
public final class NnUnetStages {

  private static final AnatomicalCode RAS = AnatomicalCode.parse("RAS");
  private static final String BACKGROUND = "background";
  private static final String FILE_ENDING = ".nii.gz";

  private static final Map<Normalization, Scheme> SCHEMES =
      Map.of(
          new Normalization.ZScore(), Scheme.Z_SCORE,
          new Normalization.ZScoreInMask(), Scheme.Z_SCORE,
          new Normalization.Rescale01(), Scheme.RESCALE_0_1,
          new Normalization.Rgb01(), Scheme.RGB_0_1,
          new Normalization.None(), Scheme.NONE);

  private NnUnetStages() {}

  /**
   * Returns a model as a stage of a package.
   *
   * @param model the model
   * @param weights weight files of its folds inside the package
   */
  static Stage stage(NnUnetModel model, List<String> weights) {
    NnUnetConfiguration configuration = model.configuration();
    NnUnetDataset dataset = model.dataset();
    NnUnetRules rules =
        new NnUnetRules(
            model.trainer(),
            model.transposeForward(),
            resampling(configuration.imageResampling(), false),
            resampling(configuration.labelResampling(), true),
            resampling(configuration.logitResampling(), false),
            regions(dataset),
            configuration.previousStage());
    List<InputChannel> inputs = new ArrayList<>();
    for (int c = 0; c < dataset.channelNames().size(); c++) {
      inputs.add(
          new InputChannel(
              new SeriesRole(dataset.channelNames().get(c)),
              configuration.normalizations().get(c).asNormalization()));
    }
    return new Stage(
        Stage.Role.SEGMENTER,
        configuration.name(),
        new StageNetwork.Layers(model.describedFolds().get(0).network(), weights),
        inputs,
        model.reorientsToRas() ? Optional.of(RAS) : Optional.empty(),
        configuration.spacingMm(),
        OptionalInt.empty(),
        rules.imageRule(),
        configuration.patchSize(),
        model.tiling(),
        model.mirrorAxes(),
        dataset.hasRegions() ? OutputKind.SIGMOID : OutputKind.SOFTMAX,
        labels(dataset),
        OptionalDouble.empty(),
        Optional.of(rules));
  }

  /**
   * Returns the model of a package whose last stage runs as nnU-Net runs it.
   *
   * @throws IOException when weights cannot be read
   * @throws ModelException {@code WRONG_TASK} when it is no model of nnU-Net's; as {@link
   *     ModelPackage#sources} when weights do not fit
   */
  public static NnUnetModel model(ModelPackage opened) throws IOException {
    List<Stage> stages = opened.description().stages();
    return model(opened, stages.get(stages.size() - 1));
  }

  private static NnUnetModel model(ModelPackage opened, Stage stage) throws IOException {
    NnUnetRules rules =
        stage
            .nnunet()
            .orElseThrow(
                () ->
                    new ModelException(
                        "WRONG_TASK",
                        "stage %s of the model %s does not run by nnU-Net's rules"
                            .formatted(stage.name(), opened.description().id())));
    if (stage.orientation().isPresent() && !stage.orientation().get().equals(RAS)) {
      throw new ModelException(
          "WRONG_TASK", "nnU-Net turns images to RAS or not at all, not to " + stage.orientation());
    }
    Optional<NnUnetModel> previous = Optional.empty();
    for (Stage other : opened.description().stages()) {
      if (rules.previousStage().equals(Optional.of(other.name()))) {
        previous = Optional.of(model(opened, other));
      }
    }
    return new NnUnetModel(
        new NnUnetConfiguration(
            stage.name(),
            stage.spacingMm(),
            stage.patchSize(),
            stage.inputs().stream().map(c -> normalization(c.normalization())).toList(),
            resampling(rules.images(), false),
            resampling(rules.labels(), true),
            resampling(rules.logits(), false),
            rules.previousStage()),
        dataset(stage, rules),
        rules.transpose(),
        stage.orientation().isPresent(),
        rules.trainer(),
        stage.tiling(),
        stage.mirrorAxes(),
        opened.sources(stage),
        previous);
  }

  private static NnUnetNormalization normalization(Normalization from) {
    Scheme scheme = SCHEMES.getOrDefault(from, Scheme.CT);
    return new NnUnetNormalization(
        scheme,
        from instanceof Normalization.ZScoreInMask,
        from instanceof Normalization.CtClip ct ? Optional.of(ct) : Optional.empty());
  }

  /** A package says which values are labels by the place of the rule, not by a flag. */
  private static Resampling resampling(NnUnetResampling from, boolean labels) {
    if (from.isSegmentation() != labels) {
      throw new ModelException(
          "NNUNET_UNSUPPORTED",
          "is_seg is %s in a resampling of %s"
              .formatted(from.isSegmentation(), labels ? "labels" : "images or logits"));
    }
    return new Resampling(
        NnUnetRules.Function.valueOf(from.function().name()),
        from.order(),
        from.orderZ(),
        from.forceSeparateZ());
  }

  private static NnUnetResampling resampling(Resampling from, boolean labels) {
    return new NnUnetResampling(
        NnUnetResampling.Function.valueOf(from.function().name()),
        labels,
        from.order(),
        from.orderZ(),
        from.forceSeparateZ());
  }

  private static List<Stage.StageLabel> labels(NnUnetDataset dataset) {
    List<Stage.StageLabel> labels = new ArrayList<>();
    for (NnUnetDataset.Label label : dataset.labels()) {
      if (!label.isBackground()) {
        int value = dataset.hasRegions() ? labels.size() : label.values().get(0);
        labels.add(new Stage.StageLabel(value, label.name()));
      }
    }
    labels.sort(Comparator.comparingInt(Stage.StageLabel::value));
    return labels;
  }

  private static List<Region> regions(NnUnetDataset dataset) {
    List<Region> regions = new ArrayList<>();
    for (NnUnetDataset.Label label : dataset.labels()) {
      if (dataset.hasRegions() && !label.isBackground()) {
        regions.add(new Region(label.values(), dataset.regionsClassOrder().get(regions.size())));
      }
    }
    return regions;
  }

  private static NnUnetDataset dataset(Stage stage, NnUnetRules rules) {
    List<NnUnetDataset.Label> labels = new ArrayList<>();
    labels.add(new NnUnetDataset.Label(BACKGROUND, List.of(0)));
    for (int i = 0; i < stage.labels().size(); i++) {
      Stage.StageLabel label = stage.labels().get(i);
      labels.add(
          new NnUnetDataset.Label(
              label.key(),
              rules.regions().isEmpty()
                  ? List.of(label.value())
                  : rules.regions().get(i).values()));
    }
    return new NnUnetDataset(
        stage.inputs().stream().map(input -> input.role().key()).toList(),
        labels,
        rules.regions().stream().map(Region::writes).toList(),
        FILE_ENDING);
  }
}
