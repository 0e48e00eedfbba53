package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import org.junit.jupiter.api.Test;

class SlicePlaneTest {

  private static GridGeometry lps(int i, int j, int k, double mmI, double mmJ, double mmK) {
    return GridGeometry.ofSpacing(new Extents(i, j, k), new Vector3(mmI, mmJ, mmK));
  }

  @Test
  void slices_lie_across_the_axis_along_which_they_are_thick() {
    assertThat(SlicePlane.of(lps(9, 9, 9, 4, 0.5, 0.5))).isEqualTo(SlicePlane.SAGITTAL);
    assertThat(SlicePlane.of(lps(9, 9, 9, 0.5, 4, 0.5))).isEqualTo(SlicePlane.CORONAL);
    assertThat(SlicePlane.of(lps(9, 9, 9, 0.5, 0.5, 4))).isEqualTo(SlicePlane.AXIAL);
  }

  @Test
  void the_axis_of_the_patient_counts_and_not_that_of_the_array() {
    // k runs to the patient's right: sagittal slices, as a scanner stores them
    GridGeometry stored =
        GridGeometry.of(
            new Extents(9, 9, 9),
            new Affine(
                new Vector3(0, 0.5, 0),
                new Vector3(0, 0, -0.5),
                new Vector3(-4, 0, 0),
                new Vector3(0, 0, 0)));

    assertThat(SlicePlane.of(stored)).isEqualTo(SlicePlane.SAGITTAL);
  }

  @Test
  void an_oblique_image_is_named_after_the_closest_plane() {
    double c = Math.cos(Math.toRadians(30));
    double s = Math.sin(Math.toRadians(30));
    GridGeometry oblique =
        GridGeometry.of(
            new Extents(9, 9, 9),
            new Affine(
                new Vector3(1, 0, 0),
                new Vector3(0, c, s),
                new Vector3(0, -3 * s, 3 * c),
                new Vector3(0, 0, 0)));

    assertThat(SlicePlane.of(oblique)).isEqualTo(SlicePlane.AXIAL);
  }

  @Test
  void slices_that_are_thicker_by_one_and_a_half_make_a_plane_and_thinner_ones_do_not() {
    assertThat(SlicePlane.of(lps(9, 9, 9, 1, 1, 1.5))).isEqualTo(SlicePlane.AXIAL);
    assertThat(SlicePlane.of(lps(9, 9, 9, 1, 1, 1.49))).isEqualTo(SlicePlane.ISOTROPIC);
    assertThat(SlicePlane.of(lps(9, 9, 9, 0.5, 1, 1))).isEqualTo(SlicePlane.ISOTROPIC);
  }

  @Test
  void a_single_slice_lies_across_the_axis_that_has_one_voxel_however_thin_it_is() {
    assertThat(SlicePlane.of(lps(1, 9, 9, 0.1, 1, 1))).isEqualTo(SlicePlane.SAGITTAL);
    assertThat(SlicePlane.of(lps(9, 9, 1, 1, 5, 1))).isEqualTo(SlicePlane.AXIAL);
    assertThat(SlicePlane.of(lps(1, 1, 9, 1, 1, 1))).isEqualTo(SlicePlane.ISOTROPIC);
  }

  @Test
  void a_picture_without_a_place_in_the_patient_is_an_image() {
    assertThat(SlicePlane.of(GridGeometry.imagePlane(4, 3, 0.1, 0.1))).isEqualTo(SlicePlane.IMAGE);
    assertThat(SlicePlane.of(GridGeometry.uncalibratedPlane(4, 3))).isEqualTo(SlicePlane.IMAGE);
  }
}
