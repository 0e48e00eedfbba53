package dev.lss.api.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model as it describes itself. Immutable. */
public final class ModelDescription {

  private final String id;
  private final String version;
  private final String task;
  private final String license;
  private final String title;
  private final String intendedUse;
  private final String trainingData;
  private final List<Stage> stages;

  private ModelDescription(Builder b) {
    id = b.id;
    version = b.version;
    task = b.task;
    license = b.license;
    title = b.title;
    intendedUse = b.intendedUse;
    trainingData = b.trainingData;
    stages = b.stages;
    if (id.isBlank() || version.isBlank() || license.isBlank() || task.isBlank()) {
      throw new IllegalArgumentException("a model has an id, a version, a licence and a task");
    }
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one stage");
    }
    for (int n = 0; n < stages.size(); n++) {
      Stage stage = stages.get(n);
      List<String> before = stages.subList(0, n).stream().map(Stage::name).toList();
      if (before.contains(stage.name())) {
        throw new IllegalArgumentException("two stages are named " + stage.name());
      }
      if (stage.previousStage().isPresent() && !before.contains(stage.previousStage().get())) {
        throw new IllegalArgumentException(
            "stage %s needs the stage \"%s\" before it"
                .formatted(stage.name(), stage.previousStage().get()));
      }
    }
  }

  /**
   * Starts a description.
   *
   * @param id stable id, such as {@code ct-vertebrae}
   * @param version version of the weights
   * @param task id of the task that it serves, such as {@code ct-vertebrae}
   * @param license SPDX expression of the weights' licence
   */
  public static Builder builder(String id, String version, String task, String license) {
    return new Builder(id, version, task, license);
  }

  /** Returns the stable id, such as {@code ct-vertebrae}. */
  public String id() {
    return id;
  }

  /** Returns the version of the weights. */
  public String version() {
    return version;
  }

  /** Returns one line for people. */
  public String title() {
    return title;
  }

  /** Returns the SPDX expression of the weights' licence. */
  public String license() {
    return license;
  }

  /** Returns what the model is for and what it is not. */
  public String intendedUse() {
    return intendedUse;
  }

  /** Returns what the model was trained on. */
  public String trainingData() {
    return trainingData;
  }

  /** Returns the id of the task that the model serves. */
  public String task() {
    return task;
  }

  /** Returns the networks in the order in which they run; at least one, of different names. */
  public List<Stage> stages() {
    return stages;
  }

  /** Returns the last stage, which gives what the model is for. */
  public Stage lastStage() {
    return stages.get(stages.size() - 1);
  }

  /** Returns the first stage with this role, or empty. */
  public Optional<Stage> stage(Stage.Role role) {
    return stages.stream().filter(s -> s.role() == role).findFirst();
  }

  /** Returns the formats of the files that are not described layer by layer. */
  public Set<ModelFormat> formats() {
    return stages.stream()
        .map(Stage::network)
        .filter(StageNetwork.Opaque.class::isInstance)
        .map(network -> ((StageNetwork.Opaque) network).format())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return id + " " + version;
  }

  /** Collects the parts of a description. Not thread-safe. */
  public static final class Builder {

    private final String id;
    private final String version;
    private final String task;
    private final String license;
    private String title = "";
    private String intendedUse = "";
    private String trainingData = "";
    private List<Stage> stages = List.of();

    private Builder(String id, String version, String task, String license) {
      this.id = Objects.requireNonNull(id, "id");
      this.version = Objects.requireNonNull(version, "version");
      this.task = Objects.requireNonNull(task, "task");
      this.license = Objects.requireNonNull(license, "license");
    }

    /** Sets one line for people. */
    public Builder title(String line) {
      title = Objects.requireNonNull(line, "title");
      return this;
    }

    /** Sets what the model is for and what it is not. */
    public Builder intendedUse(String text) {
      intendedUse = Objects.requireNonNull(text, "intendedUse");
      return this;
    }

    /** Sets what the model was trained on. */
    public Builder trainingData(String text) {
      trainingData = Objects.requireNonNull(text, "trainingData");
      return this;
    }

    /** Sets the networks in the order in which they run. */
    public Builder stages(List<Stage> inOrder) {
      stages = List.copyOf(inOrder);
      return this;
    }

    /**
     * Returns the description.
     *
     * @throws IllegalArgumentException when id, version, task, licence or stages are missing, two
     *     stages have one name, or a stage needs one that is not before it
     */
    public ModelDescription build() {
      return new ModelDescription(this);
    }
  }
}
