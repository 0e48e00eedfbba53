package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BestLabelTest {

  private final StagePool pool = new StagePool(2);

  @AfterEach
  void close() {
    pool.close();
  }

  /** A patch on the image's own grid. */
  private static PatchGrid same(Extents image, IndexBox patch) {
    return new PatchGrid(IndexBox.of(image), image, patch);
  }

  private static Volume patch(float... row) {
    return Images.of(new Extents(row.length, 1, 1), row);
  }

  @Test
  void the_largest_positive_logit_wins_and_the_first_of_equals() {
    Extents image = new Extents(6, 1, 1);
    BestLabel best = new BestLabel(Images.grid(image), IndexBox.of(image), pool);
    best.add(20, patch(-1, 2, 1, 1), same(image, new IndexBox(0, 0, 0, 4, 1, 1)), token());
    best.add(21, patch(3, 1, 0, -1), same(image, new IndexBox(1, 0, 0, 5, 1, 1)), token());

    // Voxel:    0     1         2        3         4         5
    // first:   -1     2         1        1         -         -
    // second:   -     3         1        0        -1         -
    assertThat(VoxelArrays.labels(best.labels()))
        .containsExactly(new short[] {0, 21, 20, 20, 0, 0});
  }

  private static CancellationToken token() {
    return new CancellationToken();
  }

  @Test
  void patches_are_placed_by_whole_numbers_on_half_pixel_grids() {
    // 12 voxels of 1 mm from voxel 2 on were resampled to 8 of 1.5 mm; the patch begins at 3 there.
    PatchGrid grid =
        new PatchGrid(
            new IndexBox(2, 0, 0, 14, 1, 1), new Extents(8, 1, 1), new IndexBox(3, 0, 0, 6, 1, 1));

    // Voxel 2 lies at 0.5 / 1.5 - 0.5 = -1/6 among the resampled ones, -19/6 in the patch.
    assertThat(grid.toPatch(0, 2)).isCloseTo(-19 / 6.0, within(1e-12));
    assertThat(grid.toPatch(0, 5)).isCloseTo(-19 / 6.0 + 2, within(1e-12));
    // Resampled voxels 3, 4, 5 cover 4.5 mm to 9 mm of the box: centres 5 to 8.5, voxels 7 to 10
    // (centre 4.5 mm of voxel 6 lies on the border and counts).
    assertThat(grid.support()).contains(new IndexBox(6, 0, 0, 11, 1, 1));
  }

  @Test
  void logits_are_interpolated_linearly_between_patch_voxels() {
    // Twice as fine: voxel o lies at (o + 0.5) / 2 - 0.5 = -0.25, 0.25, 0.75, 1.25. From -1 to 2
    // the logit is -1, -0.25, 1.25, 2.
    Extents image = new Extents(4, 1, 1);
    BestLabel best = new BestLabel(Images.grid(image), IndexBox.of(image), pool);
    best.add(
        5,
        patch(-1, 2),
        new PatchGrid(IndexBox.of(image), new Extents(2, 1, 1), new IndexBox(0, 0, 0, 2, 1, 1)),
        token());

    assertThat(VoxelArrays.labels(best.labels())).containsExactly(new short[] {0, 0, 5, 5});
  }

  @Test
  void a_patch_that_reaches_outside_the_image_labels_what_is_inside() {
    Extents image = new Extents(3, 1, 1);
    BestLabel best = new BestLabel(Images.grid(image), IndexBox.of(image), pool);
    best.add(7, patch(1, 1, 1, 1), same(image, new IndexBox(-3, 0, 0, 1, 1, 1)), token());

    assertThat(VoxelArrays.labels(best.labels())).containsExactly(new short[] {7, 0, 0});
  }

  @Test
  void the_labels_lie_on_the_region_s_part_of_the_grid() {
    Extents image = new Extents(4, 4, 4);
    GridGeometry geometry =
        GridGeometry.of(
            image,
            new Affine(
                new Vector3(2, 0, 0),
                new Vector3(0, 3, 0),
                new Vector3(0, 0, 4),
                new Vector3(10, 20, 30)));
    BestLabel best = new BestLabel(geometry, new IndexBox(1, 2, 3, 4, 4, 4), pool);
    best.add(
        9,
        Images.constant(new Extents(2, 2, 1), 1),
        same(image, new IndexBox(0, 1, 3, 2, 3, 4)),
        token());
    LabelVolume labels = best.labels();

    assertThat(labels.geometry().affine().origin()).isEqualTo(new Vector3(12, 26, 42));
    assertThat(labels.extents()).isEqualTo(new Extents(3, 2, 1));
    // Of the patch's 2 x 2 voxels only (1, 2, 3) lies in the region.
    assertThat(VoxelArrays.labels(labels)).containsExactly(new short[] {9, 0, 0, 0, 0, 0});
  }

  @Test
  void a_patch_outside_the_region_changes_nothing() {
    Extents image = new Extents(9, 1, 1);
    BestLabel best = new BestLabel(Images.grid(image), new IndexBox(0, 0, 0, 3, 1, 1), pool);
    best.add(7, patch(1, 1), same(image, new IndexBox(5, 0, 0, 7, 1, 1)), token());

    assertThat(best.labels().count(0)).isEqualTo(3);
  }

  @Test
  void one_two_and_eight_threads_give_the_same_labels() {
    Extents image = new Extents(31, 29, 37);
    Extents resampled = new Extents(14, 17, 16);
    IndexBox patch = new IndexBox(2, -3, 4, 12, 9, 18);
    short[] expected = null;
    for (int threads : new int[] {1, 2, 8}) {
      try (StagePool some = new StagePool(threads)) {
        BestLabel best = new BestLabel(Images.grid(image), IndexBox.of(image), some);
        for (int label = 1; label <= 3; label++) {
          best.add(
              label,
              Images.noise(patch.extents(), label),
              new PatchGrid(IndexBox.of(image), resampled, patch),
              token());
        }
        short[] labels = VoxelArrays.labels(best.labels());
        expected = expected == null ? labels : expected;
        assertThat(labels).containsExactly(expected);
      }
    }
    assertThat(expected).contains((short) 0, (short) 1, (short) 2, (short) 3);
  }

  @Test
  void background_as_a_label_and_logits_of_another_size_are_refused() {
    Extents image = new Extents(4, 1, 1);
    BestLabel best = new BestLabel(Images.grid(image), IndexBox.of(image), pool);
    PatchGrid grid = same(image, new IndexBox(0, 0, 0, 2, 1, 1));

    assertThatIllegalArgumentException().isThrownBy(() -> best.add(0, patch(1, 1), grid, token()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> best.add(1, patch(1, 1, 1), grid, token()));
  }

  @Test
  void a_region_outside_the_image_and_a_patch_beside_the_resampled_image_are_refused() {
    Extents image = new Extents(4, 1, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BestLabel(Images.grid(image), new IndexBox(0, 0, 0, 5, 1, 1), pool));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> same(image, new IndexBox(4, 0, 0, 6, 1, 1)));
  }
}
