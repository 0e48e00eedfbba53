package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.api.Tasks;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.core.io.Sha256;
import dev.lss.core.model.Model;
import dev.lss.spi.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A results folder of nnU-Net v2, and for a cascade that of its first stage, as a model: each
 * configuration is a {@link Stage}, named like it, the one of the folder is the last. What a
 * results folder does not say is said so: the licence is {@code NOASSERTION}. Weights stay in the
 * checkpoints until a backend asks for them. Thread-safe.
 */
public final class NnUnetModel implements Model {

  private static final String NOT_KNOWN = "not known; the results folder does not say";

  private final ModelDescription description;
  private final Map<String, List<ModelSource>> sources;
  private final String sha256;

  /**
   * What to take from a results folder.
   *
   * @param folds names of folds, such as {@code 0}, {@code fold_0} or {@code all}; none for all
   *     numbered ones that are there, as nnU-Net finds them by itself, or {@code fold_all} when
   *     there is no other
   * @param checkpointFile name of the file in each fold, such as {@code checkpoint_best.pth}
   * @param previousStage results folder of a cascade's first stage; empty for the one beside
   * @param labelRule how the labels of a cascade's first stage are resampled where the plans ask
   *     for order 1: {@code LABEL_ARGMAX} as batchgenerators does it today, or {@code LABEL_HALF}
   *     as it did up to 0.25.3; the plans do not say
   */
  public record Choice(
      List<String> folds,
      String checkpointFile,
      Optional<Path> previousStage,
      ResamplingRule labelRule) {

    /** Name of the checkpoint that nnU-Net writes when a training ends. */
    public static final String FINAL_CHECKPOINT = "checkpoint_final.pth";

    /** All folds, the final checkpoint, the folder beside, {@code LABEL_ARGMAX}. */
    public static final Choice DEFAULT =
        new Choice(List.of(), FINAL_CHECKPOINT, Optional.empty(), ResamplingRule.LABEL_ARGMAX);

    /** Names the folds as their folders are named; refuses rules that are not for labels. */
    public Choice {
      folds = folds.stream().map(n -> n.startsWith("fold_") ? n : "fold_" + n).distinct().toList();
      if (labelRule != ResamplingRule.LABEL_ARGMAX && labelRule != ResamplingRule.LABEL_HALF) {
        throw new IllegalArgumentException(
            "the rule for labels is LABEL_ARGMAX or LABEL_HALF, was " + labelRule);
      }
    }

    /** Returns the same with these folds. */
    public Choice withFolds(List<String> names) {
      return new Choice(names, checkpointFile, previousStage, labelRule);
    }

    /** Returns the same with another file in each fold. */
    public Choice withCheckpointFile(String name) {
      return new Choice(folds, name, previousStage, labelRule);
    }

    /** Returns the same with the results folder of a cascade's first stage. */
    public Choice withPreviousStage(Path resultsFolder) {
      return new Choice(folds, checkpointFile, Optional.of(resultsFolder), labelRule);
    }

    /** Returns the same with another rule for the labels of a cascade's first stage. */
    public Choice withLabelRule(ResamplingRule rule) {
      return new Choice(folds, checkpointFile, previousStage, rule);
    }
  }

  private NnUnetModel(
      ModelDescription description, Map<String, List<ModelSource>> sources, String sha256) {
    this.description = description;
    this.sources = Map.copyOf(sources);
    this.sha256 = sha256;
  }

  /** Returns whether a path is a folder with a {@code plans.json}. */
  public static boolean isResultsFolder(Path path) {
    return Files.isRegularFile(path.resolve(NnUnetFolder.PLANS));
  }

  /** Reads a results folder with {@link Choice#DEFAULT}. */
  public static NnUnetModel read(Path resultsFolder) throws IOException {
    return read(resultsFolder, Choice.DEFAULT);
  }

