package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.TileRule.Monai;
import dev.lss.api.model.TileRule.NnUnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileGridTest {

  private static final TileRule HALF = new NnUnet(0.5);

  @Test
  void an_image_of_the_patch_size_is_one_tile() {
    assertThat(TileGrid.of(new Extents(4, 5, 6), new Extents(4, 5, 6), HALF).tiles())
        .containsExactly(new IndexBox(0, 0, 0, 4, 5, 6));
  }

  @Test
  void tiles_are_spread_evenly_and_starts_are_rounded_half_to_even() {
    // 11 voxels, patch 4, step 2: ceil(7 / 2) + 1 = 5 tiles, 7 / 4 = 1.75 apart:
    // 0, 1.75, 3.5, 5.25, 7 become 0, 2, 4, 5, 7.
    assertThat(TileGrid.of(new Extents(11, 4, 4), new Extents(4, 4, 4), HALF).starts(0))
        .containsExactly(0, 2, 4, 5, 7);
    // 9 voxels: ceil(5 / 2) + 1 = 4 tiles, 5 / 3 apart; 7 voxels: 3 tiles, 1.5 apart: 0, 2, 3.
    assertThat(TileGrid.of(new Extents(7, 4, 4), new Extents(4, 4, 4), HALF).starts(0))
        .containsExactly(0, 2, 3);
  }

  @Test
  void an_image_smaller_than_the_patch_lies_in_the_middle_with_the_odd_voxel_behind() {
    // 3 voxels in a patch of 8: 2 before, 3 behind.
    assertThat(TileGrid.of(new Extents(3, 8, 8), new Extents(8, 8, 8), HALF).tiles())
        .containsExactly(new IndexBox(-2, 0, 0, 6, 8, 8));
  }

  @Test
  void k_is_the_outermost_loop_and_i_the_innermost() {
    assertThat(TileGrid.of(new Extents(3, 3, 3), new Extents(2, 3, 2), HALF).tiles())
        .map(tile -> tile.i0() + " " + tile.k0())
        .containsExactly("0 0", "1 0", "0 1", "1 1");
  }

  @Test
  void starts_agree_with_nnu_net() throws IOException {
    for (JsonNode golden : Golden.read("steps")) {
      // nnU-Net's axes are k, j, i.
      TileGrid grid =
          TileGrid.of(
              extents(golden.get("image")),
              extents(golden.get("tile")),
              new NnUnet(golden.get("step").doubleValue()));
      for (int axis = 0; axis < 3; axis++) {
        List<Integer> expected = new ArrayList<>();
        golden.get("starts").get(2 - axis).forEach(start -> expected.add(start.intValue()));
        assertThat(grid.starts(axis)).isEqualTo(expected);
      }
    }
  }

  private static Extents extents(JsonNode kji) {
    return new Extents(kji.get(2).intValue(), kji.get(1).intValue(), kji.get(0).intValue());
  }

  @Test
  void any_plan_covers_every_voxel_and_never_steps_further_than_asked() {
    Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      int size = 1 + random.nextInt(200);
      int patch = 1 + random.nextInt(60);
      double step = 0.05 + 0.95 * random.nextDouble();
      List<Integer> starts =
          TileGrid.of(new Extents(size, 1, 1), new Extents(patch, 1, 1), new NnUnet(step))
              .starts(0);
      int covered = 0;
      int before = Integer.MIN_VALUE;
      for (int start : starts) {
        assertThat(start).isLessThanOrEqualTo(covered);
        if (starts.size() > 1) {
          assertThat(start).isBetween(0, size - patch);
        }
        if (before != Integer.MIN_VALUE) {
          assertThat(start - before).isLessThanOrEqualTo((int) Math.ceil(patch * step));
        }
        covered = start + patch;
        before = start;
      }
      assertThat(covered).isGreaterThanOrEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void a_step_outside_0_to_1_is_refused(double step) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NnUnet(step))
        .withMessage("the tile step must lie in (0, 1], was " + step);
  }

  private static List<Integer> monai(int size, int patch, double overlap) {
    Monai rule = new Monai(overlap, Monai.Weights.CONSTANT);
    return TileGrid.of(new Extents(size, 1, 1), new Extents(patch, 1, 1), rule).starts(0);
  }

  @Test
  void monai_s_tiles_follow_at_one_interval_and_the_last_is_moved_back() {
    // patch 8, overlap 0.25: every 6 voxels; of 23 voxels the tile at 18 would end at 26.
    assertThat(monai(23, 8, 0.25)).containsExactly(0, 6, 12, 15);
    assertThat(monai(20, 8, 0.25)).containsExactly(0, 6, 12);
    assertThat(monai(8, 8, 0.25)).containsExactly(0);
    assertThat(monai(10, 3, 0.9)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(monai(3, 8, 0.25)).containsExactly(-2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void an_overlap_outside_0_to_1_is_refused(double overlap) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> monai(9, 4, overlap))
        .withMessage("the tile overlap must lie in [0, 1), was " + overlap);
  }

  @Test
  void a_step_is_what_an_overlap_leaves() {
    assertThat(new NnUnet(0.5).withStep(0.25)).isEqualTo(new NnUnet(0.25));
    assertThat(new Monai(0.5, Monai.Weights.GAUSSIAN).withStep(0.75))
        .isEqualTo(new Monai(0.25, Monai.Weights.GAUSSIAN));
  }
}
