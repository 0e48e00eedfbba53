package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.image.GridGeometry.Space;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridGeometryTest {

  private static final Extents EXTENTS = new Extents(4, 5, 6);
  private static final Vector3 SPACING = new Vector3(0.8, 0.9, 2.5);

  @Test
  void a_voxel_has_the_volume_of_the_determinant_and_not_of_the_spacings() {
    // k leans 1 mm per 2 mm: the column is longer than the distance of the slices.
    Affine sheared =
        new Affine(
            new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 1, 2), new Vector3(0, 0, 0));

    assertThat(GridGeometry.of(EXTENTS, sheared).voxelVolumeMm3()).isEqualTo(2);
    assertThat(GridGeometry.ofSpacing(EXTENTS, SPACING).voxelVolumeMm3())
        .isCloseTo(1.8, within(1e-12));
  }

  @Test
  void a_left_handed_grid_has_a_positive_voxel_volume() {
    Affine flipped =
        new Affine(
            new Vector3(-1, 0, 0),
            new Vector3(0, 2, 0),
            new Vector3(0, 0, 3),
            new Vector3(0, 0, 0));

    assertThat(flipped.determinant()).isEqualTo(-6);
    assertThat(GridGeometry.of(EXTENTS, flipped).voxelVolumeMm3()).isEqualTo(6);
  }

  @Test
  void the_stored_spacing_is_kept_to_the_last_bit() {
    Vector3 header = new Vector3(0.8f, 0.9, 2.5);

    assertThat(GridGeometry.of(EXTENTS, Affine.ofSpacing(SPACING), header).spacingMm().x())
        .isEqualTo((double) 0.8f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.81, 0.79, 0, -0.8, Double.NaN})
  void a_spacing_that_contradicts_the_affine_is_refused(double x) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridGeometry.of(EXTENTS, Affine.ofSpacing(SPACING), SPACING.with(0, x)))
        .withMessageContaining("spacing along axis 0")
        .withMessageContaining("was " + x + " mm");
  }

  @Test
  void index_to_world_and_back_is_the_identity() {
    double c = Math.cos(0.3);
    double s = Math.sin(0.3);
    GridGeometry grid =
        GridGeometry.of(
            EXTENTS,
            new Affine(
                new Vector3(0.8 * c, 0.8 * s, 0),
                new Vector3(-0.9 * s, 0.9 * c, 0),
                new Vector3(0, 0, -2.5),
                new Vector3(-120, 40, 900)));
    Vector3 index = new Vector3(1.25, 3, -0.5);

    Vector3 back = grid.toIndex(grid.toWorldMm(index));

    assertThat(back.minus(index).norm()).isLessThan(1e-12);
    assertThat(grid.toWorldMm(new Vector3(0, 0, 2))).isEqualTo(new Vector3(-120, 40, 895));
  }

  /** A grid of 4 x 5 x 6 voxels of 0.8 x 0.9 x 2.5 mm. */
  private static GridGeometry grid(Vector3 originMm) {
    Affine steps = Affine.ofSpacing(SPACING);
    return GridGeometry.of(
        EXTENTS, new Affine(steps.columnI(), steps.columnJ(), steps.columnK(), originMm), SPACING);
  }

  @Test
  void dicom_gives_the_distance_of_rows_before_that_of_columns() {
    // coronal: columns to the left, rows to the feet, so slices to the back
    GridGeometry grid =
        GridGeometry.ofDicom(
            new Extents(64, 32, 8),
            new double[] {-90, -40, 120},
            new double[] {1, 0, 0, 0, 0, -1},
            new double[] {0.5, 0.234375},
            2.000002);

    assertThat(grid.spacingMm()).isEqualTo(new Vector3(0.234375, 0.5, 2.000002));
    assertThat(grid.orientation()).hasToString("LIP");
    assertThat(grid.toWorldMm(new Vector3(0, 0, 0))).isEqualTo(new Vector3(-90, -40, 120));
    assertThat(grid.toWorldMm(new Vector3(4, 0, 0))).isEqualTo(new Vector3(-89.0625, -40, 120));
    assertThat(grid.toWorldMm(new Vector3(0, 4, 0))).isEqualTo(new Vector3(-90, -40, 118));
    assertThat(grid.toWorldMm(new Vector3(0, 0, 1))).isEqualTo(new Vector3(-90, -37.999998, 120));
  }

  @Test
  void dicom_slices_that_run_against_the_normal_have_a_negative_step() {
    GridGeometry grid =
        GridGeometry.ofDicom(
            EXTENTS,
            new double[] {0, 0, 0},
            new double[] {1, 0, 0, 0, 1, 0},
            new double[] {1, 1},
            -3);

    assertThat(grid.affine().columnK()).isEqualTo(new Vector3(0, 0, -3));
    assertThat(grid.spacingMm().z()).isEqualTo(3);
    assertThat(grid.orientation()).hasToString("LPI");
  }

  @Test
  void rounded_dicom_directions_become_exact() {
    GridGeometry grid =
        GridGeometry.ofDicom(
            EXTENTS,
            new double[] {0, 0, 0},
            new double[] {0.7071, 0.7071, 0, -0.7075, 0.7067, 0},
            new double[] {1, 1},
            1);

    assertThat(grid.affine().columnI().norm()).isCloseTo(1, within(1e-15));
    assertThat(grid.affine().shearDegrees()).isLessThan(1e-12);
  }

  @Test
  void dicom_numbers_out_of_range_are_refused_by_name() {
    double[] position = {0, 0, 0};
    double[] axial = {1, 0, 0, 0, 1, 0};
    double[] pixel = {1, 1};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridGeometry.ofDicom(EXTENTS, new double[2], axial, pixel, 1))
        .withMessage("imagePositionPatient holds 3 numbers, got 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridGeometry.ofDicom(EXTENTS, position, new double[9], pixel, 1))
        .withMessage("imageOrientationPatient holds 6 numbers, got 9");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                GridGeometry.ofDicom(
                    EXTENTS, position, new double[] {1, 0, 0, 0.1, 0.995, 0}, pixel, 1))
        .withMessageStartingWith("imageOrientationPatient must be two directions of length 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                GridGeometry.ofDicom(
                    EXTENTS, position, new double[] {1, 0, 0, 0, 1, Double.NaN}, pixel, 1))
        .withMessageStartingWith("imageOrientationPatient must be two directions of length 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridGeometry.ofDicom(EXTENTS, position, axial, new double[] {1, 0}, 1))
        .withMessage("pixelSpacing[1] must be positive, was 0.0 mm");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GridGeometry.ofDicom(EXTENTS, position, axial, pixel, 0))
        .withMessage("sliceStepMm must be finite and not 0, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GridGeometry.ofDicom(EXTENTS, new double[] {0, Double.NaN, 0}, axial, pixel, 1))
        .withMessage("an affine holds finite numbers only");
  }

  @Test
  void a_grid_comes_from_a_matrix_in_lps_or_ras() {
    double[][] lps = {{0.8, 0, 0, -90}, {0, 0.9, 0, -126}, {0, 0, 2.5, -72}, {0, 0, 0, 1}};
    double[][] ras = {{-0.8, 0, 0, 90}, {0, -0.9, 0, 126}, {0, 0, 2.5, -72}, {0, 0, 0, 1}};

    GridGeometry grid = GridGeometry.ofLpsMatrix(EXTENTS, lps);

    assertThat(grid).isEqualTo(grid(new Vector3(-90, -126, -72)));
    assertThat(GridGeometry.ofRasMatrix(EXTENTS, ras)).isEqualTo(grid);
  }

  @Test
  void two_grids_are_one_up_to_a_distance_in_voxels() {
    GridGeometry grid = grid(new Vector3(-100, 50, 700));
    GridGeometry moved = grid(new Vector3(-100, 50.0045, 700)); // 0.0045 mm of 0.9 mm: 0.005 voxel

    assertThat(grid.sameAs(grid, 0)).isTrue();
    assertThat(grid.sameAs(moved, 0.0051)).isTrue();
    assertThat(grid.sameAs(moved, 0.0049)).isFalse();
  }

  @Test
  void a_grid_that_fits_at_its_first_voxel_alone_is_another() {
    // one of 1000 columns is 0.8001 mm wide: 0.1 mm or 0.125 voxel off at the far side
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(1000, 2, 2), new Vector3(0.8, 0.8, 0.8));
    GridGeometry stretched =
        GridGeometry.ofSpacing(new Extents(1000, 2, 2), new Vector3(0.8001, 0.8, 0.8));

    assertThat(grid.sameAs(stretched, 0.12)).isFalse();
    assertThat(grid.sameAs(stretched, 0.13)).isTrue();
  }

  @Test
  void the_thickness_of_a_single_plane_counts() {
    Extents plane = new Extents(4, 5, 1);

    assertThat(
            GridGeometry.ofSpacing(plane, new Vector3(1, 1, 2))
                .sameAs(GridGeometry.ofSpacing(plane, new Vector3(1, 1, 3)), 0.2))
        .isFalse(); // its outer faces are half a millimetre, a quarter of a voxel, apart
  }

  @Test
  void grids_of_another_size_world_or_calibration_are_others() {
    GridGeometry patient = GridGeometry.ofSpacing(new Extents(4, 5, 1), new Vector3(1, 1, 1));
    GridGeometry picture = GridGeometry.imagePlane(4, 5, 1, 1);
    GridGeometry unscaled = GridGeometry.uncalibratedPlane(4, 5);

    assertThat(patient.sameAs(picture, 1)).isFalse();
    assertThat(picture.sameAs(unscaled, 1)).isFalse();
    assertThat(picture.sameAs(GridGeometry.imagePlane(4, 6, 1, 1), 1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN})
  void a_tolerance_that_is_no_distance_is_refused(double tolerance) {
    GridGeometry grid = GridGeometry.ofSpacing(EXTENTS, SPACING);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> grid.sameAs(grid, tolerance))
        .withMessage("toleranceVoxels must be at least 0, was " + tolerance);
  }

  @Test
  void a_cropped_grid_keeps_its_voxels_where_they_are() {
    GridGeometry grid = grid(new Vector3(10, 20, 30));

    GridGeometry part = grid.crop(new IndexBox(1, 2, 3, 4, 4, 5));

    assertThat(part.extents()).isEqualTo(new Extents(3, 2, 2));
    assertThat(part.affine().origin()).isEqualTo(new Vector3(10.8, 21.8, 37.5));
    assertThat(part.spacingMm()).isEqualTo(SPACING);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grid.crop(new IndexBox(0, 0, 0, 5, 5, 6)))
        .withMessageContaining("4 x 5 x 6");
  }

  @Test
  void an_uncalibrated_plane_gives_no_millimetres() {
    GridGeometry plane =
        new GridGeometry(EXTENTS, Affine.ofSpacing(SPACING), SPACING, Space.IMAGE_PLANE, false);

    assertThatIllegalStateException()
        .isThrownBy(plane::voxelVolumeMm3)
        .withMessage("the grid has no millimetre scale");
  }

  @Test
  void patient_space_without_a_scale_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new GridGeometry(
                    EXTENTS, Affine.ofSpacing(SPACING), SPACING, Space.PATIENT_LPS, false))
        .withMessage("patient space is always calibrated");
  }

  @Test
  void it_describes_itself_without_the_patient() {
    assertThat(GridGeometry.ofSpacing(EXTENTS, SPACING).describe())
        .isEqualTo("4 x 5 x 6 voxels of 0.8000 x 0.9000 x 2.500 mm, LPS");
  }

  @Test
  void grids_whose_rounded_numbers_are_alike_say_how_far_they_lie_apart() {
    GridGeometry one = GridGeometry.ofSpacing(new Extents(100, 100, 100), new Vector3(1, 1, 1));
    GridGeometry other =
        GridGeometry.ofSpacing(new Extents(100, 100, 100), new Vector3(1, 1, 1.00002));

    assertThat(one.sameAs(other, GridGeometry.SAME_VOXELS)).isFalse();
    assertThat(one.describe()).isEqualTo(other.describe());
    assertThat(one.describeDistance(other))
        .isEqualTo("; their corners lie up to 0.0020 voxels apart");
    assertThat(one.describeDistance(GridGeometry.uncalibratedPlane(5, 5))).isEmpty();
  }
}
