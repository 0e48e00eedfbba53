package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelStatisticsTest {

  private static final Extents FIVE = new Extents(5, 5, 5);
  private static final GridGeometry GRID = GridGeometry.ofSpacing(FIVE, new Vector3(1, 2, 3));

  @Test
  void two_voxels_of_1_by_2_by_3_mm_hold_12_cubic_mm_around_their_mean_position() {
    short[] labels = new short[125];
    labels[FIVE.offset(1, 2, 3)] = 20;
    labels[FIVE.offset(2, 2, 3)] = 20;
    float[] samples = new float[125];
    samples[FIVE.offset(1, 2, 3)] = 100;
    samples[FIVE.offset(2, 2, 3)] = 300;

    LabelStatistics found =
        LabelStatistics.of(LabelVolume.wrap(GRID, labels), Volume.wrap(GRID, samples)).get(0);

    assertThat(found.label()).isEqualTo(20);
    assertThat(found.voxels()).isEqualTo(2);
    assertThat(found.volumeMm3()).isEqualTo(12);
    assertThat(found.centroidMm()).isEqualTo(new Vector3(1.5, 4, 9));
    assertThat(found.mean()).hasValue(200);
    assertThat(found.touchesBorder()).isFalse();
    assertThat(found.bounds()).isEqualTo(new IndexBox(1, 2, 3, 3, 3, 4));
  }

  @Test
  void labels_come_in_ascending_order_and_read_as_unsigned() {
    short[] labels = new short[125];
    labels[0] = (short) 65535;
    labels[1] = 7;

    assertThat(LabelStatistics.of(LabelVolume.wrap(GRID, labels)))
        .extracting(LabelStatistics::label)
        .containsExactly(7, 65535);
  }

  @Test
  void background_alone_has_no_statistics() {
    assertThat(LabelStatistics.of(LabelVolume.empty(GRID))).isEmpty();
  }

  @Test
  void without_an_image_there_is_no_mean() {
    short[] labels = new short[125];
    labels[0] = 1;

    assertThat(LabelStatistics.of(LabelVolume.wrap(GRID, labels)).get(0).mean()).isEmpty();
  }

  @Test
  void a_sheared_grid_counts_its_determinant_and_not_its_spacings() {
    Affine sheared =
        new Affine(
            new Vector3(1, 0, 0),
            new Vector3(0.05, 2, 0),
            new Vector3(0, 0, 3),
            new Vector3(0, 0, 0));
    short[] labels = new short[125];
    labels[0] = 1;

    assertThat(
            LabelStatistics.of(LabelVolume.wrap(GridGeometry.of(FIVE, sheared), labels))
                .get(0)
                .volumeMm3())
        .isEqualTo(6);
  }

  @Test
  void the_first_and_the_last_plane_of_each_axis_are_border() {
    int[][] onBorder = {{0, 2, 2}, {4, 2, 2}, {2, 0, 2}, {2, 4, 2}, {2, 2, 0}, {2, 2, 4}};
    for (int[] at : onBorder) {
      assertThat(oneVoxel(FIVE, at[0], at[1], at[2]).touchesBorder()).isTrue();
    }
    assertThat(oneVoxel(FIVE, 1, 3, 2).touchesBorder()).isFalse();
  }

  @Test
  void the_only_plane_of_a_2d_image_is_no_border() {
    assertThat(oneVoxel(new Extents(5, 5, 1), 2, 2, 0).touchesBorder()).isFalse();
    assertThat(oneVoxel(new Extents(5, 5, 1), 0, 2, 0).touchesBorder()).isTrue();
  }

  @Test
  void an_image_on_another_grid_is_refused() {
    Volume moved =
        Volume.wrap(
            GridGeometry.of(
                FIVE,
                new Affine(
                    new Vector3(1, 0, 0),
                    new Vector3(0, 2, 0),
                    new Vector3(0, 0, 3),
                    new Vector3(0, 0.01, 0))),
            new float[125]);

    assertThatThrownBy(() -> LabelStatistics.of(LabelVolume.empty(GRID), moved))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("must lie on one grid")
        .extracting("code")
        .isEqualTo("GRID_MISMATCH");
  }

  @Test
  void an_image_that_is_not_finite_under_a_label_is_refused() {
    short[] labels = new short[125];
    labels[3] = 22;
    float[] samples = new float[125];
    samples[3] = Float.NaN;

    assertThatThrownBy(
            () -> LabelStatistics.of(LabelVolume.wrap(GRID, labels), Volume.wrap(GRID, samples)))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("under label 22")
        .extracting("code")
        .isEqualTo("NON_FINITE_SAMPLES");
  }

  @Test
  void nan_elsewhere_does_no_harm() {
    short[] labels = new short[125];
    labels[3] = 22;
    float[] samples = new float[125];
    samples[4] = Float.NaN;

    List<LabelStatistics> found =
        LabelStatistics.of(LabelVolume.wrap(GRID, labels), Volume.wrap(GRID, samples));

    assertThat(LabelStatistics.find(found, 22).orElseThrow().mean()).hasValue(0);
  }

  private static LabelStatistics oneVoxel(Extents extents, int i, int j, int k) {
    short[] labels = new short[extents.voxels()];
    labels[extents.offset(i, j, k)] = 1;
    GridGeometry grid = GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1));
    return LabelStatistics.of(LabelVolume.wrap(grid, labels)).get(0);
  }
}
