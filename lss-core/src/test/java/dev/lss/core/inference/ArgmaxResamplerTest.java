package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArgmaxResamplerTest {

  private static LabelVolume labels(List<Volume> logits, Extents target, int threads) {
    try (StagePool pool = new StagePool(threads)) {
      return ArgmaxResampler.labels(
          logits, Images.grid(target), LabelRule.LARGEST, pool, new CancellationToken());
    }
  }

  /** Linear interpolation on a half-pixel grid, voxel by voxel. */
  private static float interpolate(Volume image, Extents out, int i, int j, int k) {
    Extents in = image.extents();
    double[] x = {
      clamp((i + 0.5) * in.i() / out.i() - 0.5, in.i()),
      clamp((j + 0.5) * in.j() / out.j() - 0.5, in.j()),
      clamp((k + 0.5) * in.k() / out.k() - 0.5, in.k())
    };
    double[][][] corner = new double[2][2][2];
    for (int c = 0; c < 8; c++) {
      corner[c >> 2][c >> 1 & 1][c & 1] =
          image.get(
              Math.min((int) x[0] + (c & 1), in.i() - 1),
              Math.min((int) x[1] + (c >> 1 & 1), in.j() - 1),
              Math.min((int) x[2] + (c >> 2), in.k() - 1));
    }
    double tk = x[2] - (int) x[2];
    double tj = x[1] - (int) x[1];
    double ti = x[0] - (int) x[0];
    double[] line = new double[2];
    for (int a = 0; a < 2; a++) {
      double lower = corner[0][0][a] * (1 - tk) + corner[1][0][a] * tk;
      double upper = corner[0][1][a] * (1 - tk) + corner[1][1][a] * tk;
      line[a] = lower * (1 - tj) + upper * tj;
    }
    return (float) (line[0] * (1 - ti) + line[1] * ti);
  }

  private static double clamp(double x, int n) {
    return Math.min(Math.max(x, 0), n - 1);
  }

  @Test
  void on_the_same_grid_it_is_the_plain_argmax() {
    Extents extents = new Extents(3, 1, 1);

    assertThat(
            VoxelArrays.labels(
                labels(
                    List.of(
                        Images.of(extents, 1, 5, -1),
                        Images.of(extents, 2, 4, -1),
                        Images.of(extents, 0, 5, -0.5f)),
                    extents,
                    1)))
        .containsExactly(new short[] {1, 0, 2});
  }

  @Test
  void the_border_between_two_classes_falls_where_their_logits_cross() {
    // Class 1 minus class 0 is -3 at index 0 and 1 at index 1: it crosses 0 at 0.75. Eight times
    // finer, output o lies at (o + 0.5) / 8 - 0.5, beyond 0.75 from o = 10 on (0.8125).
    LabelVolume labels =
        labels(
            List.of(Images.of(new Extents(2, 1, 1), 3, 0), Images.of(new Extents(2, 1, 1), 0, 1)),
            new Extents(16, 1, 1),
            1);

    for (int o = 0; o < 16; o++) {
      assertThat(labels.get(o, 0, 0)).isEqualTo(o < 10 ? 0 : 1);
    }
  }

  @Test
  void the_first_class_wins_ties() {
    Extents extents = new Extents(2, 2, 2);

    assertThat(
            VoxelArrays.labels(
                labels(
                    List.of(
                        Images.constant(extents, -2),
                        Images.constant(extents, 1),
                        Images.constant(extents, 1)),
                    new Extents(5, 4, 3),
                    2)))
        .containsOnly((short) 1);
  }

  @Test
  void the_streaming_argmax_equals_the_plain_one_over_all_resampled_classes() {
    Random random = new Random(5);
    for (int trial = 0; trial < 20; trial++) {
      Extents in = extents(random, 6);
      Extents out = extents(random, 15);
      List<Volume> logits = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        logits.add(Images.noise(in, random.nextLong()));
      }
      LabelVolume labels = labels(logits, out, 3);
      for (int k = 0; k < out.k(); k++) {
        for (int j = 0; j < out.j(); j++) {
          for (int i = 0; i < out.i(); i++) {
            int best = 0;
            for (int c = 1; c < 4; c++) {
              if (interpolate(logits.get(c), out, i, j, k)
                  > interpolate(logits.get(best), out, i, j, k)) {
                best = c;
              }
            }
            assertThat(labels.get(i, j, k)).isEqualTo(best);
          }
        }
      }
    }
  }

  private static Extents extents(Random random, int most) {
    return new Extents(
        1 + random.nextInt(most), 1 + random.nextInt(most), 1 + random.nextInt(most));
  }

  @Test
  void one_two_and_eight_threads_give_the_same_labels_on_the_target_s_geometry() {
    Extents in = new Extents(9, 8, 7);
    List<Volume> logits = List.of(Images.noise(in, 1), Images.noise(in, 2), Images.noise(in, 3));
    GridGeometry target = Images.grid(new Extents(25, 23, 29));
    short[] expected = VoxelArrays.labels(labels(logits, target.extents(), 1));

    for (int threads : new int[] {2, 8}) {
      LabelVolume labels = labels(logits, target.extents(), threads);
      assertThat(labels.geometry()).isEqualTo(target);
      assertThat(VoxelArrays.labels(labels)).containsExactly(expected);
    }
  }

  @Test
  void classes_on_different_grids_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                labels(
                    List.of(
                        Images.constant(new Extents(2, 2, 2), 0),
                        Images.constant(new Extents(2, 2, 3), 0)),
                    new Extents(4, 4, 4),
                    1));
  }

  @Test
  void slices_that_come_in_parts_give_the_labels_of_the_whole() {
    Random random = new Random(6);
    for (int trial = 0; trial < 20; trial++) {
      Extents in = extents(random, 9);
      GridGeometry target = Images.grid(extents(random, 20));
      LogitVolumes logits =
          LogitVolumes.of(
              List.of(Images.noise(in, random.nextLong()), Images.noise(in, random.nextLong())));
      LabelRule rule =
          trial % 2 == 0
              ? LabelRule.LARGEST
              : new LabelRule(OptionalInt.of(2), Arithmetic.EXACT, List.of());
      try (StagePool pool = new StagePool(2)) {
        ArgmaxResampler parts =
            new ArgmaxResampler(in, target, rule, pool, new CancellationToken());
        for (int k = 0; k < in.k(); ) {
          int to = Math.min(in.k(), k + 1 + random.nextInt(3));
          parts.accept(logits, k, to);
          k = to;
        }
        assertThat(VoxelArrays.labels(parts.labels()))
            .containsExactly(
                VoxelArrays.labels(
                    ArgmaxResampler.labels(
                        logits.volumes(), target, rule, pool, new CancellationToken())));
      }
    }
  }

  @Test
  void labels_before_the_last_slice_are_refused() {
    try (StagePool pool = new StagePool(1)) {
      Extents in = new Extents(2, 2, 2);
      ArgmaxResampler parts =
          new ArgmaxResampler(
              in, Images.grid(in), LabelRule.LARGEST, pool, new CancellationToken());
      parts.accept(LogitVolumes.of(List.of(Images.constant(in, 1))), 0, 1);

      assertThatIllegalStateException()
          .isThrownBy(parts::labels)
          .withMessage("labels are made up to slice 0 of 2");
    }
  }
}
