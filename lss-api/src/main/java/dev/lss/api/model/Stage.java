package dev.lss.api.model;

import static java.util.Objects.requireNonNull;

import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.network.Signature;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One network of a model with everything that must be done around it: reorient, crop, normalise,
 * resample onto the {@link StageGrid}, move the {@link StageWindow} over it, and read its {@link
 * StageOutput}. Numbers per axis are in tensor order, slowest axis first. Immutable.
 */
public final class Stage {

  /** What a stage does in its task. */
  public enum Role {
    /** Finds the region of interest on a coarse grid. */
    LOCALIZER,
    /** Segments the structures. */
    SEGMENTER
  }

  private final Role role;
  private final String name;
  private final StageNetwork network;
  private final List<InputChannel> inputs;
  private final Optional<AnatomicalCode> orientation;
  private final List<Integer> transpose;
  private final boolean cropsToNonZero;
  private final StageGrid grid;
  private final StageWindow window;
  private final StageOutput output;
  private final Optional<String> previousStage;
  private final Optional<String> trainer;

  private Stage(Builder b) {
    role = b.role;
    name = b.name;
    network = requireNonNull(b.network, "network");
    inputs = List.copyOf(b.inputs);
    orientation = b.orientation;
    transpose = List.copyOf(b.transpose);
    cropsToNonZero = b.cropsToNonZero;
    grid = requireNonNull(b.grid, "grid");
    window = requireNonNull(b.window, "window");
    output = requireNonNull(b.output, "output");
    previousStage = b.previousStage;
    trainer = b.trainer;
    checkGridAndWindow();
    checkChannels();
  }

  private void checkGridAndWindow() {
    Signature signature = network.signature();
    int rank = signature.spatialRank();
    if (!Set.copyOf(transpose).equals(Set.of(0, 1, 2)) || transpose.size() != 3) {
      throw wrong("transpose must be 0, 1 and 2 in some order, was " + transpose);
    }
    if (window.patchSize().size() != rank) {
      throw wrong(
          "patchSize must be %s positive numbers, was %s".formatted(rank, window.patchSize()));
    }
    List<Integer> multiples = signature.sizeMultiples();
    for (int axis = 0; axis < rank; axis++) {
      if (window.patchSize().get(axis) % multiples.get(axis) != 0) {
        throw wrong(
            "patch sizes must be multiples of %s, were %s"
                .formatted(multiples, window.patchSize()));
      }
    }
    if (grid instanceof StageGrid.Spacing spacing && spacing.spacingMm().size() < rank) {
      throw wrong("a 3-D network needs 3 spacings, has " + spacing.spacingMm());
    }
    boolean longerSide = grid instanceof StageGrid.LongerSide;
    if (longerSide != (window instanceof StageWindow.Whole) || (longerSide && rank != 2)) {
      throw wrong("a grid by the longer side and a whole window belong together, and are 2-D");
    }
    boolean pointed = output instanceof StageOutput.PointedObject;
    if (pointed != (window instanceof StageWindow.AroundPoint)) {
      throw wrong("a pointed object and a window around a point belong together");
    }
    boolean cascade = grid instanceof StageGrid.Spacing mm && mm.previousLabels().isPresent();
    if (cascade != previousStage.isPresent()) {
      throw wrong("the labels of an earlier stage need that stage and a rule to resample them");
    }
  }