  /**
   * Reads a results folder and, for a cascade, that of its first stage, of which all folds are
   * taken.
   *
   * @throws IOException when a file cannot be read
   * @throws ModelException {@code NNUNET_FOLDER} when a folder is none or damaged, when folds do
   *     not fit together or the first stage is of another configuration; {@code NNUNET_UNSUPPORTED}
   *     when it asks for what LSS does not know; {@code PREVIOUS_STAGE_MISSING}; {@code
   *     BAD_CHECKPOINT} and {@code CHECKPOINT_NOT_ALLOWED}; {@code MISSING_WEIGHTS}, {@code
   *     WRONG_WEIGHTS} and {@code UNKNOWN_WEIGHTS} when weights and plans do not fit
   */
  public static NnUnetModel read(Path resultsFolder, Choice choice) throws IOException {
    NnUnetTraining last = NnUnetTraining.read(resultsFolder, choice);
    List<NnUnetTraining> inOrder = new ArrayList<>(List.of(last));
    Optional<Path> given = choice.previousStage();
    while (inOrder.get(0).configuration().previousStage().isPresent()) {
      NnUnetTraining next = inOrder.get(0);
      String wanted = next.configuration().previousStage().get();
      Path path = given.isPresent() ? given.get() : next.folderBeside(wanted);
      given = Optional.empty();
      NnUnetTraining previous = NnUnetTraining.read(path, choice.withFolds(List.of()));
      requireStage(previous, wanted, inOrder);
      inOrder.add(0, previous);
    }
    StringBuilder hashes = new StringBuilder(last.hashes(""));
    for (NnUnetTraining earlier : inOrder.subList(0, inOrder.size() - 1)) {
      hashes.append(earlier.hashes(earlier.configuration().name() + "/"));
    }
    return new NnUnetModel(
        describe(last, inOrder.stream().map(NnUnetTraining::stage).toList()),
        inOrder.stream()
            .collect(Collectors.toMap(t -> t.configuration().name(), NnUnetTraining::sources)),
        Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void requireStage(
      NnUnetTraining previous, String wanted, List<NnUnetTraining> later) {
    String follower = later.get(0).configuration().name();
    String found = previous.configuration().name();
    if (!found.equals(wanted)) {
      throw new ModelException(
          JsonPlace.INVALID,
          "%s follows the configuration %s, %s is of %s"
              .formatted(follower, wanted, previous.folder().path().getFileName(), found));
    }
    Set<String> names =
        later.stream().map(t -> t.configuration().name()).collect(Collectors.toSet());
    if (names.contains(found)) {
      throw new ModelException(
          JsonPlace.INVALID,
          "the stages %s and %s follow each other in a circle".formatted(found, follower));
    }
  }

  private static ModelDescription describe(NnUnetTraining last, List<Stage> stages) {
    String dataset = last.datasetName();
    String configuration = last.configuration().name();
    return ModelDescription.builder(
            dataset + "/" + configuration,
            last.trainer().orElse("unknown"),
            Tasks.SEGMENT,
            "NOASSERTION")
        .title("%s, %s, %s fold(s)".formatted(dataset, configuration, last.folds().size()))
        .intendedUse(NOT_KNOWN)
        .trainingData(NOT_KNOWN)
        .stages(stages)
        .build();
  }

  @Override
  public ModelDescription description() {
    return description;
  }

  /**
   * Returns the hash of the lines {@code <SHA-256> <file>} for plans.json, dataset.json and the
   * checkpoints that were read; those of earlier stages follow, with the name of the configuration
   * before the file's.
   */
  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public List<ModelSource> sources(Stage stage) {
    List<ModelSource> found = sources.get(stage.name());
    if (found == null) {
      throw new IllegalArgumentException(
          "%s has no stage %s; known: %s".formatted(description, stage.name(), sources.keySet()));
    }
    return found;
  }

  @Override
  public String toString() {
    return description.toString();
  }
}
