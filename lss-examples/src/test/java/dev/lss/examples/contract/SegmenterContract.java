package dev.lss.examples.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LssException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ModelException;
import dev.lss.api.Notice;
import dev.lss.api.ProgressListener;
import dev.lss.api.Provenance;
import dev.lss.api.ResourceException;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SourceRef;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.model.Model;
import dev.lss.core.task.Task;
import dev.lss.core.task.TaskCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the segmenter of every task does, with its real model and a real runtime. A task's own test
 * extends this and supplies the model and an image in which something is found.
 */
@Timeout(300)
abstract class SegmenterContract {

  private static final SourceRef SOURCE = new SourceRef("5e".repeat(32));

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Returns the task's id. */
  abstract String taskId();

  /** Returns the model; it may be written into the folder. */
  abstract Model model(Path empty) throws IOException;

  /** Returns an image in which the model finds something. */
  abstract Series image();

  /** Returns a grid over the same place with other voxels, for which labels must be resampled. */
  abstract GridGeometry otherGrid();

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
  }

  private Task task() {
    return TaskCatalog.discover(SegmenterContract.class.getClassLoader()).byId(taskId());
  }

  private LumbarSegmenter open(RuntimeOptions.Builder options) throws IOException {
    return open(model(folder.resolve("model")), options);
  }

  private LumbarSegmenter open(Model model, RuntimeOptions.Builder options) throws IOException {
    return Segmenters.forTask(task(), model).options(options.build()).build();
  }

  private LumbarSegmenter open() throws IOException {
    return open(threads(2));
  }

  private LumbarStudy study() {
    return LumbarStudy.of(image().withSource(SOURCE));
  }

  @Test
  void labels_lie_on_the_voxels_of_the_image_and_something_is_found() throws IOException {
    LumbarStudy study = study();
    try (LumbarSegmenter segmenter = open()) {
      SegmentationResult result = segmenter.segment(study);

      assertThat(result.task()).isEqualTo(taskId());
      assertThat(result.labels().geometry()).isEqualTo(study.reference().geometry());
      assertThat(result.foundAnything()).isTrue();
      assertThat(result.timings()).isNotEmpty();
    }
  }

  @Test
  void
      labels_come_back_on_the_grid_of_another_reference_and_a_notice_says_that_they_were_resampled()
          throws IOException {
    GridGeometry grid = otherGrid();
    Series reference =
        Series.of(new SeriesRole("OTHER"), Volume.wrap(grid, new float[grid.extents().voxels()]));
    Series image = image();
    try (LumbarSegmenter segmenter = open()) {
      SegmentationResult result =
          segmenter.segment(LumbarStudy.of(image, reference).withReference(reference));

      assertThat(result.labels().geometry()).isEqualTo(grid);
      assertThat(result.foundAnything()).isTrue();
      assertThat(result.hasNotice("LABELS_RESAMPLED")).isTrue();
    }
  }

  @Test
  void the_result_says_what_made_it() throws IOException {
    Model model = model(folder.resolve("model"));
    try (LumbarSegmenter segmenter = open(model, threads(2))) {
      Provenance provenance = segmenter.segment(study()).provenance();

      assertThat(provenance.library()).isNotBlank();
      assertThat(provenance.models())
          .containsExactly(
              new Provenance.ModelRef(
                  model.description().id(), model.description().version(), model.sha256()));
      assertThat(provenance.backend())
          .hasValueSatisfying(
              ran -> {
                assertThat(ran.id()).isEqualTo("onnx");
                assertThat(ran.version()).isNotBlank();
                assertThat(ran.device()).isEqualTo("cpu");
              });
      assertThat(provenance.threads()).isEqualTo(2);
      assertThat(provenance.precision()).isEqualTo("fp32");
      assertThat(provenance.inputs()).containsExactly(SOURCE);
    }
  }

  @Test
  void an_image_that_needs_more_memory_than_allowed_is_refused_with_numbers() throws IOException {
    try (LumbarSegmenter segmenter = open(RuntimeOptions.builder().maxMemoryBytes(1000))) {
      assertThatThrownBy(() -> segmenter.segment(study()))
          .isInstanceOf(ResourceException.class)
          .hasMessageMatching(
              "the segmentation needs about \\d+ MiB: \\d+ of heap, \\d+ of direct memory,"
                  + " [1-9]\\d* of the runtime and \\d+ that the process holds beside; allowed are"
                  + " 0 MiB;.*")
          .extracting(e -> ((LssException) e).code())
          .isEqualTo("TOO_LARGE");
    }
  }

  @Test
  void a_segmentation_that_is_cancelled_on_its_way_ends_within_a_second() throws Exception {
    CancellationToken token = new CancellationToken();
    CountDownLatch onItsWay = new CountDownLatch(1);
    try (LumbarSegmenter segmenter = open()) {
      Future<SegmentationResult> running =
          threads.submit(
              () -> segmenter.segment(study(), (stage, n, of) -> onItsWay.countDown(), token));
      onItsWay.await();
      Thread.sleep(5);
      token.cancel();

      assertThat(running)
          .failsWithin(Duration.ofSeconds(1))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(CancelledException.class);
      assertThat(segmenter.segment(study()).foundAnything()).as("another one").isTrue();
    }
  }

  @Test
  void closing_waits_for_the_running_segmentation() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ProgressListener waiting =
        (stage, done, total) -> {
          running.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    LumbarSegmenter segmenter = open();
    Future<SegmentationResult> result =
        threads.submit(() -> segmenter.segment(study(), waiting, new CancellationToken()));
    running.await();
    Future<?> closing = threads.submit(segmenter::close);

    Thread.sleep(200);
    assertThat(closing).isNotDone();
    goOn.countDown();

    assertThat(result.get().foundAnything()).isTrue();
    closing.get(10, TimeUnit.SECONDS);
  }

  @Test
  void after_closing_twice_segmenting_is_refused() throws IOException {
    LumbarSegmenter segmenter = open();
    segmenter.close();
    segmenter.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> segmenter.segment(study()))
        .withMessage("the segmenter is closed");
  }

  @Test
  void eight_callers_of_one_segmenter_get_the_labels_of_one() throws Exception {
    try (LumbarSegmenter segmenter = open(threads(2).stageThreads(1))) {
      short[] alone = segmenter.segment(study()).labels().toArray();
      List<Future<short[]>> all = new ArrayList<>();
      for (int n = 0; n < 8; n++) {
        all.add(threads.submit(() -> segmenter.segment(study()).labels().toArray()));
      }
      for (Future<short[]> one : all) {
        assertThat(one.get()).isEqualTo(alone);
      }
    }
  }

  @Test
  void eight_threads_of_the_stages_give_the_labels_of_one() throws IOException {
    short[] one;
    try (LumbarSegmenter segmenter = open(threads(2).stageThreads(1))) {
      one = segmenter.segment(study()).labels().toArray();
    }
    try (LumbarSegmenter segmenter =
        open(model(folder.resolve("again")), threads(2).stageThreads(8))) {
      assertThat(segmenter.segment(study()).labels().toArray()).isEqualTo(one);
    }
  }

  @Test
  void a_study_without_the_series_is_refused_and_both_roles_are_named() throws IOException {
    Series wrong = Series.of(new SeriesRole("PHOTO"), image().volume());
    try (LumbarSegmenter segmenter = open()) {
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.of(wrong)))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessageContaining("the task " + taskId() + " takes the series")
          .hasMessageContaining("there is no series \"" + image().role() + "\"")
          .extracting(e -> ((LssException) e).code())
          .isEqualTo("MISSING_SERIES");
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.of(List.of())))
          .isInstanceOf(InvalidStudyException.class)
          .extracting(e -> ((LssException) e).code())
          .isEqualTo("EMPTY_STUDY");
    }
  }

  @Test
  void a_voxel_that_is_no_number_is_refused_with_its_place() throws IOException {
    Series image = image();
    float[] samples = image.volume().toArray();
    samples[image.geometry().extents().offset(3, 2, 0)] = Float.NaN;
    Series broken = Series.of(image.role(), Volume.wrap(image.geometry(), samples));
    try (LumbarSegmenter segmenter = open()) {
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.of(broken)))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessageContaining("voxel (3, 2, 0) of the series " + image.role() + " is NaN")
          .extracting(e -> ((LssException) e).code())
          .isEqualTo("NON_FINITE_SAMPLES");
    }
  }

  @Test
  void a_model_that_is_a_program_is_refused_until_somebody_gives_the_word() throws IOException {
    Model model = TorchScript.of(model(folder.resolve("model")), folder.resolve("program"));

    assertThatThrownBy(() -> open(model, threads(2)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(model.description().id())
        .hasMessageContaining("--trust-code")
        .extracting(e -> ((LssException) e).code())
        .isEqualTo("CODE_NOT_TRUSTED");
  }

  @Test
  void a_model_that_is_a_program_is_called_one_in_the_result() throws IOException {
    Model model = TorchScript.of(model(folder.resolve("model")), folder.resolve("program"));
    try (LumbarSegmenter segmenter = open(model, threads(2).trustCode())) {
      SegmentationResult result = segmenter.segment(study());

      assertThat(result.provenance().backend().orElseThrow().id()).isEqualTo("djl");
      assertThat(result.foundAnything()).isTrue();
      assertThat(result.notices())
          .filteredOn(notice -> notice.code().equals("MODEL_IS_CODE"))
          .hasSize(model.description().stages().size())
          .extracting(Notice::message)
          .allMatch(message -> message.contains(model.description().id()));
    }
    try (LumbarSegmenter segmenter = open(model(folder.resolve("layers")), threads(2))) {
      assertThat(segmenter.segment(study()).hasNotice("MODEL_IS_CODE")).isFalse();
    }
  }

  private static RuntimeOptions.Builder threads(int count) {
    return RuntimeOptions.builder().threads(count);
  }
}
