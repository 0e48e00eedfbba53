package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segmenting on another thread. */
@Timeout(30)
class SegmentationFutureTest {

  private static final GridGeometry GRID =
      GridGeometry.ofSpacing(new Extents(1, 1, 1), new Vector3(1, 1, 1));
  private static final LumbarStudy STUDY = LumbarStudy.ofCt(Volume.wrap(GRID, new float[1]));
  private static final SegmentationResult RESULT =
      SegmentationResult.builder(
              "test",
              LabelVolume.empty(GRID),
              LabelTable.lumbarVertebrae(),
              Provenance.builder("0").build())
          .build();

  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  /** What a segmenter does with a study. */
  private interface Work {
    SegmentationResult of(ProgressListener progress, CancellationToken token) throws Exception;
  }

  private static LumbarSegmenter segmenter(Work work) {
    return new LumbarSegmenter() {
      @Override
      public SegmentationResult segment(
          LumbarStudy study, ProgressListener progress, CancellationToken cancellation) {
        try {
          return work.of(progress, cancellation);
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void the_result_and_the_progress_come_from_the_executors_thread() throws Exception {
    List<Thread> heard = new ArrayList<>();
    Thread worker = executor.submit(Thread::currentThread).get();

    CompletableFuture<SegmentationResult> future =
        segmenter(
                (progress, token) -> {
                  progress.progress("network", 1, 1);
                  return RESULT;
                })
            .segmentAsync(STUDY, (s, done, total) -> heard.add(Thread.currentThread()), executor);

    assertThat(future.get()).isSameAs(RESULT);
    assertThat(heard).containsExactly(worker);
  }

  @Test
  void an_error_of_the_segmenter_is_the_futures() {
    CompletableFuture<SegmentationResult> future =
        segmenter(
                (progress, token) -> {
                  throw new InvalidStudyException("MISSING_SERIES", "there is no series");
                })
            .segmentAsync(STUDY, ProgressListener.NONE, executor);

    assertThatThrownBy(future::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("there is no series");
  }

  @Test
  void cancelling_the_future_sets_the_token_and_the_work_ends() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<Throwable> why = new AtomicReference<>();
    CompletableFuture<SegmentationResult> future =
        segmenter(
                (progress, token) -> {
                  running.countDown();
                  try {
                    while (true) {
                      token.throwIfCancelled();
                      Thread.sleep(1);
                    }
                  } catch (CancelledException e) {
                    why.set(e);
                    throw e;
                  } finally {
                    ended.countDown();
                  }
                })
            .segmentAsync(STUDY, ProgressListener.NONE, executor);
    running.await();

    assertThat(future.cancel(false)).isTrue();

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(why.get()).isInstanceOf(CancelledException.class);
    assertThat(future.isCancelled()).isTrue();
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void work_that_is_cancelled_before_its_turn_never_begins() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    executor.execute(
        () -> {
          try {
            busy.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    List<String> began = new ArrayList<>();
    CompletableFuture<SegmentationResult> future =
        segmenter(
                (progress, token) -> {
                  began.add("segment");
                  return RESULT;
                })
            .segmentAsync(STUDY, ProgressListener.NONE, executor);

    future.cancel(true);
    busy.countDown();
    executor.submit(() -> {}).get();

    assertThat(began).isEmpty();
  }

  @Test
  void cancelling_what_is_done_changes_nothing() throws Exception {
    CompletableFuture<SegmentationResult> future =
        segmenter((progress, token) -> RESULT).segmentAsync(STUDY, ProgressListener.NONE, executor);
    future.get();

    assertThat(future.cancel(true)).isFalse();
    assertThat(future.get()).isSameAs(RESULT);
  }
}
