package dev.lss.metrics;

import static dev.lss.metrics.EmptyPolicy.PERFECT_WHEN_BOTH_EMPTY;
import static dev.lss.metrics.EmptyPolicy.UNDEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapTest {

  /** A grid of 100 voxels of 2 mm³. */
  private static Overlap overlap(long tp, long fp, long fn) {
    return new Overlap(tp, fp, fn, 100 - tp - fp - fn, 2, UNDEFINED);
  }

  @Test
  void every_measure_follows_its_formula() {
    Overlap o = overlap(6, 2, 4);

    assertThat(o.voxels()).isEqualTo(100);
    assertThat(o.dice()).isEqualTo(12 / 18.0);
    assertThat(o.iou()).isEqualTo(6 / 12.0);
    assertThat(o.precision()).isEqualTo(6 / 8.0);
    assertThat(o.recall()).isEqualTo(6 / 10.0);
    assertThat(o.specificity()).isEqualTo(88 / 90.0);
    assertThat(o.accuracy()).isEqualTo(94 / 100.0);
    assertThat(o.relativeVolumeError()).isEqualTo(-2 / 10.0);
    assertThat(o.volumeErrorMm3()).isEqualTo(-4);
    assertThat(o.volumeSimilarity()).isEqualTo(1 - 2 / 18.0);
  }

  @Test
  void equal_masks_are_perfect() {
    Overlap o = overlap(10, 0, 0);

    assertThat(o.dice()).isEqualTo(1);
    assertThat(o.iou()).isEqualTo(1);
    assertThat(o.relativeVolumeError()).isZero();
    assertThat(o.volumeSimilarity()).isEqualTo(1);
  }

  @Test
  void masks_of_equal_size_that_do_not_meet_have_similar_volumes_and_no_overlap() {
    Overlap o = overlap(0, 5, 5);

    assertThat(o.dice()).isZero();
    assertThat(o.volumeErrorMm3()).isZero();
    assertThat(o.volumeSimilarity()).isEqualTo(1);
  }

  /** The table in the class comment: 100 voxels of 2 mm³, a mask of 10 voxels where not empty. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // case,          fp, fn, dice, iou, prec, rec, spec, acc, relVol, vol, similarity
    "both empty,       0,  0,  NaN, NaN,  NaN, NaN,    1,   1,    NaN,   0, NaN",
    "reference empty, 10,  0,    0,   0,    0, NaN,  0.9, 0.9,    NaN,  20, 0",
    "prediction empty, 0, 10,    0,   0,  NaN,   0,    1, 0.9,     -1, -20, 0"
  })
  void empty_masks_give_what_the_table_says(
      String name,
      long fp,
      long fn,
      Double dice,
      Double iou,
      Double precision,
      Double recall,
      Double specificity,
      Double accuracy,
      Double relativeVolumeError,
      Double volumeErrorMm3,
      Double volumeSimilarity) {
    Overlap o = overlap(0, fp, fn);

    assertThat(o.dice()).isEqualTo(dice);
    assertThat(o.iou()).isEqualTo(iou);
    assertThat(o.precision()).isEqualTo(precision);
    assertThat(o.recall()).isEqualTo(recall);
    assertThat(o.specificity()).isEqualTo(specificity);
    assertThat(o.accuracy()).isEqualTo(accuracy);
    assertThat(o.relativeVolumeError()).isEqualTo(relativeVolumeError);
    assertThat(o.volumeErrorMm3()).isEqualTo(volumeErrorMm3);
    assertThat(o.volumeSimilarity()).isEqualTo(volumeSimilarity);
  }

  @Test
  void the_other_policy_changes_dice_and_iou_of_two_empty_masks_and_nothing_else() {
    Overlap o = new Overlap(0, 0, 0, 100, 2, PERFECT_WHEN_BOTH_EMPTY);

    assertThat(o.dice()).isEqualTo(1);
    assertThat(o.iou()).isEqualTo(1);
    assertThat(o.precision()).isNaN();
    assertThat(o.recall()).isNaN();
    assertThat(o.volumeSimilarity()).isNaN();
    assertThat(new Overlap(0, 1, 0, 99, 2, PERFECT_WHEN_BOTH_EMPTY).dice()).isZero();
  }

  @Test
  void specificity_of_a_mask_that_fills_the_grid_is_not_defined() {
    assertThat(overlap(100, 0, 0).specificity()).isNaN();
  }

  @Test
  void the_measures_keep_their_identities() {
    Random random = new Random(1);
    for (int n = 0; n < 500; n++) {
      Overlap o = overlap(1 + random.nextInt(30), random.nextInt(30), random.nextInt(30));
      double dice = o.dice();
      double iou = o.iou();
      double harmonicMean = 2 * o.precision() * o.recall() / (o.precision() + o.recall());

      assertThat(dice).isCloseTo(2 * iou / (1 + iou), within(1e-15));
      assertThat(iou).isCloseTo(dice / (2 - dice), within(1e-15));
      assertThat(dice).isCloseTo(harmonicMean, within(1e-15));
      assertThat(dice).isBetween(iou, o.volumeSimilarity() + 1e-15);
    }
  }

  @Test
  void pooling_sums_the_counts_first() {
    Overlap large = overlap(40, 0, 0);
    Overlap small = overlap(0, 5, 5);

    assertThat(Overlap.pooledDice(List.of(large, small), UNDEFINED)).isEqualTo(80 / 90.0);
  }

  @Test
  void pooling_nothing_is_not_defined() {
    assertThat(Overlap.pooledDice(List.of(), UNDEFINED)).isNaN();
  }

  @Test
  void pooling_different_policies_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Overlap.pooledDice(List.of(overlap(1, 0, 0)), PERFECT_WHEN_BOTH_EMPTY))
        .withMessage("cannot pool UNDEFINED with PERFECT_WHEN_BOTH_EMPTY");
  }

  @Test
  void negative_counts_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Overlap(1, -2, 3, 4, 1, UNDEFINED))
        .withMessage("counts must be at least 0, were TP 1, FP -2, FN 3, TN 4");
  }

  @Test
  void a_voxel_without_volume_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Overlap(1, 2, 3, 4, 0, UNDEFINED))
        .withMessage("voxelVolumeMm3 must be positive, was 0.0");
  }
}
