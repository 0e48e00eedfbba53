package dev.lss.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffineTest {

  private static final Vector3 X = new Vector3(1, 0, 0);
  private static final Vector3 Y = new Vector3(0, 1, 0);
  private static final Vector3 Z = new Vector3(0, 0, 1);
  private static final Vector3 ORIGIN = new Vector3(0, 0, 0);

  @Test
  void it_adds_the_columns_to_the_origin() {
    Affine affine = new Affine(X.times(2), Y.times(3), Z.times(-4), new Vector3(10, 20, 30));

    assertThat(affine.apply(new Vector3(1, 1, 1))).isEqualTo(new Vector3(12, 23, 26));
    assertThat(affine.applyInverse(new Vector3(12, 23, 26))).isEqualTo(new Vector3(1, 1, 1));
    assertThat(affine.determinant()).isEqualTo(-24);
  }

  @Test
  void an_orthogonal_grid_has_no_shear() {
    assertThat(Affine.ofSpacing(new Vector3(1, 2, 3)).shearDegrees()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 5, 30})
  void shear_is_the_deviation_from_a_right_angle(double degrees) {
    double angle = Math.toRadians(degrees);
    Vector3 leaning = new Vector3(0, Math.sin(angle), Math.cos(angle)).times(3);

    assertThat(new Affine(X, Y, leaning, ORIGIN).shearDegrees()).isCloseTo(degrees, within(1e-9));
  }

  @Test
  void a_tiny_but_proper_grid_is_invertible() {
    assertThat(Affine.ofSpacing(new Vector3(1e-4, 1e-4, 1e-4)).determinant())
        .isCloseTo(1e-12, within(1e-20));
  }

  @Test
  void columns_in_one_plane_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Affine(X, Y, X.plus(Y), ORIGIN))
        .withMessage("an affine must be invertible, determinant was 0.0");
  }

  @Test
  void a_zero_column_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Affine(X, Y, ORIGIN, ORIGIN));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void numbers_that_are_not_finite_are_refused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Affine(X, Y, Z, new Vector3(value, 0, 0)))
        .withMessage("an affine holds finite numbers only");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3})
  void an_axis_that_does_not_exist_is_refused(int axis) {
    assertThatThrownBy(() -> new Affine(X, Y, Z, ORIGIN).column(axis))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("axis must be 0, 1 or 2, was " + axis);
  }
}
