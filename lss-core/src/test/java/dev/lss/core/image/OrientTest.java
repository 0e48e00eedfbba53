package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.image.Affine;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.GridGeometry.Space;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OrientTest {

  private static final Vector3 SPACING = new Vector3(0.7, 1.1, 3);

  static List<AnatomicalCode> codes() {
    return AnatomicalCode.all();
  }

  @Test
  void reversing_i_reverses_the_samples_and_moves_the_origin_to_the_other_end() {
    Volume row = TestImages.row(1, 2, 3);

    Volume turned = Orient.to(row, AnatomicalCode.parse("RPS"));

    assertThat(VoxelArrays.samples(turned)).containsExactly(3, 2, 1);
    assertThat(turned.geometry().affine().origin()).isEqualTo(new Vector3(2, 0, 0));
    assertThat(turned.geometry().affine().columnI().x()).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("codes")
  void numbers_of_16_bits_stay_such(AnatomicalCode code) {
    GridGeometry grid =
        TestImages.oblique(new Extents(4, 5, 3), AnatomicalCode.parse("AIR"), SPACING);
    short[] numbers = VoxelArrays.labels(TestImages.numbered(grid));
    Volume stored = VoxelArrays.stored(grid, numbers, true, 0.5, -3);

    Volume turned = Orient.to(stored, code);

    assertThat(VoxelArrays.numbers(turned)).isPresent();
    assertThat(turned.toArray())
        .isEqualTo(Orient.to(Volume.wrap(grid, stored.toArray()), code).toArray());
  }

  @ParameterizedTest
  @MethodSource("codes")
  void every_voxel_keeps_its_value_and_its_place_in_the_patient(AnatomicalCode code) {
    GridGeometry grid =
        TestImages.oblique(new Extents(4, 5, 3), AnatomicalCode.parse("AIR"), SPACING);
    LabelVolume labels = TestImages.numbered(grid);

    LabelVolume turned = Orient.to(labels, code);

    assertThat(turned.geometry().orientation()).isEqualTo(code);
    Extents e = turned.extents();
    for (int k = 0; k < e.k(); k++) {
      for (int j = 0; j < e.j(); j++) {
        for (int i = 0; i < e.i(); i++) {
          int n = turned.get(i, j, k) - 1;
          Vector3 source = new Vector3(n % 4, n / 4 % 5, n / 20);
          Vector3 shift =
              turned.geometry().toWorldMm(new Vector3(i, j, k)).minus(grid.toWorldMm(source));
          assertThat(shift.norm()).isLessThan(1e-10);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("codes")
  void there_and_back_is_the_identity(AnatomicalCode code) {
    GridGeometry grid = TestImages.oblique(new Extents(37, 3, 41), code, SPACING);
    Volume volume = TestImages.noise(grid, 1);
    LabelVolume labels = TestImages.numbered(grid);

    Volume volumeBack = Orient.to(Orient.to(volume, AnatomicalCode.LPS), code);
    LabelVolume labelsBack = Orient.onto(Orient.to(labels, AnatomicalCode.LPS), grid);

    assertThat(VoxelArrays.samples(volumeBack)).isEqualTo(VoxelArrays.samples(volume));
    assertThat(volumeBack.geometry().spacingMm()).isEqualTo(SPACING);
    assertThat(volumeBack.geometry().affine().origin().minus(grid.affine().origin()).norm())
        .isCloseTo(0, within(1e-10));
    assertThat(VoxelArrays.labels(labelsBack)).isEqualTo(VoxelArrays.labels(labels));
    assertThat(labelsBack.geometry()).isSameAs(grid);
  }

  @Test
  void an_image_that_lies_right_is_returned_itself() {
    Volume volume = TestImages.row(1, 2, 3);

    assertThat(Orient.to(volume, AnatomicalCode.LPS)).isSameAs(volume);
  }

  @Test
  void large_transpositions_reach_every_voxel() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(70, 45, 65), new Vector3(1, 1, 1));
    Volume volume = TestImages.noise(grid, 5);

    Volume turned = Orient.to(volume, AnatomicalCode.parse("SRP"));

    for (int k = 0; k < 65; k++) {
      for (int j = 0; j < 45; j++) {
        for (int i = 0; i < 70; i++) {
          assertThat(turned.get(k, 69 - i, j)).isEqualTo(volume.get(i, j, k));
        }
      }
    }
  }

  @Test
  void an_image_without_a_place_in_the_patient_is_refused() {
    GridGeometry plane =
        new GridGeometry(
            new Extents(2, 2, 1),
            Affine.ofSpacing(new Vector3(1, 1, 1)),
            new Vector3(1, 1, 1),
            Space.IMAGE_PLANE,
            false);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Orient.to(LabelVolume.empty(plane), AnatomicalCode.LPS))
        .withMessageContaining("patient space");
  }

  @Test
  void labels_of_another_grid_are_not_put_onto_this_one() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(3, 3, 3), new Vector3(1, 1, 1));
    Affine shifted =
        new Affine(
            new Vector3(1, 0, 0),
            new Vector3(0, 1, 0),
            new Vector3(0, 0, 1),
            new Vector3(0.01, 0, 0));
    LabelVolume labels = LabelVolume.empty(GridGeometry.of(new Extents(3, 3, 3), shifted));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Orient.onto(labels, grid))
        .withMessageContaining("does not share the voxels");
  }
}
