package dev.lss.api;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.LabelVolume;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The outcome of one segmentation. Immutable. */
public final class SegmentationResult {

  private final String task;
  private final LabelVolume labels;
  private final LabelTable labelTable;
  private final Measurements measurements;
  private final List<Notice> notices;
  private final Provenance provenance;
  private final List<StageTiming> timings;
  private final Optional<SeriesRole> segmented;

  private SegmentationResult(Builder b) {
    task = b.task;
    labels = b.labels;
    labelTable = b.labelTable;
    measurements = b.measurements;
    notices = b.notices;
    provenance = b.provenance;
    timings = b.timings;
    segmented = b.segmented;
  }

  /**
   * Starts a result without measurements, notices and timings.
   *
   * @param task id of the task that ran, such as {@link Tasks#CT_VERTEBRAE}
   * @param labels one label per voxel on the reference series' own grid
   * @param labelTable what the label values stand for
   * @param provenance what made the result
   */
  public static Builder builder(
      String task, LabelVolume labels, LabelTable labelTable, Provenance provenance) {
    return new Builder(task, labels, labelTable, provenance);
  }

  /** Returns a builder that holds everything of this result. */
  public Builder toBuilder() {
    Builder builder =
        new Builder(task, labels, labelTable, provenance)
            .measurements(measurements)
            .notices(notices)
            .timings(timings);
    builder.segmented = segmented;
    return builder;
  }

  /** Returns the id of the task that ran, such as {@link Tasks#CT_VERTEBRAE}. */
  public String task() {
    return task;
  }

  /**
   * Returns one label per voxel on the reference series' own grid; all background when nothing was
   * found.
   */
  public LabelVolume labels() {
    return labels;
  }

  /**
   * Returns what the label values stand for; lists every label that the task can give, found or
   * not.
   */
  public LabelTable labelTable() {
    return labelTable;
  }

  /** Returns what was measured. */
  public Measurements measurements() {
    return measurements;
  }

  /** Returns what is doubtful, in the order in which it was noticed; empty when nothing is. */
  public List<Notice> notices() {
    return notices;
  }

  /** Returns what made the result. */
  public Provenance provenance() {
    return provenance;
  }

  /** Returns the wall time of each stage, in the order of the flow. */
  public List<StageTiming> timings() {
    return timings;
  }

  /**
   * Returns which series was segmented, or whose labels were measured, where the task could have
   * taken another; empty for tasks that take a fixed one.
   */
  public Optional<SeriesRole> segmented() {
    return segmented;
  }

  /** Returns whether a notice with this code was given. */
  public boolean hasNotice(String code) {
    return notices.stream().anyMatch(n -> n.code().equals(code));
  }

  /** Returns whether any structure was found. */
  public boolean foundAnything() {
    return !labels.isBackground();
  }

  /** Collects the parts of a result. Not thread-safe. */
  public static final class Builder {

    private final String task;
    private final LabelVolume labels;
    private final LabelTable labelTable;
    private final Provenance provenance;
    private Measurements measurements = Measurements.NONE;
    private List<Notice> notices = List.of();
    private List<StageTiming> timings = List.of();
    private Optional<SeriesRole> segmented = Optional.empty();

    private Builder(String task, LabelVolume labels, LabelTable table, Provenance provenance) {
      this.task = Objects.requireNonNull(task, "task");
      this.labels = Objects.requireNonNull(labels, "labels");
      this.labelTable = Objects.requireNonNull(table, "labelTable");
      this.provenance = Objects.requireNonNull(provenance, "provenance");
    }

    /** Sets what was measured. */
    public Builder measurements(Measurements measured) {
      measurements = Objects.requireNonNull(measured, "measurements");
      return this;
    }

    /** Sets what is doubtful. */
    public Builder notices(List<Notice> inOrder) {
      notices = List.copyOf(inOrder);
      return this;
    }

    /** Sets the wall time of each stage. */
    public Builder timings(List<StageTiming> inOrder) {
      timings = List.copyOf(inOrder);
      return this;
    }

    /** Says which series was segmented, where the task could have taken another. */
    public Builder segmented(SeriesRole role) {
      segmented = Optional.of(role);
      return this;
    }

    /** Returns the result. */
    public SegmentationResult build() {
      return new SegmentationResult(this);
    }
  }
}
