package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.core.io.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A results folder as nnU-Net v2 leaves it: {@code Trainer__Plans__configuration} with {@code
 * plans.json}, {@code dataset.json} and {@code fold_0/checkpoint_final.pth} and so on. Immutable.
 *
 * @param path the folder
 * @param plans what plans.json says
 * @param dataset what dataset.json says
 */
record NnUnetFolder(Path path, NnUnetPlans plans, NnUnetDataset dataset) {

  static final String PLANS = "plans.json";
  static final String DATASET = "dataset.json";
  private static final int MOST_LOOKED_AT = 1000;
  private static final Pattern FOLD = Pattern.compile("fold_(\\d{1,3}|all)");
  private static final Pattern SEGMENTATION_HEADS =
      Pattern.compile("decoder\\.seg_layers\\.\\d+\\.(weight|bias)");

  /**
   * One trained network of the folder.
   *
   * @param name name of its folder, such as {@code fold_0}
   * @param configuration the configuration that it was trained with
   * @param network its layers
   * @param checkpoint its weights, of which every one that the layers need is there
   */
  record Fold(
      String name, NnUnetConfiguration configuration, Network network, Checkpoint checkpoint) {}

  /**
   * Reads plans.json and dataset.json; no checkpoint yet.
   *
   * @param path the folder
   * @param labelRule how labels of an earlier stage are resampled linearly
   * @throws IOException when a file cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} when it is no results folder or damaged, {@code
   *     NNUNET_UNSUPPORTED} when it names something that LSS does not know
   */
  static NnUnetFolder open(Path path, ResamplingRule labelRule) throws IOException {
    for (String file : List.of(PLANS, DATASET)) {
      if (!Files.isRegularFile(path.resolve(file))) {
        throw new ModelException(
            JsonPlace.INVALID,
            "%s is no results folder of nnU-Net v2: it has no %s. %s"
                .formatted(path.getFileName(), file, advice(path)));
      }
    }
    return new NnUnetFolder(
        path,
        NnUnetPlans.read(path.resolve(PLANS), labelRule),
        NnUnetDataset.read(path.resolve(DATASET)));
  }

  private static String advice(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return "It is a file; name the folder called Trainer__Plans__configuration that it lies in";
    }
    try (Stream<Path> entries = Files.list(path).limit(MOST_LOOKED_AT)) {
      for (Path entry : entries.toList()) {
        String name = String.valueOf(entry.getFileName());
        if (name.equals("plans.pkl") || name.equals("model_final_checkpoint.model")) {
          return "It is of nnU-Net v1, which is not read: train the data set anew with v2";
        }
        if (name.startsWith("checkpoint_") && name.endsWith(".pth")) {
          return "It is one fold; name the folder above it";
        }
      }
    }
    return "Name the folder called Trainer__Plans__configuration";
  }

  /**
   * Returns the error that no fold, or not this one, holds a checkpoint of this name, with the
   * names that are there.
   *
   * @param fold name of the fold; empty for any
   * @param checkpointFile name of the file that was looked for
   */
  ModelException noCheckpoint(Optional<String> fold, String checkpointFile) throws IOException {
    Set<String> others = new TreeSet<>();
    try (Stream<Path> folds = Files.list(path)) {
      for (Path folder : folds.filter(Files::isDirectory).limit(MOST_LOOKED_AT).toList()) {
        String name = String.valueOf(folder.getFileName());
        if (FOLD.matcher(name).matches() && (fold.isEmpty() || fold.get().equals(name))) {
          for (Path file : DataFiles.list(folder)) {
            String ending = String.valueOf(file.getFileName());
            if (ending.endsWith(".pth") || ending.endsWith(".model")) {
              others.add(ending);
            }
          }
        }
      }
    }
    List<String> known = folds(checkpointFile);
    String there =
        others.isEmpty()
            ? "folds that have one: " + (known.isEmpty() ? "none" : String.join(", ", known))
            : "there is %s; name it as the checkpoint (--checkpoint %s)"
                .formatted(
                    String.join(", ", others.stream().limit(5).map(StoredZip::shown).toList()),
                    StoredZip.shown(others.iterator().next()));
    return new ModelException(
        JsonPlace.INVALID,
        "no %s in %s of %s; %s"
            .formatted(
                StoredZip.shown(checkpointFile),
                fold.map(f -> "\"" + StoredZip.shown(f) + "\"").orElse("any fold"),
                path.getFileName(),
                there));
  }

  /** Returns the names of the folds that hold this checkpoint, sorted. */
  List<String> folds(String checkpointFile) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry.resolve(checkpointFile)))
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> FOLD.matcher(name).matches())
          .sorted()
          .toList();
    }
  }

  /**
   * Opens one fold: reads the checkpoint's description, builds the network that the plans describe
   * and holds the two against each other.
   *
   * @param fold name of the folder, such as {@code fold_0}
   * @param checkpointFile name of the file, such as {@code checkpoint_final.pth}
   * @throws IOException when the checkpoint cannot be read
   * @throws ModelException as {@link CheckpointReader#read} and {@link #open}, and {@code
   *     MISSING_WEIGHTS}, {@code WRONG_WEIGHTS}, {@code UNKNOWN_WEIGHTS} when weights and plans do
   *     not fit
   */
  Fold fold(String fold, String checkpointFile) throws IOException {
    List<String> known = folds(checkpointFile);
    if (!known.contains(fold)) {
      throw noCheckpoint(Optional.of(fold), checkpointFile);
    }
    Checkpoint checkpoint = CheckpointReader.read(path.resolve(fold).resolve(checkpointFile));
    String name =
        checkpoint
            .configuration()
            .orElseThrow(
                () ->
                    new ModelException(
                        JsonPlace.INVALID,
                        "%s/%s does not say which configuration it is of"
                            .formatted(fold, checkpointFile)));
    NnUnetConfiguration configuration = plans.configuration(name);
    if (configuration.normalizations().size() != dataset.channels().size()) {
      throw new ModelException(
          JsonPlace.INVALID,
          "dataset.json names %s channels, plans.json normalises %s in %s"
              .formatted(dataset.channels().size(), configuration.normalizations().size(), name));
    }
    Network network =
        UNetBuilder.build(
            configuration.architecture(), inputs(configuration), dataset.output().channels());
    network.requireWeights(checkpoint.weights());
    refuseUnknown(network, checkpoint.weights());
    return new Fold(fold, configuration, network, checkpoint);
  }

  private int inputs(NnUnetConfiguration configuration) {
    return dataset.channels().size()
        + (configuration.previousStage().isPresent() ? dataset.output().values().size() : 0);
  }

  /** Weights that no layer uses mean another network; only coarser heads are left over. */
  private static void refuseUnknown(Network network, Weights weights) {
    Set<String> used = network.tensorNames();
    for (String name : weights.names()) {
      if (!used.contains(name) && !SEGMENTATION_HEADS.matcher(name).matches()) {
        throw new ModelException(
            "UNKNOWN_WEIGHTS",
            "the checkpoint holds \"%s\", which the network of plans.json does not have"
                .formatted(StoredZip.shown(name)));
      }
    }
  }
}
