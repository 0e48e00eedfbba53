package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.spi.VoxelArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Extents, boxes and the two kinds of volume. */
class GridValuesTest {

  private static final Extents EXTENTS = new Extents(2, 3, 4);
  private static final GridGeometry GRID = GridGeometry.ofSpacing(EXTENTS, new Vector3(1, 1, 1));

  @Test
  void memory_runs_along_i_first() {
    assertThat(EXTENTS.voxels()).isEqualTo(24);
    assertThat(EXTENTS.offset(1, 0, 0)).isEqualTo(1);
    assertThat(EXTENTS.offset(0, 1, 0)).isEqualTo(2);
    assertThat(EXTENTS.offset(0, 0, 1)).isEqualTo(6);
    assertThat(EXTENTS.offset(1, 2, 3)).isEqualTo(23);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, -1, 1", "1, 1, 0"})
  void extents_below_one_are_refused(int i, int j, int k) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Extents(i, j, k))
        .withMessageStartingWith("extents must be at least 1, were " + i);
  }

  @ParameterizedTest
  @CsvSource({"65536, 65536, 1", "2048, 2048, 512", "2147483647, 2147483647, 2147483647"})
  void more_voxels_than_an_array_holds_are_refused(int i, int j, int k) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Extents(i, j, k))
        .withMessageStartingWith("a grid holds at most 2^31-17 voxels");
  }

  @Test
  void a_box_is_half_open() {
    IndexBox box = new IndexBox(1, 2, 3, 4, 4, 4);

    assertThat(box.extents()).isEqualTo(new Extents(3, 2, 1));
    assertThat(box.start(2)).isEqualTo(3);
    assertThat(box.end(0)).isEqualTo(4);
  }

  @Test
  void the_whole_grid_lies_inside_itself_and_one_voxel_more_does_not() {
    assertThat(IndexBox.of(EXTENTS).isInside(EXTENTS)).isTrue();
    assertThat(new IndexBox(0, 0, 0, 3, 3, 4).isInside(EXTENTS)).isFalse();
    assertThat(new IndexBox(0, -1, 0, 2, 3, 4).isInside(EXTENTS)).isFalse();
  }

  @Test
  void a_box_that_reaches_outside_is_cut_to_the_grid() {
    assertThat(new IndexBox(-5, 1, 2, 1, 9, 9).intersect(EXTENTS))
        .isEqualTo(new IndexBox(0, 1, 2, 1, 3, 4));
  }

  @Test
  void a_box_beside_the_grid_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IndexBox(2, 0, 0, 3, 1, 1).intersect(EXTENTS));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0, 1, 1, 1", "0, 2, 0, 1, 1, 1", "0, 0, 0, 1, 1, 0"})
  void an_empty_box_is_refused(int i0, int j0, int k0, int i1, int j1, int k1) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IndexBox(i0, j0, k0, i1, j1, k1))
        .withMessageStartingWith("a box holds at least one voxel");
  }

  @Test
  void wrap_keeps_the_callers_array_and_copy_does_not() {
    float[] samples = new float[24];
    Volume wrapped = Volume.wrap(GRID, samples);
    Volume copied = Volume.copyOf(GRID, samples);
    samples[23] = 5;

    assertThat(wrapped.get(1, 2, 3)).isEqualTo(5);
    assertThat(copied.get(1, 2, 3)).isZero();
    assertThat(VoxelArrays.samples(wrapped)).isSameAs(samples);
  }

  @Test
  void a_wrong_number_of_samples_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Volume.wrap(GRID, new float[23]))
        .withMessage("a volume of 2 x 3 x 4 needs 24 samples, got 23");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelVolume.wrap(GRID, new short[25]))
        .withMessage("a label volume of 2 x 3 x 4 needs 24 labels, got 25");
  }

  @Test
  void labels_are_unsigned() {
    short[] labels = new short[24];
    labels[0] = (short) 65535;
    labels[1] = (short) 65535;

    LabelVolume volume = LabelVolume.wrap(GRID, labels);

    assertThat(volume.get(0, 0, 0)).isEqualTo(65535);
    assertThat(volume.count(65535)).isEqualTo(2);
    assertThat(volume.count(0)).isEqualTo(22);
    assertThat(LabelVolume.empty(GRID).count(0)).isEqualTo(24);
  }

  @Test
  void corners_are_the_outermost_voxels_or_their_outer_faces() {
    assertThat(EXTENTS.corners(0))
        .hasSize(8)
        .startsWith(new Vector3(0, 0, 0), new Vector3(1, 0, 0), new Vector3(0, 2, 0))
        .endsWith(new Vector3(1, 2, 3));
    assertThat(EXTENTS.corners(0.5))
        .startsWith(new Vector3(-0.5, -0.5, -0.5))
        .endsWith(new Vector3(1.5, 2.5, 3.5));
  }

  @Test
  void two_boxes_share_what_is_in_both() {
    IndexBox box = new IndexBox(0, 1, 2, 5, 5, 5);

    assertThat(box.shared(new IndexBox(-2, 3, 0, 1, 9, 4)))
        .contains(new IndexBox(0, 3, 2, 1, 5, 4));
    assertThat(box.shared(new IndexBox(5, 1, 2, 6, 5, 5))).isEmpty();
  }

  @Test
  void signed_and_unsigned_numbers_of_16_bits_are_rescaled() {
    GridGeometry row = GridGeometry.ofSpacing(new Extents(3, 1, 1), new Vector3(1, 1, 1));
    short[] stored = {0, 2, (short) 0xffff};

    assertThat(Volume.ofSigned(row, stored, 0.5, 10).toArray()).containsExactly(10, 11, 9.5f);
    assertThat(Volume.ofUnsigned(row, stored, 1, -1024).toArray())
        .containsExactly(-1024, -1022, 64511);
  }

  @Test
  void numbers_of_16_bits_read_as_the_floats_that_they_stand_for_and_are_copied() {
    short[] stored = new short[24];
    float[] expected = new float[24];
    for (int n = 0; n < 24; n++) {
      stored[n] = (short) (3000 * n - 32768);
      expected[n] = (float) (0.1 * stored[n] - 1024);
    }
    Volume volume = Volume.ofSigned(GRID, stored, 0.1, -1024);
    Volume floats = Volume.wrap(GRID, expected);
    stored[0] = 7;
    IndexBox box = new IndexBox(1, 1, 0, 2, 3, 4);

    assertThat(volume.toArray()).isEqualTo(expected);
    assertThat(VoxelArrays.samples(volume)).isEqualTo(expected);
    assertThat(volume.toArray(box)).isEqualTo(floats.toArray(box));
    assertThat(volume.get(1, 2, 3)).isEqualTo(floats.get(1, 2, 3));
    assertThat(VoxelArrays.at(volume, 23)).isEqualTo(expected[23]);
    float[] some = new float[2];
    VoxelArrays.read(volume, 5, 2, some);
    assertThat(some).containsExactly(expected[5], expected[6]);
    assertThat(VoxelArrays.numbers(volume)).isPresent();
    assertThat(VoxelArrays.numbers(floats)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "NaN, 0", "Infinity, 0", "1, NaN", "1, Infinity", "1e38, 0"})
  void a_slope_or_intercept_without_a_finite_value_is_refused(double slope, double intercept) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Volume.ofSigned(GRID, new short[24], slope, intercept))
        .withMessageStartingWith("slope");
  }

  @Test
  void a_box_of_voxels_is_copied() {
    float[] samples = new float[24];
    short[] labels = new short[24];
    for (int n = 0; n < 24; n++) {
      samples[n] = n;
      labels[n] = (short) (65000 + n);
    }
    Volume volume = Volume.wrap(GRID, samples);
    float[] row = volume.toArray(new IndexBox(0, 2, 3, 2, 3, 4));

    assertThat(row).containsExactly(22, 23);
    row[0] = -1;
    assertThat(volume.get(0, 2, 3)).isEqualTo(22);
    assertThat(LabelVolume.wrap(GRID, labels).toArray(new IndexBox(1, 0, 0, 2, 3, 1)))
        .containsExactly((short) 65001, (short) 65003, (short) 65005);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> volume.toArray(new IndexBox(0, 0, 0, 3, 1, 1)))
        .withMessageStartingWith("the box must lie inside the grid of 2 x 3 x 4");
  }

  @ParameterizedTest
  @CsvSource({"2, 0, 0", "-1, 1, 0", "0, 3, 0", "0, 0, 4", "0, 0, -1"})
  void a_voxel_outside_is_refused_and_never_another_one_read(int i, int j, int k) {
    assertThatThrownBy(() -> Volume.wrap(GRID, new float[24]).get(i, j, k))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("a grid of 2 x 3 x 4 has no voxel (%d, %d, %d)", i, j, k);
    assertThatThrownBy(() -> LabelVolume.empty(GRID).get(i, j, k))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
