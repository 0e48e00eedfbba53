package dev.lss.metrics;

import static dev.lss.metrics.EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurfaceDistancesTest {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final GridGeometry PLANE =
      GridGeometry.ofSpacing(new Extents(100, 100, 1), new Vector3(2, 1, 5));
  private static final GridGeometry CUBE =
      GridGeometry.ofSpacing(new Extents(9, 9, 9), new Vector3(1, 1, 2));

  private static LabelVolume voxel(GridGeometry grid, int i, int j, int k) {
    short[] labels = new short[grid.extents().voxels()];
    labels[grid.extents().offset(i, j, k)] = 1;
    return LabelVolume.wrap(grid, labels);
  }

  private static SurfaceDistances compare(LabelVolume reference, LabelVolume prediction) {
    return LabelSurfaces.of(reference, prediction, List.of(1), SurfaceOptions.STANDARD).of(1);
  }

  /** The worked case of surface-distance's own tests: two pixels, two rows apart. */
  @Test
  void two_pixels_two_mm_apart_can_be_checked_on_paper() {
    SurfaceDistances d = compare(voxel(PLANE, 50, 70, 0), voxel(PLANE, 50, 72, 0));

    assertThat(d.referenceToPrediction().points()).isEqualTo(4);
    assertThat(d.referenceToPrediction().totalWeight())
        .isCloseTo(4 * Math.sqrt(5) / 2, within(1e-12));
    assertThat(d.referenceToPrediction().meanMm()).isCloseTo(1.5, within(1e-12));
    assertThat(d.predictionToReference().meanMm()).isCloseTo(1.5, within(1e-12));
    assertThat(d.assdMm()).isCloseTo(1.5, within(1e-12));
    assertThat(d.masdMm()).isCloseTo(1.5, within(1e-12));
    assertThat(d.hausdorffMm()).isEqualTo(2);
    assertThat(d.hausdorff95Mm()).isEqualTo(2);
    assertThat(d.percentileMm(50)).isEqualTo(1);
    assertThat(d.referenceToPrediction().shareWithin(1)).isCloseTo(0.5, within(1e-12));
    assertThat(d.surfaceDice(1)).isCloseTo(0.5, within(1e-12));
    assertThat(d.surfaceDice(0.999)).isZero();
    assertThat(d.surfaceDice(2)).isEqualTo(1);
  }

  @Test
  void the_flat_axis_may_be_any_and_its_spacing_does_not_matter() {
    GridGeometry upright = GridGeometry.ofSpacing(new Extents(1, 100, 100), new Vector3(7, 2, 1));
    SurfaceDistances d = compare(voxel(upright, 0, 50, 70), voxel(upright, 0, 50, 72));

    assertThat(d.referenceToPrediction().totalWeight())
        .isCloseTo(4 * Math.sqrt(5) / 2, within(1e-12));
    assertThat(d.assdMm()).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void in_space_one_voxel_has_eight_points() {
    SurfaceDistances d = compare(voxel(CUBE, 4, 4, 4), voxel(CUBE, 4, 4, 6));

    assertThat(d.referenceToPrediction().points()).isEqualTo(8);
    assertThat(d.hausdorffMm()).isEqualTo(4);
    assertThat(d.assdMm()).isCloseTo(3, within(1e-12));
  }

  @Test
  void with_edge_voxels_one_voxel_is_one_point() {
    SurfaceDistances d =
        LabelSurfaces.of(
                voxel(CUBE, 4, 4, 4),
                voxel(CUBE, 4, 4, 6),
                List.of(1),
                SurfaceOptions.STANDARD.with(SurfaceConvention.EDGE_VOXELS))
            .of(1);

    assertThat(d.referenceToPrediction().points()).isEqualTo(1);
    assertThat(d.convention()).isEqualTo(SurfaceConvention.EDGE_VOXELS);
    assertThat(d.hausdorff95Mm()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void equal_masks_are_at_distance_0(SurfaceConvention convention) {
    LabelVolume masks = RandomMasks.pair(4).reference();
    SurfaceDistances d =
        LabelSurfaces.of(masks, masks, List.of(1), SurfaceOptions.STANDARD.with(convention)).of(1);

    assertThat(d.hausdorffMm()).isZero();
    assertThat(d.assdMm()).isZero();
    assertThat(d.surfaceDice(0)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_mask_against_none_is_infinitely_far(SurfaceConvention convention) {
    SurfaceDistances d =
        LabelSurfaces.of(
                LabelVolume.empty(CUBE),
                voxel(CUBE, 4, 4, 4),
                List.of(1),
                SurfaceOptions.STANDARD.with(convention))
            .of(1);

    assertThat(d.hausdorffMm()).isEqualTo(INFINITY);
    assertThat(d.hausdorff95Mm()).isEqualTo(INFINITY);
    assertThat(d.assdMm()).isEqualTo(INFINITY);
    assertThat(d.masdMm()).isEqualTo(INFINITY);
    assertThat(d.surfaceDice(100)).isZero();
    assertThat(d.referenceToPrediction().meanMm()).isNaN();
    assertThat(d.referenceToPrediction().percentileMm(95)).isNaN();
    assertThat(d.referenceToPrediction().shareWithin(1)).isNaN();
    assertThat(d.predictionToReference().meanMm()).isEqualTo(INFINITY);
    assertThat(d.predictionToReference().percentileMm(95)).isEqualTo(INFINITY);
    assertThat(d.predictionToReference().shareWithin(1)).isZero();
  }

  @Test
  void two_empty_masks_have_no_distance_unless_the_policy_says_0() {
    LabelVolume empty = LabelVolume.empty(CUBE);
    SurfaceDistances undefined = compare(empty, empty);
    SurfaceDistances perfect =
        LabelSurfaces.of(
                empty,
                empty,
                List.of(1),
                new SurfaceOptions(SurfaceConvention.AREA_WEIGHTED, PERFECT_WHEN_BOTH_EMPTY, 1))
            .of(1);

    assertThat(undefined.hausdorffMm()).isNaN();
    assertThat(undefined.assdMm()).isNaN();
    assertThat(undefined.surfaceDice(1)).isNaN();
    assertThat(perfect.hausdorffMm()).isZero();
    assertThat(perfect.masdMm()).isZero();
    assertThat(perfect.surfaceDice(1)).isEqualTo(1);
  }

  @Test
  void exchanging_the_maps_exchanges_the_directions() {
    RandomMasks masks = RandomMasks.pair(6);
    SurfaceDistances d = compare(masks.reference(), masks.prediction());
    SurfaceDistances e = compare(masks.prediction(), masks.reference());

    assertThat(e.predictionToReference().meanMm()).isEqualTo(d.referenceToPrediction().meanMm());
    assertThat(e.hausdorff95Mm()).isEqualTo(d.hausdorff95Mm());
  }

  @Test
  void any_number_of_threads_gives_the_same_bits() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(40, 30, 20), new Vector3(0.7, 0.9, 2));
    short[] reference = new short[grid.extents().voxels()];
    short[] prediction = reference.clone();
    for (int n = 0; n < reference.length; n++) {
      reference[n] = (short) (n % 40 / 5);
      prediction[n] = (short) ((n + 1 + n / 1200) % 40 / 5);
    }
    LabelVolume r = LabelVolume.wrap(grid, reference);
    LabelVolume p = LabelVolume.wrap(grid, prediction);
    var labels = LabelValues.in(r, p);

    LabelSurfaces one = LabelSurfaces.of(r, p, labels, SurfaceOptions.STANDARD);
    LabelSurfaces eight = LabelSurfaces.of(r, p, labels, SurfaceOptions.STANDARD.withThreads(8));

    assertThat(one.byLabel()).containsOnlyKeys(1, 2, 3, 4, 5, 6, 7);
    one.byLabel()
        .forEach(
            (label, d) -> {
              assertThat(eight.of(label).assdMm()).isEqualTo(d.assdMm());
              assertThat(eight.of(label).hausdorff95Mm()).isEqualTo(d.hausdorff95Mm());
              assertThat(d.assdMm()).isPositive();
            });
  }

  @Test
  void a_mask_that_fills_the_grid_has_the_borders_of_the_grid_as_surface() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(2, 2, 2), new Vector3(1, 1, 1));
    LabelVolume full = LabelVolume.wrap(grid, new short[] {1, 1, 1, 1, 1, 1, 1, 1});

    // 27 corners of voxels less the one in the middle
    assertThat(compare(full, full).referenceToPrediction().points()).isEqualTo(26);
  }

  @Test
  void other_labels_are_outside() {
    LabelVolume map = voxel(CUBE, 4, 4, 4);
    short[] labels = VoxelArrays.labels(map).clone();
    labels[CUBE.extents().offset(5, 4, 4)] = 2;

    SurfaceDistances d = compare(map, LabelVolume.wrap(CUBE, labels));

    assertThat(d.hausdorffMm()).isZero();
  }

  @Test
  void a_sheared_grid_is_refused() {
    Affine affine =
        new Affine(
            new Vector3(1, 0, 0),
            new Vector3(2e-4, 1, 0),
            new Vector3(0, 0, 1),
            new Vector3(0, 0, 0));
    LabelVolume map = LabelVolume.empty(GridGeometry.of(new Extents(3, 3, 3), affine));

    assertThatThrownBy(() -> compare(map, map))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("right angles")
        .extracting("code")
        .isEqualTo("SHEARED_GRID");
  }

  @Test
  void an_image_without_a_millimetre_scale_is_refused() {
    GridGeometry grid =
        new GridGeometry(
            PLANE.extents(),
            PLANE.affine(),
            PLANE.spacingMm(),
            GridGeometry.Space.IMAGE_PLANE,
            false);
    LabelVolume map = LabelVolume.empty(grid);

    assertThatThrownBy(() -> compare(map, map))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("UNCALIBRATED");
  }

  @Test
  void maps_on_different_grids_are_refused_with_both_geometries() {
    assertThatThrownBy(() -> compare(LabelVolume.empty(CUBE), LabelVolume.empty(PLANE)))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining(CUBE.describe())
        .hasMessageContaining(PLANE.describe());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 100.1, Double.NaN})
  void a_percentile_outside_0_to_100_is_refused(double percent) {
    SurfaceDistances d = compare(voxel(CUBE, 1, 1, 1), voxel(CUBE, 1, 1, 2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> d.percentileMm(percent))
        .withMessage("percent must lie in (0, 100], was " + percent);
  }

  @Test
  void a_pooled_percentile_is_that_of_both_lists_of_distances_together() {
    // Edge voxels of two pixels and of one of them: distances 0 and 2, and 0; pooled 0, 0, 2.
    short[] two = new short[PLANE.extents().voxels()];
    two[PLANE.extents().offset(50, 70, 0)] = 1;
    two[PLANE.extents().offset(50, 72, 0)] = 1;
    SurfaceDistances d =
        LabelSurfaces.of(
                LabelVolume.wrap(PLANE, two),
                voxel(PLANE, 50, 70, 0),
                List.of(1),
                SurfaceOptions.STANDARD.with(SurfaceConvention.EDGE_VOXELS))
            .of(1);

    assertThat(d.percentileMm(50)).isEqualTo(1);
    assertThat(d.pooledPercentileMm(50)).isZero();
    assertThat(d.pooledPercentileMm(95)).isCloseTo(1.8, within(1e-12)); // numpy.percentile
    assertThat(d.pooledPercentileMm(100)).isEqualTo(d.hausdorffMm());
  }

  @Test
  void a_tolerance_of_five_voxels_does_not_depend_on_the_float32_of_the_header() {
    for (double spacing : new double[] {0.6, (float) 0.6, 0.8, (float) 0.8, 1.1, (float) 1.1}) {
      GridGeometry grid =
          GridGeometry.ofSpacing(new Extents(20, 9, 9), new Vector3(spacing, spacing, spacing));
      SurfaceDistances d = compare(voxel(grid, 4, 4, 4), voxel(grid, 9, 4, 4));

      assertThat(d.surfaceDice(Math.rint(spacing * 50) / 10)).isEqualTo(1);
      assertThat(d.surfaceDice(spacing * 5 - 1e-4)).isLessThan(1);
    }
  }

  @Test
  void a_negative_tolerance_is_refused() {
    SurfaceDistances d = compare(voxel(CUBE, 1, 1, 1), voxel(CUBE, 1, 1, 2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> d.surfaceDice(-1))
        .withMessage("a tolerance must be at least 0 mm, was -1.0");
  }

  @Test
  void a_label_that_was_not_judged_is_refused() {
    LabelVolume map = voxel(CUBE, 1, 1, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelSurfaces.of(map, map, List.of(1), SurfaceOptions.STANDARD).of(2))
        .withMessage("label 2 was not judged; judged: [1]");
  }
}
