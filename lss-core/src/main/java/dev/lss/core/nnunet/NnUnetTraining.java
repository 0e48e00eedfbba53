package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.TileRule;
import dev.lss.core.io.Sha256;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is taken of one results folder: one configuration and the folds whose logits are averaged.
 * Immutable.
 *
 * @param folder the folder
 * @param folds at least one, all of one configuration
 * @param checkpointFile name of the file in each fold
 */
record NnUnetTraining(NnUnetFolder folder, List<NnUnetFolder.Fold> folds, String checkpointFile) {

  /**
   * Reads a folder.
   *
   * @param path the folder
   * @param choice which folds, and which file in each; the earlier stage is not looked at
   */
  static NnUnetTraining read(Path path, NnUnetModel.Choice choice) throws IOException {
    NnUnetFolder folder = NnUnetFolder.open(path, choice.labelRule());
    List<String> names = choice.folds();
    String checkpointFile = choice.checkpointFile();
    List<NnUnetFolder.Fold> folds = new ArrayList<>();
    for (String name : names.isEmpty() ? allFolds(folder, checkpointFile) : names) {
      folds.add(folder.fold(name, checkpointFile));
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
    return new NnUnetTraining(folder, List.copyOf(folds), checkpointFile);
  }

  private static List<String> allFolds(NnUnetFolder folder, String checkpointFile)
      throws IOException {
    List<String> there = folder.folds(checkpointFile);
    List<String> numbered = there.stream().filter(name -> !name.equals("fold_all")).toList();
    if (there.isEmpty()) {
      throw folder.noCheckpoint(Optional.empty(), checkpointFile);
    }
    return numbered.isEmpty() ? there : numbered;
  }

  /** Returns the configuration of all folds. */
  NnUnetConfiguration configuration() {
    return folds.get(0).configuration();
  }

  /** Returns the trainer of all folds; empty when the checkpoints do not say. */
  Optional<String> trainer() {
    return folds.get(0).checkpoint().trainer().filter(name -> !name.isBlank());
  }

  /** Returns the name of the data set, {@code nnunet} where the plans name none. */
  String datasetName() {
    return folder.plans().datasetName().orElse("nnunet");
  }

  /**
   * Returns the stage. It lists its folds as a package would hold them: {@code
   * 3d_fullres/fold_0.safetensors}.
   *
   * @throws ModelException {@code NNUNET_FOLDER} when the parts do not fit together
   */
  Stage stage() {
    NnUnetFolder.Fold first = folds.get(0);
    NnUnetConfiguration configuration = configuration();
    List<InputChannel> inputs = new ArrayList<>();
    for (int c = 0; c < configuration.normalizations().size(); c++) {
      inputs.add(
          new InputChannel(
              folder.dataset().channels().get(c), configuration.normalizations().get(c)));
    }
    List<String> files =
        folds.stream()
            .map(fold -> "%s/%s.safetensors".formatted(configuration.name(), fold.name()))
            .toList();
    try {
      Stage.Builder stage =
          Stage.builder(
                  Stage.Role.SEGMENTER,
                  configuration.name(),
                  new StageNetwork.Layers(first.network(), files))
              .inputs(inputs)
              .transpose(folder.plans().transposeForward())
              .cropsToNonZero(true)
              .grid(configuration.grid())
              .window(
                  new StageWindow.Tiles(
                      configuration.patchSize(),
                      TileRule.NnUnet.DEFAULT,
                      StageWindow.Outside.ZERO,
                      first.checkpoint().mirrorAxes()))
              .output(folder.dataset().output());
      folder.plans().orientation().ifPresent(stage::orientation);
      configuration.previousStage().ifPresent(stage::previousStage);
      trainer().ifPresent(stage::trainer);
      return stage.build();
    } catch (IllegalArgumentException e) {
      throw new ModelException(
          JsonPlace.INVALID, "%s: %s".formatted(folder.path().getFileName(), e.getMessage()), e);
    }
  }

  /** Returns the folds as what a backend loads, named like {@code Dataset042/3d_fullres/fold_0}. */
  List<ModelSource> sources() {
    List<ModelSource> sources = new ArrayList<>();
    for (NnUnetFolder.Fold fold : folds) {
      sources.add(
          new ModelSource.Described(
              "%s/%s/%s".formatted(datasetName(), configuration().name(), fold.name()),
              fold.network(),
              fold.checkpoint().weights()));
    }
    return List.copyOf(sources);
  }

  /** Returns a line {@code <SHA-256> <prefix><file>} for each file that was read. */
  String hashes(String prefix) throws IOException {
    List<String> files = new ArrayList<>(List.of(NnUnetFolder.PLANS, NnUnetFolder.DATASET));
    folds.forEach(fold -> files.add(fold.name() + "/" + checkpointFile));
    StringBuilder lines = new StringBuilder();
    for (String file : files) {
      Sha256 hash = new Sha256();
      try (InputStream in = Files.newInputStream(folder.path().resolve(file))) {
        hash.addAll(in);
      }
      lines.append(hash.hex()).append(' ').append(prefix).append(file).append('\n');
    }
    return lines.toString();
  }

  /**
   * Returns the folder of an earlier stage of a cascade: {@code Trainer__Plans__previous} beside
   * this one.
   *
   * @throws ModelException {@code PREVIOUS_STAGE_MISSING} when it is not there
   */
  Path folderBeside(String previous) {
    Path place = folder.path().toAbsolutePath().normalize();
    String own = String.valueOf(place.getFileName());
    String ending = "__" + configuration().name();
    if (own.endsWith(ending)) {
      Path beside =
          place.resolveSibling(own.substring(0, own.length() - ending.length()) + "__" + previous);
      if (Files.isDirectory(beside)) {
        return beside;
      }
    }
    throw new ModelException(
        "PREVIOUS_STAGE_MISSING",
        ("%s is the second stage of a cascade and needs the folder of %s beside it, named like it"
                + " but for the last part")
            .formatted(configuration().name(), previous));
  }
}
