package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import org.junit.jupiter.api.Test;

class UnshearTest {

  @Test
  void a_field_linear_in_space_keeps_its_values_at_their_places() {
    GridGeometry tilted = tilted(4);
    float[] samples = new float[tilted.extents().voxels()];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) field(tilted, n % 20, n / 20 % 20, n / 400);
    }

    Volume upright = Unshear.toOrthogonal(Volume.wrap(tilted, samples));

    assertThat(upright.geometry().affine().shearDegrees()).isLessThan(1e-6);
    assertThat(upright.geometry().spacingMm()).isEqualTo(tilted.spacingMm());
    int inside = 0;
    for (int k = 1; k < 9; k++) {
      for (int j = 3; j < 17; j++) {
        for (int i = 1; i < 19; i++) {
          inside++;
          assertThat((double) upright.get(i, j, k))
              .isCloseTo(field(upright.geometry(), i, j, k), within(1e-3));
        }
      }
    }
    assertThat(inside).isEqualTo(8 * 14 * 18);
  }

  @Test
  void the_new_grid_covers_every_old_voxel_and_has_air_in_the_wedges() {
    GridGeometry tilted = tilted(4.9);
    float[] samples = new float[tilted.extents().voxels()];
    java.util.Arrays.fill(samples, 50);
    samples[0] = -1000;

    Volume upright = Unshear.toOrthogonal(Volume.wrap(tilted, samples));

    Extents e = upright.extents();
    for (int corner = 0; corner < 8; corner++) {
      Vector3 p =
          tilted.toWorldMm(
              new Vector3((corner & 1) * 19, (corner >> 1 & 1) * 19, (corner >> 2) * 9));
      Vector3 index = upright.geometry().toIndex(p);
      for (int axis = 0; axis < 3; axis++) {
        assertThat(index.get(axis)).isBetween(-1e-5, e.get(axis) - 1 + 1e-5);
      }
    }
    // 9 slices of 2 mm tilted by 4.9 degrees lean 1.5 mm: the far corner of the first slice is out
    assertThat(upright.get(5, e.j() - 1, 0)).isEqualTo(-1000);
  }

  @Test
  void labels_come_back_to_the_voxels_that_they_came_from() {
    GridGeometry tilted = tilted(3);
    Volume upright = Unshear.toOrthogonal(TestImages.noise(tilted, 4));
    LabelVolume labels = TestImages.numbered(upright.geometry());

    LabelVolume back = Unshear.labelsOnto(labels, tilted);

    assertThat(back.geometry()).isSameAs(tilted);
    Extents e = upright.extents();
    for (int k = 0; k < 10; k++) {
      for (int j = 0; j < 20; j++) {
        int n = back.get(7, j, k) - 1;
        Vector3 found =
            upright
                .geometry()
                .toWorldMm(new Vector3(n % e.i(), n / e.i() % e.j(), n / e.i() / e.j()));
        Vector3 miss = found.minus(tilted.toWorldMm(new Vector3(7, j, k)));
        assertThat(miss.norm()).isLessThan(1.3); // half of the diagonal of 1 x 1 x 2 mm is 1.22
      }
    }
  }

  @Test
  void an_orthogonal_image_is_returned_itself() {
    Volume volume = TestImages.row(1, 2, 3);

    assertThat(Unshear.toOrthogonal(volume)).isSameAs(volume);
  }

  @Test
  void a_shift_of_the_origin_changes_no_voxel() {
    GridGeometry tilted = tilted(2);
    Affine a = tilted.affine();
    GridGeometry moved =
        GridGeometry.of(
            tilted.extents(),
            new Affine(a.columnI(), a.columnJ(), a.columnK(), new Vector3(-123.4, 77.7, -1310.3)),
            tilted.spacingMm());
    Volume volume = TestImages.noise(tilted, 6);

    Volume shifted = Unshear.toOrthogonal(Volume.wrap(moved, VoxelArrays.samples(volume)));

    assertThat(VoxelArrays.samples(shifted))
        .isEqualTo(VoxelArrays.samples(Unshear.toOrthogonal(volume)));
  }

  @Test
  void more_than_five_degrees_are_refused() {
    Volume volume = TestImages.noise(tilted(5.1), 7);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Unshear.toOrthogonal(volume))
        .withMessageContaining("at most 5.0 degrees, was 5.1");
  }

  /** 20 x 20 x 10 voxels of 1 x 1 x 2 mm whose k axis leans towards posterior. */
  private static GridGeometry tilted(double degrees) {
    double t = Math.toRadians(degrees);
    return GridGeometry.of(
        new Extents(20, 20, 10),
        new Affine(
            new Vector3(1, 0, 0),
            new Vector3(0, 1, 0),
            new Vector3(0, 2 * Math.sin(t), 2 * Math.cos(t)),
            new Vector3(3, 4, 5)),
        new Vector3(1, 1, 2));
  }

  private static double field(GridGeometry grid, double i, double j, double k) {
    Vector3 p = grid.toWorldMm(new Vector3(i, j, k));
    return 2 * p.x() - 3 * p.y() + 0.5 * p.z();
  }
}
