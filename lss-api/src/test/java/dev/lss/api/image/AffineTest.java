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
  void a_matrix_in_ras_changes_the_signs_of_its_first_two_rows() {
    double[][] ras = {{-0.8, 0, 0, 90}, {0, 0, 2, -126}, {0, 0.9, 0, -72}, {0, 0, 0, 1}};
    Affine affine =
        new Affine(
            new Vector3(0.8, 0, 0),
            new Vector3(0, 0, 0.9),
            new Vector3(0, -2, 0),
            new Vector3(-90, 126, -72));

    assertThat(Affine.ofRasMatrix(ras)).isEqualTo(affine);
    assertThat(affine.rasMatrix()).isEqualTo(ras);
    assertThat(affine.lpsMatrix()[0]).containsExactly(0.8, 0, 0, -90);
    assertThat(affine.lpsMatrix()[2]).containsExactly(0, 0.9, 0, -72);
    assertThat(Affine.ofLpsMatrix(affine.lpsMatrix())).isEqualTo(affine);
  }

  @Test
  void a_matrix_of_another_shape_or_last_row_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Affine.ofLpsMatrix(new double[3][4]))
        .withMessage("a matrix has four rows of four numbers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Affine.ofLpsMatrix(new double[4][3]))
        .withMessage("a matrix has four rows of four numbers");
    double[][] transposed = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {5, 6, 7, 1}};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Affine.ofLpsMatrix(transposed))
        .withMessage("the last row of a matrix must be 0, 0, 0, 1, was [5.0, 6.0, 7.0, 1.0]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 5e-324, 1e-200, 9e-7, 1.1e6, 1e200, Double.MAX_VALUE})
  void a_step_that_no_voxel_has_is_refused(double mm) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Affine(X, Y.times(mm), Z, ORIGIN))
        .withMessageStartingWith("the step along axis 1 must be from 1.0E-6 to 1000000.0 mm long");
  }

  @Test
  void steps_that_are_subnormal_in_every_number_are_refused() {
    Vector3 least = new Vector3(5e-324, 5e-324, 5e-324);

    assertThatIllegalArgumentException().isThrownBy(() -> new Affine(least, least, least, ORIGIN));
    assertThatIllegalArgumentException().isThrownBy(() -> Affine.ofSpacing(least));
  }

  @Test
  void an_origin_that_no_image_has_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Affine(X, Y, Z, new Vector3(0, 2e9, 0)))
        .withMessage("the origin must be within 1.0E9 mm, was 2.0E9 mm away");
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
