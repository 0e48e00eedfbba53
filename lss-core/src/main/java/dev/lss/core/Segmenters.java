package dev.lss.core;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SourceRef;
import dev.lss.api.image.LabelVolume;
import dev.lss.core.io.LssVersion;
import dev.lss.core.model.Model;
import dev.lss.core.nnunet.NnUnetModel;
import dev.lss.core.stage.Run;
import dev.lss.core.task.Case;
import dev.lss.core.task.Findings;
import dev.lss.core.task.Task;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Where an application starts. Without any choice: the bundled model of a task, the first available
 * backend, all processors.
 *
 * <pre>{@code
 * try (LumbarSegmenter segmenter = Segmenters.forTask(Tasks.CT_VERTEBRAE).build()) {
 *   SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(volume));
 * }
 * }</pre>
 */
public final class Segmenters {

  private Segmenters() {}

  /** Returns a builder for a task with its bundled model, both found when it is built. */
  public static SegmenterBuilder forTask(String task) {
    return new SegmenterBuilder(task, Optional.empty());
  }

  /** Returns a builder for a model, for the task that the model names. */
  public static SegmenterBuilder forModel(Model model) {
    return new SegmenterBuilder(model.description().task(), Optional.of(model));
  }

  /** Returns a builder for a task that the application made itself, with a model. */
  public static SegmenterBuilder forTask(Task task, Model model) {
    return new SegmenterBuilder(task, model);
  }

  /**
   * Returns a builder for a results folder of nnU-Net v2, {@code Trainer__Plans__configuration},
   * which runs as it is: all folds, {@code checkpoint_final.pth}. For others read the model with
   * {@link NnUnetModel#read(Path, NnUnetModel.Choice)}.
   *
   * @throws IOException when a file cannot be read
   * @throws dev.lss.api.ModelException as {@link NnUnetModel#read(Path, NnUnetModel.Choice)}
   */
  public static SegmenterBuilder forNnUnet(Path resultsFolder) throws IOException {
    return forModel(NnUnetModel.read(resultsFolder));
  }

  /**
   * Measures labels that exist already, as the task measures its own; no network runs.
   *
   * @param task the task
   * @param study the images
   * @param labels labels on the grid of the series that the task measures, {@link Case#chosen};
   *     values that the task does not know are listed in the notice {@code LABELS_NOT_MEASURED}
   * @param labelSource content hash of where the labels came from
   * @throws dev.lss.api.InvalidStudyException {@code MEASURE_UNSUPPORTED} when the task measures
   *     nothing, {@code GRID_MISMATCH} when image and labels do not lie on one grid, or when the
   *     study does not fit the task
   */
  public static SegmentationResult measure(
      Task task, LumbarStudy study, LabelVolume labels, Optional<SourceRef> labelSource) {
    requireSpineTaken(study, task);
    Case input = Case.of(study, task.measureNeeds(), task.id());
    if (!input.series().isEmpty()) {
      Case.requireOn(labels, input.chosen());
    }
    Run run = Run.unattended();
    Findings found = task.measure(input, labels, run);
    List<Notice> notices = new ArrayList<>(found.notices());
    notices.addAll(unknown(found, task));
    List<SourceRef> sources = new ArrayList<>();
    input.series().stream().map(Series::source).forEach(source -> source.ifPresent(sources::add));
    labelSource.ifPresent(sources::add);
    Provenance provenance = Provenance.builder(LssVersion.get()).inputs(sources).build();
    SegmentationResult.Builder result =
        SegmentationResult.builder(task.id(), found.labels(), found.table(), provenance)
            .measurements(found.measurements())
            .notices(notices)
            .timings(run.timings());
    found.segmented().ifPresent(series -> result.segmented(series.role()));
    return result.build();
  }

  /** Refuses labels of the spine for a task that measures at no levels. */
  static void requireSpineTaken(LumbarStudy study, Task task) {
    if (study.spine().isPresent() && !task.takesSpine()) {
      throw new InvalidStudyException(
          "LEVEL_UNSUPPORTED",
          "the task %s measures at no levels; leave the labels of the spine out"
              .formatted(task.id()));
    }
  }

  private static List<Notice> unknown(Findings found, Task task) {
    BitSet present = new BitSet();
    for (short label : VoxelArrays.labels(found.labels())) {
      present.set(Short.toUnsignedInt(label));
    }
    present.clear(0);
    BitSet others = (BitSet) present.clone();
    found.table().entries().forEach(entry -> others.clear(entry.value()));
    List<Notice> notices = new ArrayList<>();
    if (!others.isEmpty()) {
      notices.add(
          new Notice(
              "LABELS_NOT_MEASURED",
              "labels %s are no structures of %s and were left out"
                  .formatted(others.stream().boxed().toList(), task.id())));
    }
    boolean said =
        found.notices().stream().anyMatch(notice -> notice.code().equals("NOTHING_FOUND"));
    if (!said && others.equals(present) && found.measurements().isEmpty()) {
      notices.add(
          new Notice("NOTHING_FOUND", "the label map holds none of the labels of " + task.id()));
    }
    return notices;
  }
}
