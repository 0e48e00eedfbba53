package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.TileRule;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a prediction with nnU-Net's rules needs, whether it comes from a results folder
 * or from a model package. Immutable.
 *
 * @param configuration how images are prepared and tiles are cut
 * @param dataset channels and labels
 * @param transposeForward which axis of the stored array (z, y, x) becomes each axis of the tensor
 * @param reorientsToRas whether images are turned to RAS before anything else
 * @param trainer nnU-Net's trainer class; empty when it is not known
 * @param tiling how tiles are laid over an image; results folders do not say, nnU-Net's is the
 *     default
 * @param mirrorAxes tensor axes over which predictions may be mirrored and averaged
 * @param folds networks of one shape, whose logits are averaged; at least one
 * @param previousStage the model whose labels this one takes as further channels
 */
public record NnUnetModel(
    NnUnetConfiguration configuration,
    NnUnetDataset dataset,
    List<Integer> transposeForward,
    boolean reorientsToRas,
    Optional<String> trainer,
    TileRule tiling,
    List<Integer> mirrorAxes,
    List<ModelSource> folds,
    Optional<NnUnetModel> previousStage) {

  /**
   * What to take from a results folder.
   *
   * @param folds names of folds, such as {@code fold_0}; none for all that are there
   * @param checkpointFile name of the files, such as {@code checkpoint_final.pth}
   * @param previousStage results folder of a cascade's first stage; empty for the one beside
   */
  public record Choice(List<String> folds, String checkpointFile, Optional<Path> previousStage) {

    /** Copies the list. */
    public Choice {
      folds = List.copyOf(folds);
    }
  }

  /** Refuses a model without networks and a cascade without its first stage. */
  public NnUnetModel {
    transposeForward = List.copyOf(transposeForward);
    mirrorAxes = List.copyOf(mirrorAxes);
    folds = List.copyOf(folds);
    if (folds.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one fold");
    }
    if (!previousStage
        .map(stage -> stage.configuration().name())
        .equals(configuration.previousStage())) {
      throw new IllegalArgumentException(
          "%s follows %s, was given %s"
              .formatted(
                  configuration.name(),
                  configuration.previousStage(),
                  previousStage.map(stage -> stage.configuration().name())));
    }
  }

  /**
   * Returns the folds as layers and weights, as every results folder has them.
   *
   * @throws ModelException {@code OPAQUE_NETWORK} when they are files of a runtime
   */
  public List<ModelSource.Described> describedFolds() {
    List<ModelSource.Described> described = new ArrayList<>();
    for (ModelSource fold : folds) {
      if (!(fold instanceof ModelSource.Described layers)) {
        throw new ModelException(
            "OPAQUE_NETWORK", fold.name() + " is a file of a runtime; its layers are not known");
      }
      described.add(layers);
    }
    return described;
  }

  /**
   * Reads a results folder and, for a cascade, that of its first stage, of which all folds are
   * taken. Folds are 0, 1, 2, ... as nnU-Net finds them by itself; {@code fold_all} is taken when
   * there is no other, or when it is named.
   *
   * @throws IOException when a file cannot be read
   * @throws ModelException as {@link NnUnetFolder#open}, {@link NnUnetFolder#fold} and {@link
   *     NnUnetFolder#previousStage}; {@code NNUNET_FOLDER} when the folds do not fit together or
   *     the first stage is of another configuration
   */
  public static NnUnetModel read(Path path, Choice choice) throws IOException {
    NnUnetFolder folder = NnUnetFolder.open(path);
    List<NnUnetFolder.Fold> folds = new ArrayList<>();
    List<ModelSource> sources = new ArrayList<>();
    String dataset = folder.plans().datasetName().orElse("nnunet");
    for (String name : choice.folds().isEmpty() ? allFolds(folder, choice) : choice.folds()) {
      NnUnetFolder.Fold fold = folder.fold(name, choice.checkpointFile());
      folds.add(fold);
      sources.add(
          new ModelSource.Described(
              "%s/%s/%s".formatted(dataset, fold.configuration().name(), name),
              fold.network(),
              fold.checkpoint().weights()));
    }
    NnUnetFolder.Fold first = folds.get(0);
    for (NnUnetFolder.Fold fold : folds) {
      if (!fold.configuration().equals(first.configuration())
          || !fold.checkpoint().trainer().equals(first.checkpoint().trainer())
          || !fold.checkpoint().mirrorAxes().equals(first.checkpoint().mirrorAxes())) {
        throw new ModelException(
            JsonPlace.INVALID,
            "the folds of %s are of different configurations, trainers or mirroring axes"
                .formatted(path.getFileName()));
      }
    }
    return new NnUnetModel(
        first.configuration(),
        folder.dataset(),
        folder.plans().transposeForward(),
        folder.plans().reorientsToRas(),
        first.checkpoint().trainer(),
        TileRule.NnUnet.DEFAULT,
        first.checkpoint().mirrorAxes(),
        sources,
        previous(folder, first, choice));
  }

  private static Optional<NnUnetModel> previous(
      NnUnetFolder folder, NnUnetFolder.Fold fold, Choice choice) throws IOException {
    Optional<String> wanted = fold.configuration().previousStage();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Path path =
        choice.previousStage().isPresent()
            ? choice.previousStage().get()
            : folder.previousStage(fold).orElseThrow();
    NnUnetModel model =
        read(path, new Choice(List.of(), choice.checkpointFile(), Optional.empty()));
    if (!model.configuration().name().equals(wanted.get())) {
      throw new ModelException(
          JsonPlace.INVALID,
          "%s follows the configuration %s, %s is of %s"
              .formatted(
                  fold.configuration().name(),
                  wanted.get(),
                  path.getFileName(),
                  model.configuration().name()));
    }
    return Optional.of(model);
  }

  private static List<String> allFolds(NnUnetFolder folder, Choice choice) throws IOException {
    List<String> there = folder.folds(choice.checkpointFile());
    List<String> numbered = there.stream().filter(name -> !name.equals("fold_all")).toList();
    if (there.isEmpty()) {
      throw folder.noCheckpoint(Optional.empty(), choice.checkpointFile());
    }
    return numbered.isEmpty() ? there : numbered;
  }
}
