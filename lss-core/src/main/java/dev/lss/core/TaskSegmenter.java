package dev.lss.core;

import dev.lss.api.CancellationToken;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.ProgressListener;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What is the same for every task: series are chosen and checked, memory is judged, the task runs,
 * its labels come back on the reference grid, and the result says what made it. Thread-safe.
 */
final class TaskSegmenter implements LumbarSegmenter {

  private final Task task;
  private final Networks networks;
  private final Provenance provenance;

  /** Segmentations share it, close takes it alone. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Starts open.
   *
   * @param task what is asked
   * @param networks the opened networks; they belong to the segmenter from now on
   * @param provenance what to say about models, backend, threads and precision; without inputs
   */
  TaskSegmenter(Task task, Networks networks, Provenance provenance) {
    this.task = task;
    this.networks = networks;
    this.provenance = provenance;
  }

  @Override
  public SegmentationResult segment(
      LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
    Objects.requireNonNull(study, "study");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(cancellation, "cancellation");
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the segmenter is closed");
      }
      return segment(study, new Run(progress, cancellation, task.stageShares()));
    } finally {
      lock.readLock().unlock();
    }
  }

  private SegmentationResult segment(LumbarStudy study, Run run) {
    run.overall(0);
    if (study.knownLevel().isPresent() && !task.takesKnownLevel()) {
      throw new InvalidStudyException(
          "LEVEL_UNSUPPORTED",
          "the task %s names no levels; leave the known level out".formatted(task.id()));
    }
    Segmenters.requireSpineTaken(study, task);
    ModelDescription model = networks.model();
    Case input = Case.of(study, task.needs(model), task.id());
    task.memory(model, grids(input), networks.options())
        .withRuntime(networks.workingBytes())
        .requireFits(networks.options().maxMemoryBytes());
    run.cancellation().throwIfCancelled();

    Findings found = task.run(input, networks, run);

    List<Notice> notices = new ArrayList<>(ProgramStages.notices(model));
    notices.addAll(found.notices());
    LabelVolume labels =
        run.time("resample", () -> ReferenceGrid.bring(found.labels(), input.reference(), notices));
    run.cancellation().throwIfCancelled();
    run.overall(1);
    SegmentationResult.Builder result =
        SegmentationResult.builder(task.id(), labels, found.table(), provenance(input))
            .measurements(found.measurements())
            .notices(notices)
            .timings(run.timings());
    found.segmented().ifPresent(series -> result.segmented(series.role()));
    return result.build();
  }

  private static Map<SeriesRole, GridGeometry> grids(Case input) {
    Map<SeriesRole, GridGeometry> grids = new LinkedHashMap<>();
    input.series().forEach(series -> grids.put(series.role(), series.geometry()));
    return grids;
  }

  private Provenance provenance(Case input) {
    return provenance.toBuilder()
        .inputs(input.series().stream().map(Series::source).flatMap(s -> s.stream()).toList())
        .build();
  }

  @Override
  public void close() {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException("a segmentation cannot close the segmenter that runs it");
    }
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        networks.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