  private void checkChannels() {
    if (inputs.isEmpty()) {
      throw wrong("a stage needs at least one input");
    }
    Set<SeriesRole> roles = new HashSet<>();
    for (InputChannel input : inputs) {
      if (!roles.add(input.role())) {
        throw wrong("two inputs have the role " + input.role());
      }
    }
    Signature signature = network.signature();
    int made =
        inputs.size()
            + (window instanceof StageWindow.AroundPoint ? 1 : 0)
            + (previousStage.isPresent() ? output.values().size() : 0);
    if (made != signature.inputChannels()) {
      throw wrong(
          "the network takes %s channels, the stage makes %s"
              .formatted(signature.inputChannels(), made));
    }
    if (output.channels() != signature.outputChannels()) {
      throw wrong(
          "the network gives %s channels, the output has %s"
              .formatted(signature.outputChannels(), output.channels()));
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("stage " + name + ": " + what);
  }

  /**
   * Starts a stage: images are taken as stored, not transposed and not cropped; grid, window and
   * output must be given.
   *
   * @param role what it does
   * @param name its name, unique in the model
   * @param network the network and its files
   */
  public static Builder builder(Role role, String name, StageNetwork network) {
    return new Builder(role, name, network);
  }

  /** Returns a builder that holds everything of this stage. */
  public Builder toBuilder() {
    Builder b = new Builder(role, name, network).inputs(inputs).grid(grid).window(window);
    b.output(output).transpose(transpose).cropsToNonZero(cropsToNonZero);
    b.orientation = orientation;
    b.previousStage = previousStage;
    b.trainer = trainer;
    return b;
  }

  /** Returns what the stage does in the task. */
  public Role role() {
    return role;
  }

  /** Returns the name, unique in the model. */
  public String name() {
    return name;
  }

  /** Returns the network and its files. */
  public StageNetwork network() {
    return network;
  }

  /** Returns what the network takes and gives. */
  public Signature signature() {
    return network.signature();
  }

  /**
   * Returns the image channels, in order; behind them come the labels of the earlier stage, one
   * channel for each label but background, or the Gaussian prior.
   */
  public List<InputChannel> inputs() {
    return inputs;
  }

  /** Returns the roles of the image channels, in order. */
  public List<SeriesRole> roles() {
    return inputs.stream().map(InputChannel::role).toList();
  }

  /** Returns the orientation that images are brought to first; empty means as stored. */
  public Optional<AnatomicalCode> orientation() {
    return orientation;
  }

  /** Returns which axis of the array (0 = k) becomes each axis of the tensor. */
  public List<Integer> transpose() {
    return transpose;
  }

  /**
   * Returns whether images are cropped first to the box of what is not zero in any channel, holes
   * filled, as nnU-Net does.
   */
  public boolean cropsToNonZero() {
    return cropsToNonZero;
  }

  /** Returns the grid of the network. */
  public StageGrid grid() {
    return grid;
  }

  /** Returns what part of an image the network sees at a time. */
  public StageWindow window() {
    return window;
  }

  /** Returns what the output channels mean. */
  public StageOutput output() {
    return output;
  }

  /** Returns the stage whose labels this one takes as further channels (cascade), or empty. */
  public Optional<String> previousStage() {
    return previousStage;
  }

  /** Returns the name of nnU-Net's trainer class, for people; empty when it is not known. */
  public Optional<String> trainer() {
    return trainer;
  }

  @Override
  @SuppressWarnings("exports") // a module that reads this one need not know the annotation
  public boolean equals(@Nullable Object other) {
    return other instanceof Stage that && fields().equals(that.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return "stage " + name + " " + fields();
  }

  private List<Object> fields() {
    return List.of(
        role,
        name,
        network,
        inputs,
        orientation,
        transpose,
        cropsToNonZero,
        grid,
        window,
        output,
        previousStage,
        trainer);
  }

  /** Collects the parts of a stage. Not thread-safe. */
  public static final class Builder {

    private final Role role;
    private final String name;
    private final StageNetwork network;
    private List<InputChannel> inputs = List.of();
    private Optional<AnatomicalCode> orientation = Optional.empty();
    private List<Integer> transpose = List.of(0, 1, 2);
    private boolean cropsToNonZero;
    private @Nullable StageGrid grid;
    private @Nullable StageWindow window;
    private @Nullable StageOutput output;
    private Optional<String> previousStage = Optional.empty();
    private Optional<String> trainer = Optional.empty();

    private Builder(Role role, String name, StageNetwork network) {
      this.role = Objects.requireNonNull(role, "role");
      this.name = Objects.requireNonNull(name, "name");
      this.network = Objects.requireNonNull(network, "network");
    }

    /** Sets the image channels, in order; at least one, no role twice. */
    public Builder inputs(List<InputChannel> channels) {
      inputs = List.copyOf(channels);
      return this;
    }

    /** Sets the orientation that images are brought to first. */
    public Builder orientation(AnatomicalCode code) {
      orientation = Optional.of(code);
      return this;
    }

    /** Sets which axis of the array (0 = k) becomes each axis of the tensor. */
    public Builder transpose(List<Integer> axes) {
      transpose = List.copyOf(axes);
      return this;
    }

    /** Sets whether images are cropped first to what is not zero. */
    public Builder cropsToNonZero(boolean crops) {
      cropsToNonZero = crops;
      return this;
    }

    /** Sets the grid of the network. */
    public Builder grid(StageGrid value) {
      grid = value;
      return this;
    }

    /** Sets what part of an image the network sees at a time. */
    public Builder window(StageWindow value) {
      window = value;
      return this;
    }

    /** Sets what the output channels mean. */
    public Builder output(StageOutput value) {
      output = value;
      return this;
    }

    /** Sets the stage whose labels are further channels; the grid says how they reach it. */
    public Builder previousStage(String stageName) {
      previousStage = Optional.of(stageName);
      return this;
    }

    /** Sets the name of nnU-Net's trainer class. */
    public Builder trainer(String className) {
      trainer = Optional.of(className);
      return this;
    }

    /**
     * Returns the stage.
     *
     * @throws IllegalArgumentException when its parts do not fit together
     * @throws NullPointerException naming the part that is missing
     */
    public Stage build() {
      return new Stage(this);
    }
  }
}
