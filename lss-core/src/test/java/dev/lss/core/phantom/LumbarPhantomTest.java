package dev.lss.core.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LumbarPhantomTest {

  private static final PhantomParameters QUIET =
      PhantomParameters.middle()
          .with(PhantomParameter.NOISE_HU, 0)
          .with(PhantomParameter.TEXTURE_HU, 0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void counting_voxels_of_1_mm_gives_the_true_volumes_to_1_percent(long seed) {
    LumbarPhantom phantom = LumbarPhantom.random(seed);
    GridGeometry grid = around(phantom, new Vector3(1, 1, 1), new Extents(150, 200, 290));

    List<LabelStatistics> counted = LabelStatistics.of(phantom.labels(grid));

    assertThat(counted).extracting(LabelStatistics::label).containsExactly(20, 21, 22, 23, 24);
    for (LabelStatistics label : counted) {
      assertThat(label.touchesBorder()).isFalse();
      VertebraLevel level = VertebraLevel.ofVerseId(label.label()).orElseThrow();
      assertThat(label.volumeMm3())
          .as(level.toString())
          .isCloseTo(phantom.trueVolumeMm3(level), Percentage.withPercentage(1));
    }
  }

  @Test
  void the_true_volume_has_converged_to_a_thousandth() {
    LumbarPhantom phantom = LumbarPhantom.random(4);
    for (VertebraLevel level : List.of(VertebraLevel.L1, VertebraLevel.L5)) {
      double finest = phantom.trueVolumeMm3(level, 0.25);

      assertThat(phantom.trueVolumeMm3(level)).isCloseTo(finest, Percentage.withPercentage(0.1));
      assertThat(phantom.trueVolumeMm3(level, 1)).isCloseTo(finest, Percentage.withPercentage(0.5));
    }
  }

  @Test
  void the_true_volume_of_a_ball_is_that_of_its_formula() {
    Bone ball =
        new Bone(
            java.util.Optional.empty(),
            (x, y, z) -> Math.sqrt(x * x + y * y + z * z) - 20,
            Frame.WORLD,
            new Vector3(-25, -26, -27),
            new Vector3(25, 25, 25));

    assertThat(PhantomVolume.mm3(ball, List.of(ball), 0.5))
        .isCloseTo(4.0 / 3 * Math.PI * 8000, Percentage.withPercentage(0.05));
  }

  @Test
  void turning_and_moving_a_phantom_keeps_its_true_volumes() {
    LumbarPhantom phantom = LumbarPhantom.of(QUIET, Pose.UPRIGHT, 1);
    LumbarPhantom turned = phantom.in(new Pose(20, -15, 40, new Vector3(100, 50, -30)));

    assertThat(turned.trueVolumeMm3(VertebraLevel.L2))
        .isEqualTo(phantom.trueVolumeMm3(VertebraLevel.L2));
  }

  @Test
  void one_phantom_on_one_grid_always_gives_the_same_bits() {
    GridGeometry grid =
        around(LumbarPhantom.random(9), new Vector3(3, 3, 3), new Extents(50, 50, 50));

    assertThat(VoxelArrays.samples(LumbarPhantom.random(9).render(grid)))
        .isEqualTo(VoxelArrays.samples(LumbarPhantom.random(9).render(grid)));
    assertThat(VoxelArrays.samples(LumbarPhantom.random(9).render(grid)))
        .isNotEqualTo(VoxelArrays.samples(LumbarPhantom.random(10).render(grid)));
  }

  @Test
  void l3s_body_lies_where_the_pose_puts_it_and_is_bright_in_the_core() {
    Vector3 place = new Vector3(30, -40, 55);
    LumbarPhantom phantom = LumbarPhantom.of(QUIET, new Pose(5, 6, 7, place), 1);
    GridGeometry grid = around(phantom, new Vector3(1, 1, 1), new Extents(21, 21, 11));

    assertThat(phantom.labels(grid).get(10, 10, 5)).isEqualTo(22);
    assertThat(phantom.render(grid).get(10, 10, 5)).isEqualTo(160);
  }

  @Test
  void an_oblique_grid_sees_the_same_body() {
    LumbarPhantom phantom = LumbarPhantom.of(QUIET, Pose.UPRIGHT, 1);
    Affine oblique =
        new Affine(
            new Vector3(0, 0.6, 0.8),
            new Vector3(0, -0.8, 0.6),
            new Vector3(2, 0, 0),
            new Vector3(-10, -0.6 * 5 + 0.8 * 5, -0.8 * 5 - 0.6 * 5));
    GridGeometry grid = GridGeometry.of(new Extents(11, 11, 11), oblique);

    assertThat(phantom.labels(grid).get(5, 5, 5)).isEqualTo(22);
    assertThat(phantom.render(grid).get(5, 5, 5)).isEqualTo(160);
  }

  @Test
  void around_the_trunk_there_is_air_and_under_the_skin_fat() {
    LumbarPhantom phantom = LumbarPhantom.of(QUIET, Pose.UPRIGHT, 1);
    Volume ct = phantom.render(around(phantom, new Vector3(4, 4, 4), new Extents(101, 81, 3)));
    int front = (int) Math.round((85 - 2 * 115.0) / 4) + 40;

    assertThat(ct.get(0, 0, 1)).isEqualTo(-1000);
    assertThat(ct.get(50, front + 2, 1)).isEqualTo(-100);
  }

  @Test
  void a_thick_slice_is_the_mean_of_thin_ones() {
    LumbarPhantom phantom = LumbarPhantom.of(QUIET, new Pose(4, 3, 2, new Vector3(0, 0, 0)), 1);
    Volume thick =
        phantom.render(
            grid(new Vector3(-40, -30, 2), new Vector3(2, 2, 6), new Extents(40, 60, 3)));
    Volume thin =
        phantom.render(
            grid(new Vector3(-40, -30, 0), new Vector3(2, 2, 2), new Extents(40, 60, 9)));

    for (int j = 0; j < 60; j++) {
      for (int i = 0; i < 40; i++) {
        double mean = (thin.get(i, j, 3) + thin.get(i, j, 4) + thin.get(i, j, 5)) / 3;
        assertThat((double) thick.get(i, j, 1)).isCloseTo(mean, within(1.01));
      }
    }
  }

  @Test
  void noise_has_the_stated_deviation() {
    PhantomParameters noisy = QUIET.with(PhantomParameter.NOISE_HU, 20);
    LumbarPhantom phantom = LumbarPhantom.of(noisy, Pose.UPRIGHT, 1);
    Volume ct =
        phantom.render(around(phantom, new Vector3(0.5, 0.5, 0.5), new Extents(21, 21, 21)));
    double squares = 0;
    for (float hu : VoxelArrays.samples(ct)) {
      squares += (hu - 160) * (hu - 160);
    }

    assertThat(Math.sqrt(squares / ct.extents().voxels())).isCloseTo(20, within(1.0));
  }

  @Test
  void the_demo_shows_all_lumbar_vertebrae_whole() {
    LumbarPhantom demo = LumbarPhantom.demo();
    LabelVolume labels = demo.labels(demo.standardGrid());

    assertThat(LabelStatistics.of(labels)).hasSize(5).noneMatch(LabelStatistics::touchesBorder);
  }

  @Test
  void the_plane_of_an_ultrasound_is_refused() {
    GridGeometry plane =
        new GridGeometry(
            new Extents(4, 4, 1),
            Affine.ofSpacing(new Vector3(1, 1, 1)),
            new Vector3(1, 1, 1),
            GridGeometry.Space.IMAGE_PLANE,
            true);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LumbarPhantom.demo().render(plane))
        .withMessageContaining("patient space");
  }

  /** Returns an LPS grid with the centre of L3's body in its middle. */
  private static GridGeometry around(LumbarPhantom phantom, Vector3 spacing, Extents n) {
    Vector3 half =
        new Vector3(
            (n.i() - 1) * spacing.x() / 2,
            (n.j() - 1) * spacing.y() / 2,
            (n.k() - 1) * spacing.z() / 2);
    return grid(phantom.pose().positionMm().minus(half), spacing, n);
  }

  private static GridGeometry grid(Vector3 first, Vector3 spacing, Extents n) {
    Affine steps = Affine.ofSpacing(spacing);
    return GridGeometry.of(
        n, new Affine(steps.columnI(), steps.columnJ(), steps.columnK(), first), spacing);
  }
}
