package dev.lss.metrics;

import static dev.lss.metrics.EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY;
import static dev.lss.metrics.EmptyPolicy.UNDEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelOverlapsTest {

  /** Ten voxels in a row, 1 x 1 x 3 mm. */
  private static final GridGeometry ROW =
      GridGeometry.ofSpacing(new Extents(10, 1, 1), new Vector3(1, 1, 3));

  private static LabelVolume row(int... labels) {
    short[] values = new short[labels.length];
    for (int n = 0; n < labels.length; n++) {
      values[n] = (short) labels[n];
    }
    return LabelVolume.wrap(ROW, values);
  }

  private static final LabelVolume REFERENCE = row(1, 1, 1, 1, 2, 2, 0, 0, 0, 0);
  private static final LabelVolume PREDICTION = row(0, 1, 1, 2, 2, 2, 2, 0, 0, 0);

  /** The case two_boxes_3d of the golden file, made with NumPy. */
  @Test
  void two_boxes_give_the_golden_values() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(24, 20, 16), new Vector3(1, 1, 2.5));
    LabelVolume reference = box(grid, new IndexBox(4, 4, 3, 16, 14, 11));
    LabelVolume prediction = box(grid, new IndexBox(6, 5, 3, 17, 14, 12));

    Overlap o = LabelOverlaps.of(reference, prediction, UNDEFINED).of(1);

    assertThat(o).isEqualTo(new Overlap(720, 171, 240, 6549, 2.5, UNDEFINED));
    assertThat(o.dice()).isEqualTo(0.7779578606158833);
    assertThat(o.iou()).isEqualTo(0.636604774535809);
    assertThat(o.precision()).isEqualTo(0.8080808080808081);
    assertThat(o.recall()).isEqualTo(0.75);
    assertThat(o.specificity()).isEqualTo(0.9745535714285715);
    assertThat(o.accuracy()).isEqualTo(0.946484375);
    assertThat(o.relativeVolumeError()).isEqualTo(-0.071875);
    assertThat(o.volumeErrorMm3()).isEqualTo(2227.5 - 2400);
    assertThat(o.volumeSimilarity()).isEqualTo(0.9627228525121556);
  }

  private static LabelVolume box(GridGeometry grid, IndexBox box) {
    short[] labels = new short[grid.extents().voxels()];
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        for (int i = box.i0(); i < box.i1(); i++) {
          labels[grid.extents().offset(i, j, k)] = 1;
        }
      }
    }
    return LabelVolume.wrap(grid, labels);
  }

  @Test
  void each_label_is_counted_on_its_own() {
    LabelOverlaps overlaps = LabelOverlaps.of(REFERENCE, PREDICTION, UNDEFINED);

    assertThat(overlaps.byLabel()).containsOnlyKeys(1, 2);
    assertThat(overlaps.of(1)).isEqualTo(new Overlap(2, 0, 2, 6, 3, UNDEFINED));
    assertThat(overlaps.of(2)).isEqualTo(new Overlap(2, 2, 0, 6, 3, UNDEFINED));
  }

  @Test
  void macro_pooled_and_union_dice_differ() {
    // Dice: label 1 4/6, label 2 4/6; pooled 8/12; union: 5 common, 1 too many, 1 missed.
    LabelOverlaps overlaps = LabelOverlaps.of(REFERENCE, PREDICTION, UNDEFINED);
    assertThat(overlaps.macroDice()).isEqualTo(4 / 6.0);
    assertThat(overlaps.pooledDice()).isEqualTo(8 / 12.0);
    assertThat(overlaps.unionDice()).isEqualTo(10 / 12.0);

    // Label 1: 8 of 8 right, label 2: nothing of one.
    LabelOverlaps uneven =
        LabelOverlaps.of(
            row(1, 1, 1, 1, 1, 1, 1, 1, 2, 0), row(1, 1, 1, 1, 1, 1, 1, 1, 0, 2), UNDEFINED);
    assertThat(uneven.macroDice()).isEqualTo(0.5);
    assertThat(uneven.pooledDice()).isEqualTo(16 / 18.0);
    assertThat(uneven.unionDice()).isEqualTo(16 / 18.0);
  }

  @Test
  void a_swap_of_two_labels_costs_the_union_nothing() {
    LabelOverlaps swapped =
        LabelOverlaps.of(
            row(1, 1, 2, 2, 0, 0, 0, 0, 0, 0), row(2, 2, 1, 1, 0, 0, 0, 0, 0, 0), UNDEFINED);

    assertThat(swapped.macroDice()).isZero();
    assertThat(swapped.unionDice()).isEqualTo(1);
  }

  @Test
  void a_label_in_neither_map_is_left_out_of_the_mean_and_counted() {
    LabelOverlaps overlaps = LabelOverlaps.of(REFERENCE, PREDICTION, List.of(1, 2, 24), UNDEFINED);

    assertThat(overlaps.of(24).dice()).isNaN();
    assertThat(overlaps.undefined()).isEqualTo(1);
    assertThat(overlaps.macroDice()).isEqualTo(4 / 6.0);
  }

  @Test
  void the_verse_policy_counts_a_label_in_neither_map_as_perfect() {
    LabelOverlaps overlaps =
        LabelOverlaps.of(REFERENCE, PREDICTION, List.of(1, 2, 24), PERFECT_WHEN_BOTH_EMPTY);

    assertThat(overlaps.undefined()).isZero();
    assertThat(overlaps.macroDice()).isEqualTo((4 / 6.0 + 4 / 6.0 + 1) / 3);
  }

  @Test
  void two_empty_maps_have_no_label_and_no_dice() {
    LabelVolume empty = LabelVolume.empty(ROW);
    LabelOverlaps overlaps = LabelOverlaps.of(empty, empty, UNDEFINED);

    assertThat(overlaps.byLabel()).isEmpty();
    assertThat(overlaps.macroDice()).isNaN();
    assertThat(overlaps.pooledDice()).isNaN();
    assertThat(overlaps.unionDice()).isNaN();
  }

  @Test
  void a_label_that_only_the_prediction_has_is_found_and_worth_nothing() {
    LabelOverlaps overlaps =
        LabelOverlaps.of(LabelVolume.empty(ROW), row(0, 0, 7, 0, 0, 0, 0, 0, 0, 0), UNDEFINED);

    assertThat(overlaps.of(7).dice()).isZero();
    assertThat(overlaps.of(7).volumeErrorMm3()).isEqualTo(3);
  }

  @Test
  void labels_are_unsigned() {
    LabelVolume high = row(65535, 40000, 0, 0, 0, 0, 0, 0, 0, 0);

    assertThat(LabelOverlaps.of(high, high, UNDEFINED).byLabel()).containsOnlyKeys(40000, 65535);
  }

  @Test
  void an_uncalibrated_image_has_overlap_but_no_volume() {
    GridGeometry plane =
        new GridGeometry(
            ROW.extents(), ROW.affine(), ROW.spacingMm(), GridGeometry.Space.IMAGE_PLANE, false);
    LabelVolume labels = LabelVolume.wrap(plane, VoxelArrays.labels(REFERENCE));

    Overlap overlap = LabelOverlaps.of(labels, labels, UNDEFINED).of(1);
    assertThat(overlap.dice()).isEqualTo(1);
    assertThat(overlap.volumeErrorMm3()).isNaN();
  }

  static Stream<GridGeometry> otherGrids() {
    Affine a = ROW.affine();
    Vector3 spacing = ROW.spacingMm();
    return Stream.of(
        GridGeometry.ofSpacing(new Extents(5, 2, 1), spacing),
        GridGeometry.ofSpacing(ROW.extents(), new Vector3(1.01, 1, 3)),
        GridGeometry.ofSpacing(ROW.extents(), new Vector3(1, 1, 3.1)),
        GridGeometry.of(
            ROW.extents(),
            new Affine(a.columnI(), a.columnJ(), a.columnK(), new Vector3(0.5, 0, 0))),
        GridGeometry.of(
            ROW.extents(),
            new Affine(a.columnI().times(-1), a.columnJ(), a.columnK(), new Vector3(9, 0, 0))),
        new GridGeometry(ROW.extents(), a, spacing, GridGeometry.Space.IMAGE_PLANE, true));
  }

  @ParameterizedTest
  @MethodSource("otherGrids")
  void maps_on_different_grids_are_refused_with_both_geometries(GridGeometry other) {
    assertThatThrownBy(() -> LabelOverlaps.of(REFERENCE, LabelVolume.empty(other), UNDEFINED))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessageContaining("the reference has " + ROW.describe())
        .hasMessageContaining("the prediction has " + other.describe())
        .extracting("code")
        .isEqualTo("GRID_MISMATCH");
  }

  @Test
  void a_header_that_went_through_float32_is_the_same_grid() {
    Affine a = ROW.affine();
    GridGeometry rounded =
        GridGeometry.of(
            ROW.extents(),
            new Affine(
                a.columnI().times(1 + 1e-7), a.columnJ(), a.columnK(), new Vector3(1e-5, 0, 0)));

    assertThatCode(() -> LabelOverlaps.of(REFERENCE, LabelVolume.empty(rounded), UNDEFINED))
        .doesNotThrowAnyException();
  }

  @Test
  void background_is_no_label() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelOverlaps.of(REFERENCE, PREDICTION, List.of(0), UNDEFINED))
        .withMessage("a label lies in 1 to 65535, was 0");
  }

  @Test
  void asking_for_a_label_that_was_not_judged_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelOverlaps.of(REFERENCE, PREDICTION, UNDEFINED).of(3))
        .withMessage("label 3 was not judged; judged: [1, 2]");
  }
}
