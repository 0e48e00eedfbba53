package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.image.AnatomicalCode.Direction;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnatomicalCodeTest {

  static List<AnatomicalCode> all() {
    return AnatomicalCode.all();
  }

  private static Vector3 column(Direction direction, double lengthMm) {
    return new Vector3(0, 0, 0).with(direction.axis(), direction.sign() * lengthMm);
  }

  private static Affine affine(AnatomicalCode code) {
    return new Affine(
        column(code.i(), 0.7), column(code.j(), 3), column(code.k(), 1.5), new Vector3(5, -9, 2));
  }

  @Test
  void there_are_48_different_codes() {
    assertThat(new HashSet<>(all())).hasSize(48);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_code_is_read_back_from_its_letters(AnatomicalCode code) {
    assertThat(AnatomicalCode.parse(code.toString())).isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_code_is_read_back_from_an_affine_along_its_axes(AnatomicalCode code) {
    assertThat(AnatomicalCode.closestTo(affine(code))).isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_tilt_of_20_degrees_does_not_change_the_code(AnatomicalCode code) {
    double c = Math.cos(Math.toRadians(20));
    double s = Math.sin(Math.toRadians(20));
    Affine straight = affine(code);
    Vector3[] tilted = new Vector3[3];
    for (int axis = 0; axis < 3; axis++) {
      Vector3 v = straight.column(axis);
      tilted[axis] = new Vector3(v.x(), c * v.y() - s * v.z(), s * v.y() + c * v.z());
    }

    Affine affine = new Affine(tilted[0], tilted[1], tilted[2], straight.origin());

    assertThat(AnatomicalCode.closestTo(affine)).isEqualTo(code);
  }

  @Test
  void an_oblique_grid_keeps_one_index_axis_for_each_patient_axis() {
    // Both i and j lean to x most; j takes y, since i fits x better.
    Affine oblique =
        new Affine(
            new Vector3(0.95, 0.1, 0),
            new Vector3(0.8, 0.6, 0),
            new Vector3(0, 0, 1),
            new Vector3(0, 0, 0));

    assertThat(AnatomicalCode.closestTo(oblique)).isEqualTo(AnatomicalCode.LPS);
  }

  @Test
  void lps_grows_to_left_posterior_and_superior() {
    assertThat(AnatomicalCode.parse("lps")).isEqualTo(AnatomicalCode.LPS);
    assertThat(AnatomicalCode.LPS.get(0)).isEqualTo(Direction.LEFT);
    assertThat(AnatomicalCode.LPS.get(1)).isEqualTo(Direction.POSTERIOR);
    assertThat(AnatomicalCode.LPS.get(2)).isEqualTo(Direction.SUPERIOR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "LP", "LPSI", "LPX", "???"})
  void anything_but_three_letters_out_of_six_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnatomicalCode.parse(text))
        .withMessage(
            "an orientation is three letters out of L, R, A, P, S, I, was \"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LLS", "LRS", "APS", "LSI"})
  void a_patient_axis_named_twice_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnatomicalCode.parse(text))
        .withMessageStartingWith("an orientation names each patient axis once");
  }
}
