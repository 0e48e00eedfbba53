package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
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
public record NnUnetFolder(Path path, NnUnetPlans plans, NnUnetDataset dataset) {

  private static final int MOST_LOOKED_AT = 1000;
  private static final Pattern FOLD = Pattern.compile("fold_(\\d{1,3}|all)");
  private static final Pattern SEGMENTATION_HEADS =
      Pattern.compile("decoder\\.seg_layers\\.\\d+\\.(weight|bias)");

  /**
   * One trained network of the folder.
   *
   * @param configuration the configuration that it was trained with
   * @param network its layers
   * @param checkpoint its weights, of which every one that the layers need is there
   */
  public record Fold(NnUnetConfiguration configuration, Network network, Checkpoint checkpoint) {}

  /**
   * Reads plans.json and dataset.json; no checkpoint yet.
   *
   * @throws IOException when a file cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} when it is no results folder or damaged, {@code
   *     NNUNET_UNSUPPORTED} when it names something that LSS does not know
   */
  public static NnUnetFolder open(Path path) throws IOException {
    for (String file : List.of("plans.json", "dataset.json")) {
      if (!Files.isRegularFile(path.resolve(file))) {
        throw new ModelException(
            JsonPlace.INVALID,
            "%s is no results folder of nnU-Net v2: it has no %s. %s"
                .formatted(path.getFileName(), file, advice(path)));
      }
    }
    return new NnUnetFolder(
        path,
        NnUnetPlans.read(path.resolve("plans.json")),
        NnUnetDataset.read(path.resolve("dataset.json")));
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
  public ModelException noCheckpoint(Optional<String> fold, String checkpointFile)
      throws IOException {
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

  /** Returns the folder name of a fold as people write it: {@code 0} is {@code fold_0}. */
  public static String foldName(String fold) {
    return fold.startsWith("fold_") ? fold : "fold_" + fold;
  }

  /** Returns the names of the folds that hold this checkpoint, sorted. */
  public List<String> folds(String checkpointFile) throws IOException {
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
  public Fold fold(String fold, String checkpointFile) throws IOException {
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
    if (configuration.normalizations().size() != dataset.channelNames().size()) {
      throw new ModelException(
          JsonPlace.INVALID,
          "dataset.json names %d channels, plans.json normalises %d in %s"
              .formatted(
                  dataset.channelNames().size(), configuration.normalizations().size(), name));
    }
    int rank = configuration.patchSize().size();
    if (checkpoint.mirrorAxes().stream().anyMatch(axis -> axis >= rank)) {
      throw new ModelException(
          JsonPlace.INVALID,
          "%s/%s mirrors over the axes %s, its configuration %s has %d"
              .formatted(fold, checkpointFile, checkpoint.mirrorAxes(), name, rank));
    }
    Network network =
        UNetBuilder.build(plans.architecture(name), inputs(configuration), dataset.heads());
    network.requireWeights(checkpoint.weights());
    refuseUnknown(network, checkpoint.weights());
    return new Fold(configuration, network, checkpoint);
  }

  /**
   * Returns the folder of the stage that a cascade needs first: {@code Trainer__Plans__previous}
   * beside this one; empty when the configuration needs none.
   *
   * @throws ModelException {@code PREVIOUS_STAGE_MISSING} when it is not there
   */
  public Optional<Path> previousStage(Fold fold) {
    Optional<String> previous = fold.configuration().previousStage();
    if (previous.isEmpty()) {
      return Optional.empty();
    }
    String own = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    String ending = "__" + fold.configuration().name();
    if (own.endsWith(ending)) {
      String name = own.substring(0, own.length() - ending.length()) + "__" + previous.get();
      Path folder = path.toAbsolutePath().normalize().resolveSibling(name);
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
    }
    throw new ModelException(
        "PREVIOUS_STAGE_MISSING",
        ("%s is the second stage of a cascade and needs the folder of %s beside it, named like it"
                + " but for the last part")
            .formatted(fold.configuration().name(), previous.get()));
  }

  private int inputs(NnUnetConfiguration configuration) {
    return dataset.channelNames().size()
        + (configuration.previousStage().isPresent() ? dataset.foreground().size() : 0);
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
