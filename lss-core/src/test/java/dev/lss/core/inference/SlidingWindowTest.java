package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.CancellationToken;
import dev.lss.api.CancelledException;
import dev.lss.api.ProgressListener;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.api.model.TileRule;
import dev.lss.spi.CheckedSession;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlidingWindowTest {

  private static final Extents PATCH = new Extents(8, 6, 4);
  private final StagePool pool = new StagePool(2);

  @AfterEach
  void close() {
    pool.close();
  }

  private static Tiling tiling(List<Integer> mirrorAxes, int inputs, int classes) {
    List<Float> padding = new ArrayList<>();
    for (int c = 0; c < inputs; c++) {
      padding.add(-7f);
    }
    return new Tiling(PATCH, TileRule.NnUnet.DEFAULT, padding, false, classes, mirrorAxes);
  }

  private List<Volume> run(FakeSession session, Tiling tiling, Volume... channels) {
    return run(List.of(session), tiling, pool, channels);
  }

  private static List<Volume> run(
      List<FakeSession> folds, Tiling tiling, StagePool pool, Volume... channels) {
    LogitVolumes logits = LogitVolumes.empty(channels[0].geometry(), tiling.classes());
    new SlidingWindow(folds, tiling, Arithmetic.FP32, pool)
        .run(List.of(channels), logits, "network", ProgressListener.NONE, new CancellationToken());
    return logits.volumes();
  }

  /** A network whose output depends on the place in the tile, as a real one's does. */
  private static FakeSession placeDependent() {
    return new FakeSession(
        1,
        3,
        (in, out) -> {
          int voxels = in.shape().size();
          for (int c = 0; c < 3; c++) {
            for (int v = 0; v < voxels; v++) {
              out.data().put(c * voxels + v, in.data().get(v) * (c + 1) + (v % 7) * 0.01f);
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"8,6,4", "9,6,4", "30,17,11", "3,2,1", "5,20,4"})
  void blending_a_constant_gives_that_constant(int i, int j, int k) {
    Extents extents = new Extents(i, j, k);
    FakeSession three =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              for (int v = 0; v < out.shape().size(); v++) {
                out.data().put(v, 3.1f);
              }
            });

    for (float logit :
        VoxelArrays.samples(run(three, tiling(List.of(), 1, 1), Images.noise(extents, 1)).get(0))) {
      assertThat(logit).isCloseTo(3.1f, within(1e-6f));
    }
  }

  @Test
  void the_identity_network_gives_the_image_back_on_its_own_grid() {
    Volume image = Images.noise(new Extents(21, 13, 9), 2);

    Volume logits = run(FakeSession.identity(), tiling(List.of(), 1, 1), image).get(0);

    assertThat(logits.geometry()).isEqualTo(image.geometry());
    for (int v = 0; v < image.extents().voxels(); v++) {
      assertThat(VoxelArrays.samples(logits)[v])
          .isCloseTo(VoxelArrays.samples(image)[v], within(2e-6f));
    }
  }

  @Test
  void the_network_sees_the_padding_value_outside_the_image() {
    List<Float> seen = new ArrayList<>();
    FakeSession corner =
        new FakeSession(1, 1, (in, out) -> seen.add(in.data().get(in.shape().size() - 1)));

    run(corner, tiling(List.of(), 1, 1), Images.constant(new Extents(3, 3, 3), 1));

    assertThat(seen).containsExactly(-7f);
  }

  @Test
  void two_tiles_that_overlap_are_averaged_by_their_weights() {
    // 12 voxels, patch 8, step 4: tiles at 0 and 4. The first says 1, the second 2.
    FakeSession counting = new FakeSession(1, 1, (in, out) -> {});
    FakeSession tile =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              int n = counting.runs.incrementAndGet();
              for (int v = 0; v < out.shape().size(); v++) {
                out.data().put(v, n);
              }
            });
    Volume logits =
        run(tile, tiling(List.of(), 1, 1), Images.constant(new Extents(12, 6, 4), 0)).get(0);
    GaussianWindow window = GaussianWindow.of(PATCH);

    assertThat(logits.get(3, 3, 2)).isEqualTo(1);
    assertThat(logits.get(8, 3, 2)).isEqualTo(2);
    double first = window.weight(5, 3, 2);
    double second = window.weight(1, 3, 2);
    assertThat((double) logits.get(5, 3, 2))
        .isCloseTo((first + 2 * second) / (first + second), within(1e-6));
  }

  @Test
  void one_two_and_eight_threads_give_the_same_bits() {
    Volume image = Images.noise(new Extents(31, 19, 23), 4);
    List<Volume> expected = null;
    for (int threads : new int[] {1, 2, 8}) {
      try (StagePool some = new StagePool(threads)) {
        List<Volume> logits = run(List.of(placeDependent()), tiling(List.of(), 1, 3), some, image);
        expected = expected == null ? logits : expected;
        for (int c = 0; c < 3; c++) {
          assertThat(VoxelArrays.samples(logits.get(c)))
              .containsExactly(VoxelArrays.samples(expected.get(c)));
        }
      }
    }
  }

  @Test
  void progress_counts_the_tiles() {
    List<String> heard = new ArrayList<>();
    SlidingWindow.Spent spent =
        new SlidingWindow(FakeSession.identity(), tiling(List.of(), 1, 1), pool)
            .run(
                List.of(Images.constant(new Extents(12, 6, 4), 0)),
                (logits, from, to) -> {},
                "localize",
                (stage, done, total) -> heard.add(stage + " " + done + "/" + total),
                new CancellationToken());

    assertThat(heard).containsExactly("localize 0/2", "localize 1/2", "localize 2/2");
    assertThat(spent.tiles()).isEqualTo(2);
  }

  @Test
  void a_token_stops_the_work_between_two_tiles() {
    CancellationToken token = new CancellationToken();
    FakeSession session = new FakeSession(1, 1, (in, out) -> token.cancel());

    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(
            () ->
                new SlidingWindow(session, tiling(List.of(), 1, 1), pool)
                    .run(
                        List.of(Images.constant(new Extents(40, 6, 4), 0)),
                        (logits, from, to) -> {},
                        "network",
                        ProgressListener.NONE,
                        token));
    assertThat(session.runs).hasValue(1);
  }

  /** Cancels work on two tiles whose first one does not end; returns the milliseconds it took. */
  private long cancelled(List<Integer> mirrorAxes, boolean byInterrupt) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    FakeSession stuck =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              running.countDown();
              boolean done = false;
              while (!done) {
                try {
                  done = finish.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                  // as native code, it does not notice
                }
              }
            });
    CancellationToken token = new CancellationToken();
    Thread caller = Thread.currentThread();
    AtomicLong at = new AtomicLong();
    Thread user =
        new Thread(
            () -> {
              try {
                running.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              at.set(System.nanoTime());
              if (byInterrupt) {
                caller.interrupt();
              } else {
                token.cancel();
              }
            });
    user.start();
    try (CheckedSession session = GuardedSession.of(stuck, "tiny")) {
      assertThatExceptionOfType(CancelledException.class)
          .isThrownBy(
              () ->
                  new SlidingWindow(session, tiling(mirrorAxes, 1, 1), pool)
                      .run(
                          List.of(Images.constant(new Extents(12, 6, 4), 0)),
                          (logits, from, to) -> {},
                          "network",
                          ProgressListener.NONE,
                          token));
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at.get());
    user.join();
    assertThat(stuck.closes).as("closing did not wait").hasValue(0);
    finish.countDown();
    while (stuck.closes.get() == 0) {
      Thread.onSpinWait();
    }
    return took;
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void cancelling_within_a_tile_that_does_not_end_takes_less_than_a_second(boolean mirrored)
      throws Exception {
    assertThat(cancelled(mirrored ? List.of(0) : List.of(), false)).isLessThan(1000);
  }

  @Test
  void an_interrupt_within_a_tile_that_does_not_end_takes_less_than_a_second_and_stays_set()
      throws Exception {
    long took = cancelled(List.of(), true);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(took).isLessThan(1000);
  }

  @Test
  void mirrored_predictions_are_averaged_in_the_image_s_own_frame() {
    // The network says how far along i a voxel of the tile lies; its mirror says 7 minus that.
    FakeSession place =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              for (int v = 0; v < out.shape().size(); v++) {
                out.data().put(v, v % 8 + in.data().get(v));
              }
            });
    float[] ramp = new float[PATCH.voxels()];
    for (int v = 0; v < ramp.length; v++) {
      ramp[v] = 100 * (v % 8);
    }

    Volume logits = run(place, tiling(List.of(0), 1, 1), Images.of(PATCH, ramp)).get(0);

    // (i + 100 i + (7 - i) + 100 i) / 2 = 100 i + 3.5
    for (int i = 0; i < 8; i++) {
      assertThat(logits.get(i, 3, 2)).isCloseTo(100 * i + 3.5f, within(1e-4f));
    }
    assertThat(place.runs).hasValue(2);
  }

  @Test
  void mirrors_come_in_nnu_nets_order() {
    assertThat(MirroredSession.combinations(List.of(0, 1, 2)))
        .containsExactly(
            List.of(),
            List.of(2),
            List.of(1),
            List.of(0),
            List.of(2, 1),
            List.of(2, 0),
            List.of(1, 0),
            List.of(2, 1, 0));
    assertThat(MirroredSession.combinations(List.of(0, 2)))
        .containsExactly(List.of(), List.of(2), List.of(0), List.of(2, 0));
  }

  @Test
  void a_network_that_looks_at_one_voxel_only_does_not_notice_mirrors() {
    Volume image = Images.noise(new Extents(12, 9, 5), 8);

    float[] plain =
        VoxelArrays.samples(run(FakeSession.identity(), tiling(List.of(), 1, 1), image).get(0));
    float[] mirrored =
        VoxelArrays.samples(
            run(FakeSession.identity(), tiling(List.of(0, 1, 2), 1, 1), image).get(0));

    for (int v = 0; v < plain.length; v++) {
      assertThat(mirrored[v]).isCloseTo(plain[v], within(2e-6f));
    }
  }

  @Test
  void channels_on_different_grids_or_too_few_are_refused() {
    Volume small = Images.constant(new Extents(8, 6, 4), 0);
    Volume large = Images.constant(new Extents(8, 6, 5), 0);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(FakeSession.identity(), tiling(List.of(), 2, 1), small, large))
        .withMessage("channels must have one grid, had 8 x 6 x 4 and 8 x 6 x 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(FakeSession.identity(), tiling(List.of(), 2, 1), small))
        .withMessage("the network takes 2 channels, was given 1");
  }

  @Test
  void slices_leave_in_order_and_a_tall_image_gives_the_bits_of_one_window() {
    // 150 slices in tiles of 4: the window of 32 slices moves many times.
    Volume tall = Images.noise(new Extents(11, 7, 150), 9);
    List<String> heard = new ArrayList<>();
    LogitVolumes logits = LogitVolumes.empty(tall.geometry(), 3);

    new SlidingWindow(placeDependent(), tiling(List.of(), 1, 3), pool)
        .run(
            List.of(tall),
            (slices, from, to) -> {
              heard.add(from + "-" + to);
              logits.accept(slices, from, to);
            },
            "network",
            ProgressListener.NONE,
            new CancellationToken());

    assertThat(heard).hasSizeGreaterThan(4).startsWith("0-30").last().asString().endsWith("-150");
    for (int n = 1; n < heard.size(); n++) {
      assertThat(heard.get(n)).startsWith(heard.get(n - 1).split("-")[1] + "-");
    }
    for (int c = 0; c < 3; c++) {
      assertThat(VoxelArrays.samples(logits.volumes().get(c)))
          .containsExactly(stitchedAtOnce(tall, c));
    }
  }

  /** The sums of all tiles in whole arrays, then divided. */
  private static float[] stitchedAtOnce(Volume image, int label) {
    Extents extents = image.extents();
    float[] weights = GaussianWindow.of(PATCH).weights();
    float[] sum = new float[extents.voxels()];
    float[] weight = new float[extents.voxels()];
    for (IndexBox tile : TileGrid.of(extents, PATCH, TileRule.NnUnet.DEFAULT).tiles()) {
      for (int v = 0; v < PATCH.voxels(); v++) {
        int i = tile.i0() + v % PATCH.i();
        int j = tile.j0() + v / PATCH.i() % PATCH.j();
        int k = tile.k0() + v / PATCH.i() / PATCH.j();
        int at = extents.offset(i, j, k);
        float logit = VoxelArrays.samples(image)[at] * (label + 1) + (v % 7) * 0.01f;
        sum[at] += logit * weights[v];
        weight[at] += weights[v];
      }
    }
    for (int at = 0; at < sum.length; at++) {
      sum[at] /= weight[at];
    }
    return sum;
  }

  @Test
  void folds_are_averaged_slice_by_slice_and_all_tiles_are_counted() {
    Volume tall = Images.noise(new Extents(8, 6, 90), 10);
    FakeSession one = FakeSession.identity();
    FakeSession minus =
        new FakeSession(
            1,
            1,
            (in, out) -> {
              for (int v = 0; v < in.shape().size(); v++) {
                out.data().put(v, 4 - in.data().get(v));
              }
            });

    List<Volume> logits = run(List.of(one, minus), tiling(List.of(), 1, 1), pool, tall);

    for (float logit : VoxelArrays.samples(logits.get(0))) {
      assertThat(logit).isCloseTo(2, within(2e-6f)); // (x + 4 - x) / 2
    }
    assertThat(one.runs).hasValue(44); // (90 - 4) / 2 steps and one
    assertThat(minus.runs).hasValue(44);
  }

  @Test
  void a_voxel_in_no_tile_is_an_error_and_final_slices_take_no_more() {
    LogitAccumulator gap =
        new LogitAccumulator(
            new Extents(9, 6, 4), 1, GaussianWindow.of(PATCH), Arithmetic.FP32, pool);
    FloatTensor tile = FloatTensor.allocate(Tile.shape(1, PATCH));
    gap.add(new IndexBox(0, 0, 0, 8, 6, 4), tile);

    assertThatIllegalStateException()
        .isThrownBy(() -> gap.divide(4))
        .withMessage("a voxel of the image was in no tile");
    assertThatIllegalStateException()
        .isThrownBy(() -> gap.add(new IndexBox(0, 0, 0, 8, 6, 4), tile))
        .withMessage("slices 0 to 4 cannot be added to a window from 4 on");
  }
}
