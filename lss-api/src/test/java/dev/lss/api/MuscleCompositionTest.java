package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Muscle;
import dev.lss.api.anatomy.Side;
import dev.lss.api.anatomy.Structure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MuscleCompositionTest {

  private static MuscleComposition.Builder psoas(Side side) {
    return MuscleComposition.builder(new Structure.Muscle(Muscle.PSOAS_MAJOR, side), 100, 8000, 40);
  }

  private static MuscleComposition with(FatMethod method, double fraction) {
    return psoas(Side.LEFT).fat(List.of(FatShare.of(method, fraction))).build();
  }

  @Test
  void lean_volume_and_mean_area_follow_from_volume_length_and_fat() {
    MuscleComposition muscle = with(FatMethod.OTSU, 0.25);

    assertThat(muscle.leanVolumeMm3()).hasValue(6000);
    assertThat(muscle.meanCsaMm2()).isEqualTo(200);
    assertThat(muscle.fatFraction(FatMethod.K_MEANS_2)).isEmpty();
  }

  @Test
  void fat_that_is_not_known_is_empty_and_not_zero() {
    MuscleComposition muscle =
        psoas(Side.LEFT).fatUndefined(FatMethod.NONE, "FAT_NOT_BRIGHT").build();

    assertThat(muscle.fatFraction()).isEmpty();
    assertThat(muscle.leanVolumeMm3()).isEmpty();
    assertThat(muscle.fatUndefined()).hasValue("FAT_NOT_BRIGHT");
  }

  @Test
  void unlike_methods_are_not_compared() {
    MuscleComposition otsu = with(FatMethod.OTSU, 0.25);

    assertThat(otsu.fatFractionMinus(with(FatMethod.OTSU, 0.2))).isCloseTo(0.05, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> otsu.fatFractionMinus(with(FatMethod.DIXON_MEAN_OF_VOXELS, 0.2)))
        .withMessage("shares of fat by OTSU and by DIXON_MEAN_OF_VOXELS cannot be compared");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> otsu.fatFractionMinus(otsu.toBuilder().biasFieldCorrected(true).build()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                otsu.requireComparable(
                    MuscleComposition.builder(
                            new Structure.Muscle(Muscle.MULTIFIDUS, Side.LEFT), 1, 1, 1)
                        .build()))
        .withMessage("muscle/psoas-major/left cannot be compared with muscle/multifidus/left");
  }

  @Test
  void a_volume_of_which_a_part_is_out_of_view_is_not_compared() {
    MuscleComposition whole = psoas(Side.LEFT).build();

    assertThat(whole.volumeMm3Minus(psoas(Side.RIGHT).build())).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> whole.volumeMm3Minus(psoas(Side.LEFT).touchesBorder(true).build()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void a_muscle_without_a_volume_is_refused(double volume) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MuscleComposition.builder(
                    new Structure.Muscle(Muscle.MULTIFIDUS, Side.LEFT), 1, volume, 1));
  }

  @ParameterizedTest
  @EnumSource(Muscle.class)
  void a_muscle_is_read_back_from_its_key(Muscle muscle) {
    Structure left = new Structure.Muscle(muscle, Side.LEFT);

    assertThat(left.key()).isEqualTo("muscle/" + muscle.key() + "/left");
    assertThat(Structure.parse(left.key())).isEqualTo(left);
  }

  @Test
  void the_table_of_muscles_is_that_of_the_contract() {
    assertThat(LabelTable.paraspinalMuscles().entries())
        .extracting(e -> e.value() + " " + e.structure().key())
        .containsExactly(
            "1 muscle/multifidus/left",
            "2 muscle/multifidus/right",
            "3 muscle/erector-spinae/left",
            "4 muscle/erector-spinae/right",
            "5 muscle/psoas-major/left",
            "6 muscle/psoas-major/right",
            "7 muscle/quadratus-lumborum/left",
            "8 muscle/quadratus-lumborum/right");
    assertThat(LabelTable.measuredMuscles().entries()).hasSize(12);
  }
}
