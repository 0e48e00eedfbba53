package dev.lss.core.task;

import dev.lss.api.Measurement;
import dev.lss.api.Measurements;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.LabelVolume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a task found in one case. Immutable. */
public final class Findings {

  private final LabelVolume labels;
  private final LabelTable table;
  private final Measurements measurements;
  private final List<Notice> notices;
  private final Optional<Series> segmented;

  private Findings(LabelVolume labels, Builder b) {
    this.labels = labels;
    table = b.table;
    measurements = b.measurements;
    notices = List.copyOf(b.notices);
    segmented = b.segmented;
  }

  /**
   * Starts without labels.
   *
   * @param table what the label values stand for: every label that the task can give
   */
  public static Builder builder(LabelTable table) {
    return new Builder(table);
  }

  /**
   * Returns the labels, on the grid of one of the series or of a box of it; what lies outside is
   * background.
   */
  public LabelVolume labels() {
    return labels;
  }

  /** Returns what the label values stand for. */
  public LabelTable table() {
    return table;
  }

  /** Returns what was measured. */
  public Measurements measurements() {
    return measurements;
  }

  /** Returns what is doubtful, in the order in which it was noticed. */
  public List<Notice> notices() {
    return notices;
  }

  /** Returns the series that was segmented, where the task could have taken another. */
  public Optional<Series> segmented() {
    return segmented;
  }

  /** Collects what is found. Not thread-safe. */
  public static final class Builder {

    private final LabelTable table;
    private final List<Notice> notices = new ArrayList<>();
    private @Nullable LabelVolume labels;
    private Measurements measurements = Measurements.NONE;
    private Optional<Series> segmented = Optional.empty();

    private Builder(LabelTable table) {
      this.table = Objects.requireNonNull(table, "table");
    }

    /** Sets the labels. */
    public Builder labels(LabelVolume found) {
      labels = found;
      return this;
    }

    /** Says which series was segmented, where the task could have taken another. */
    public Builder segmented(Series series) {
      segmented = Optional.of(series);
      return this;
    }

    /** Sets what was measured. */
    public Builder measurements(Collection<? extends Measurement> measured) {
      measurements = Measurements.copyOf(measured);
      return this;
    }

    /** Adds something doubtful. */
    public Builder notice(Notice notice) {
      notices.add(notice);
      return this;
    }

    /** Adds what is doubtful, in order. */
    public Builder notices(Collection<Notice> inOrder) {
      notices.addAll(inOrder);
      return this;
    }

    /**
     * Returns the findings.
     *
     * @throws NullPointerException without labels
     */
    public Findings build() {
      return new Findings(Objects.requireNonNull(labels, "labels"), this);
    }
  }
}
