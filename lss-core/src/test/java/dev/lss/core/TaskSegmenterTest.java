package dev.lss.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.BackendException;
import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.KnownLevel;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.ProgressListener;
import dev.lss.api.ResourceException;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.SourceRef;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same for every task. */
@Timeout(60)
class TaskSegmenterTest {

  private static final Volume IMAGE = TinyTask.image(12);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
  }

  private static LumbarStudy t2(Volume image) {
    return LumbarStudy.of(Series.of(SeriesRole.T2, image));
  }

  private static LumbarSegmenter segmenter() {
    return TinyTask.model().segmenter(new TinyTask());
  }

  /** Stops in its first tile until it is let go. */
  private static final class Gate {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    void network(FloatTensor in, FloatTensor out) {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      TinyTask.above(in, out);
    }
  }

  @Test
  void labels_come_back_on_the_image_with_task_and_table() {
    try (LumbarSegmenter segmenter = segmenter()) {
      SegmentationResult result = segmenter.segment(t2(IMAGE));

      assertThat(result.task()).isEqualTo("tiny");
      assertThat(result.labels().geometry()).isSameAs(IMAGE.geometry());
      assertThat(result.labels().count(1)).isEqualTo(20);
      assertThat(result.labels().get(0, 0, 11)).isEqualTo(1);
      assertThat(result.notices()).isEmpty();
    }
  }

  @Test
  void labels_come_back_on_the_grid_of_the_reference_and_not_of_what_was_segmented() {
    Series t2 = Series.of(SeriesRole.T2, IMAGE);
    Series other = Series.of(SeriesRole.T1, Orient.to(IMAGE, AnatomicalCode.parse("RAI")));
    try (LumbarSegmenter segmenter = segmenter()) {
      SegmentationResult result = segmenter.segment(LumbarStudy.of(t2, other).withReference(other));

      assertThat(result.labels().geometry()).isSameAs(other.geometry());
      assertThat(result.labels().count(1)).isEqualTo(20);
      assertThat(result.labels().get(0, 0, 0)).isEqualTo(1); // k grows to the feet here
      assertThat(result.notices()).isEmpty();
    }
  }

  @Test
  void provenance_lists_the_series_that_were_used_in_the_order_of_the_needs() {
    SourceRef first = new SourceRef("01".repeat(32));
    SourceRef second = new SourceRef("02".repeat(32));
    Series t1 = Series.of(SeriesRole.T1, IMAGE).withSource(second);
    Series t2 = Series.of(SeriesRole.T2, IMAGE).withSource(first);
    Series ct = Series.of(SeriesRole.CT, IMAGE).withSource(new SourceRef("03".repeat(32)));
    try (LumbarSegmenter segmenter = segmenter()) {
      assertThat(segmenter.segment(LumbarStudy.of(t1, ct, t2)).provenance().inputs())
          .containsExactly(first, second);
      assertThat(segmenter.segment(t2(IMAGE)).provenance().inputs()).isEmpty();
    }
  }

  @Test
  void a_closed_segmenter_is_refused_and_closing_twice_is_harmless() {
    FormulaModel model = TinyTask.model();
    LumbarSegmenter segmenter = model.segmenter(new TinyTask());
    segmenter.segment(t2(IMAGE));
    assertThat(model.openSessions).hasValue(1);

    segmenter.close();
    segmenter.close();

    assertThat(model.openSessions).hasValue(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> segmenter.segment(t2(IMAGE)))
        .withMessage("the segmenter is closed");
  }

  @Test
  void a_segmenter_whose_runtime_did_not_stop_says_so_and_closes_at_once() throws Exception {
    Gate gate = new Gate();
    FormulaModel model = TinyTask.model(gate::network);
    LumbarSegmenter segmenter = model.segmenter(new TinyTask());
    CancellationToken token = new CancellationToken();
    Future<SegmentationResult> running =
        threads.submit(() -> segmenter.segment(t2(IMAGE), ProgressListener.NONE, token));
    gate.reached.await();
    token.cancel();

    assertThatThrownBy(running::get).hasCauseInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> segmenter.segment(t2(IMAGE)))
        .isInstanceOf(BackendException.class)
        .hasMessageEndingWith("open the model again")
        .extracting("code")
        .isEqualTo("SESSION_ABANDONED");
    segmenter.close();
    assertThat(model.openSessions).as("the runtime still works").hasValue(1);
    gate.open.countDown();
    while (model.openSessions.get() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void close_waits_for_a_running_segmentation_which_ends_as_if_nothing_had_happened()
      throws Exception {
    Gate gate = new Gate();
    FormulaModel model = TinyTask.model(gate::network);
    LumbarSegmenter segmenter = model.segmenter(new TinyTask());
    Future<SegmentationResult> running = threads.submit(() -> segmenter.segment(t2(IMAGE)));
    gate.reached.await();
    CountDownLatch closed = new CountDownLatch(1);
    threads.execute(
        () -> {
          segmenter.close();
          closed.countDown();
        });

    assertThat(closed.await(100, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(model.openSessions).hasValue(1);
    gate.open.countDown();

    assertThat(running.get().labels().count(1)).isEqualTo(20);
    closed.await();
    assertThat(model.openSessions).hasValue(0);
  }

  @Test
  void a_listener_cannot_close_the_segmenter_that_it_listens_to() {
    LumbarSegmenter segmenter = segmenter();
    ProgressListener closing = (stage, done, total) -> segmenter.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> segmenter.segment(t2(IMAGE), closing, new CancellationToken()))
        .withMessage("a segmentation cannot close the segmenter that runs it");
    assertThat(segmenter.segment(t2(IMAGE)).foundAnything()).isTrue();
    segmenter.close();
  }

  @Test
  void eight_threads_get_the_result_of_one() throws Exception {
    try (LumbarSegmenter segmenter = segmenter()) {
      short[] expected = segmenter.segment(t2(IMAGE)).labels().toArray();
      List<Future<SegmentationResult>> results = new ArrayList<>();
      for (int n = 0; n < 8; n++) {
        results.add(threads.submit(() -> segmenter.segment(t2(IMAGE))));
      }

      for (Future<SegmentationResult> result : results) {
        assertThat(result.get().labels().toArray()).isEqualTo(expected);
      }
    }
  }

  @Test
  void a_known_level_is_refused_by_a_task_that_names_none() {
    try (LumbarSegmenter segmenter = segmenter()) {
      assertThatThrownBy(
              () ->
                  segmenter.segment(t2(IMAGE).withKnownLevel(KnownLevel.lowest(VertebraLevel.L5))))
          .isInstanceOf(InvalidStudyException.class)
          .extracting("code")
          .isEqualTo("LEVEL_UNSUPPORTED");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void a_voxel_that_is_no_number_is_refused_with_its_place_and_its_series(float value) {
    float[] samples = IMAGE.toArray();
    samples[IMAGE.extents().offset(3, 2, 7)] = value;
    Series broken =
        Series.of(SeriesRole.T2, Volume.wrap(IMAGE.geometry(), samples)).withName("upper");
    FormulaModel model = TinyTask.model();
    try (LumbarSegmenter segmenter = model.segmenter(new TinyTask())) {
      assertThatThrownBy(() -> segmenter.segment(LumbarStudy.of(broken)))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessage(
              "voxel (3, 2, 7) of the series T2 \"upper\" is %s; put a number there, such as that"
                      .formatted(value)
                  + " of air")
          .extracting("code")
          .isEqualTo("NON_FINITE_SAMPLES");
      assertThat(model.runs).hasValue(0);
    }
  }

  @Test
  void a_series_that_the_task_does_not_look_at_may_hold_what_it_wants() {
    Volume broken = Volume.wrap(IMAGE.geometry(), nan());
    try (LumbarSegmenter segmenter = segmenter()) {
      SegmentationResult result =
          segmenter.segment(
              LumbarStudy.of(Series.of(SeriesRole.T2, IMAGE), Series.of(SeriesRole.STIR, broken)));

      assertThat(result.foundAnything()).isTrue();
    }
  }

  private static float[] nan() {
    float[] samples = new float[IMAGE.extents().voxels()];
    samples[0] = Float.NaN;
    return samples;
  }

  /** Remembers what it hears. */
  private static final class Heard implements ProgressListener {
    final List<Double> overall = new ArrayList<>();
    final List<String> stages = new ArrayList<>();

    @Override
    public void progress(String stage, int done, int total) {
      stages.add(stage);
      assertThat(done).isBetween(0, total);
    }

    @Override
    public void overall(double fraction) {
      overall.add(fraction);
    }
  }

  @Test
  void overall_progress_rises_from_0_to_1_and_never_falls() {
    Heard heard = new Heard();
    try (LumbarSegmenter segmenter = segmenter()) {
      segmenter.segment(t2(IMAGE), heard, new CancellationToken());
    }

    assertThat(heard.overall).first().isEqualTo(0.0);
    assertThat(heard.overall).last().isEqualTo(1.0);
    assertThat(heard.overall).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(5);
    assertThat(heard.stages).contains("network");
  }

  @Test
  void nothing_is_heard_of_the_whole_when_the_study_is_refused_but_its_begin() {
    Heard heard = new Heard();
    try (LumbarSegmenter segmenter = segmenter()) {
      assertThatThrownBy(
              () -> segmenter.segment(LumbarStudy.ofCt(IMAGE), heard, new CancellationToken()))
          .isInstanceOf(InvalidStudyException.class)
          .hasMessage("the task tiny takes the series [T2, T1], there is no series \"T2\"");
    }

    assertThat(heard.overall).containsExactly(0.0);
  }

  @Test
  void a_set_token_stops_before_the_first_tile_and_one_set_later_between_two() {
    FormulaModel model = TinyTask.model();
    CancellationToken set = new CancellationToken();
    set.cancel();
    try (LumbarSegmenter segmenter = model.segmenter(new TinyTask())) {
      assertThatThrownBy(() -> segmenter.segment(t2(IMAGE), ProgressListener.NONE, set))
          .isInstanceOf(CancelledException.class);
      assertThat(model.runs).hasValue(0);

      CancellationToken later = new CancellationToken();
      ProgressListener cancelling =
          (stage, done, total) -> {
            if (done == 2) {
              later.cancel();
            }
          };
      assertThatThrownBy(() -> segmenter.segment(t2(IMAGE), cancelling, later))
          .isInstanceOf(CancelledException.class);
      assertThat(model.runs).hasValue(2);
    }
  }

  @Test
  void what_needs_more_memory_than_allowed_is_refused_with_numbers_before_a_network_runs() {
    FormulaModel model = TinyTask.model();
    RuntimeOptions little = RuntimeOptions.builder().maxMemoryBytes(1000).build();
    try (LumbarSegmenter segmenter = model.segmenter(new TinyTask(), little)) {
      assertThatThrownBy(() -> segmenter.segment(t2(IMAGE)))
          .isInstanceOf(ResourceException.class)
          .hasMessageMatching(
              "the segmentation needs about \\d+ MiB: \\d+ of heap, 1 of direct memory, 0 of the"
                  + " runtime and \\d+ that the process holds beside; allowed are 0 MiB; allow more"
                  + " or crop the image")
          .extracting("code")
          .isEqualTo("TOO_LARGE");
      assertThat(model.runs).hasValue(0);
    }
  }

  @Test
  void an_asynchronous_segmentation_gives_the_same_labels() throws Exception {
    try (LumbarSegmenter segmenter = segmenter()) {
      CompletableFuture<SegmentationResult> future =
          segmenter.segmentAsync(t2(IMAGE), ProgressListener.NONE, threads);

      assertThat(future.get().labels().toArray())
          .isEqualTo(segmenter.segment(t2(IMAGE)).labels().toArray());
    }
  }

  @Test
  void cancelling_an_asynchronous_segmentation_frees_the_segmenter_for_closing() throws Exception {
    Gate gate = new Gate();
    FormulaModel model = TinyTask.model(gate::network);
    LumbarSegmenter segmenter = model.segmenter(new TinyTask());
    CompletableFuture<SegmentationResult> future =
        segmenter.segmentAsync(t2(IMAGE), ProgressListener.NONE, threads);
    gate.reached.await();

    future.cancel(true);
    gate.open.countDown();
    segmenter.close();

    assertThat(model.runs).hasValueLessThan(5); // of ten tiles
    assertThat(model.openSessions).hasValue(0);
    assertThat(future).isCancelled();
  }

  @Test
  void an_error_of_an_asynchronous_segmentation_keeps_its_type() {
    try (LumbarSegmenter segmenter = segmenter()) {
      CompletableFuture<SegmentationResult> future =
          segmenter.segmentAsync(LumbarStudy.ofCt(IMAGE), ProgressListener.NONE, threads);

      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InvalidStudyException.class);
    }
  }

  @Test
  void of_several_series_the_one_in_the_preferred_plane_is_segmented() {
    Extents extents = new Extents(4, 8, 8);
    float[] bright = new float[extents.voxels()];
    Arrays.fill(bright, 1);
    Volume sagittal = Volume.wrap(GridGeometry.ofSpacing(extents, new Vector3(4, 1, 1)), bright);
    try (LumbarSegmenter segmenter = segmenter()) {
      SegmentationResult result =
          segmenter.segment(
              LumbarStudy.of(Series.of(SeriesRole.T2, IMAGE), Series.of(SeriesRole.T2, sagittal)));

      // The reference is the first series, 5 x 4 x 12 mm, all of whose voxels are in the other.
      assertThat(result.labels().geometry()).isSameAs(IMAGE.geometry());
      assertThat(result.labels().count(1)).isEqualTo(5 * 4 * 8);
      assertThat(result.hasNotice("LABELS_RESAMPLED")).isTrue();
    }
  }

  @Test
  void null_is_refused_by_name() {
    try (LumbarSegmenter segmenter = segmenter()) {
      assertThatThrownBy(() -> segmenter.segment(null)).hasMessage("study");
      assertThatThrownBy(() -> segmenter.segment(t2(IMAGE), null, new CancellationToken()))
          .hasMessage("progress");
      assertThatThrownBy(() -> segmenter.segment(t2(IMAGE), ProgressListener.NONE, null))
          .hasMessage("cancellation");
    }
  }
}
