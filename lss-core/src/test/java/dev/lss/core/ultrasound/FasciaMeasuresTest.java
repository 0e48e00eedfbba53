package dev.lss.core.ultrasound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.LengthUnit;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of known shape; what they measure comes from their formulas. */
class FasciaMeasuresTest {

  /** 60 x 50 mm. */
  private static final GridGeometry PLANE = GridGeometry.imagePlane(600, 500, 0.1, 0.1);

  private final List<Notice> notices = new ArrayList<>();

  private List<FasciaMeasurement> measure(GridGeometry plane, DrawnFascia.Shape shape) {
    LabelVolume labels = DrawnFascia.labels(plane, shape);
    return FasciaMeasures.of(labels, DrawnFascia.image(labels), Optional.empty(), notices);
  }

  private FasciaMeasurement only(GridGeometry plane, DrawnFascia.Shape shape) {
    List<FasciaMeasurement> layers = measure(plane, shape);
    assertThat(layers).hasSize(1);
    return layers.get(0);
  }

  private static Stream<Arguments> thicknessesAndTilts() {
    return DoubleStream.of(0.5, 0.8, 1.3, 2, 3, 4, 5)
        .boxed()
        .flatMap(
            t ->
                DoubleStream.of(-30, -17, -5, 0, 3, 12, 22.5, 30)
                    .mapToObj(tilt -> Arguments.of(t, tilt)));
  }

  @ParameterizedTest
  @MethodSource("thicknessesAndTilts")
  void a_straight_band_is_as_thick_as_long_and_as_tilted_as_it_was_drawn(
      double thickness, double tilt) {
    FasciaMeasurement layer = only(PLANE, DrawnFascia.band(30.03, 25.02, 40, thickness, tilt));

    assertThat(layer.thickness().mean()).isEqualTo(thickness, within(0.05));
    assertThat(layer.thickness().sd()).isLessThan(0.06);
    assertThat(layer.thickness().verticalMean())
        .isEqualTo(thickness / Math.cos(Math.toRadians(tilt)), within(0.06));
    assertThat(layer.length()).isEqualTo(40, within(0.3));
    assertThat(layer.angleDeg()).isEqualTo(tilt, within(0.5));
    assertThat(layer.depth()).isEqualTo(25.02 + 0.05, within(0.1));
    assertThat(layer.fragments()).isEqualTo(1);
    assertThat(layer.branches()).isZero();
  }

  private static Stream<Arguments> thicknessesRadiiAndTilts() {
    return DoubleStream.of(0.5, 1, 2.5, 5)
        .boxed()
        .flatMap(
            t ->
                DoubleStream.of(30, 60, 120)
                    .boxed()
                    .flatMap(
                        r ->
                            DoubleStream.of(-30, 0, 15)
                                .mapToObj(tilt -> Arguments.of(t, r, tilt))));
  }

  @ParameterizedTest
  @MethodSource("thicknessesRadiiAndTilts")
  void a_curved_band_is_as_thick_and_as_long_as_it_was_drawn(
      double thickness, double radius, double tilt) {
    double span = Math.toDegrees(35 / radius);
    double middle = Math.toRadians(tilt);
    DrawnFascia.Shape arc =
        DrawnFascia.arc(
            30 - radius * Math.sin(middle),
            25 + radius * Math.cos(middle),
            radius - thickness / 2,
            radius + thickness / 2,
            span,
            tilt);

    FasciaMeasurement layer = only(PLANE, arc);

    assertThat(layer.thickness().mean()).isEqualTo(thickness, within(0.05));
    assertThat(layer.length()).isEqualTo(35, within(0.5));
    assertThat(layer.angleDeg()).isEqualTo(tilt, within(1.0));
  }

  @Test
  void the_golden_ring_of_2_5_mm_and_50_degrees_has_its_thickness_and_length() {
    FasciaMeasurement layer = only(PLANE, DrawnFascia.arc(30, 50, 40, 42.5, 50, 0));

    assertThat(layer.thickness().mean()).isEqualTo(2.5, within(0.05));
    assertThat(layer.length()).isEqualTo(35.99742, within(0.3));
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.1, 2, 20", "0.1, 0.05, 2, 20", "0.2, 0.1, 1.5, -30", "0.12, 0.08, 4, 30"})
  void pixels_that_are_not_square_give_the_same_millimetres(
      double columnMm, double rowMm, double thickness, double tilt) {
    GridGeometry plane =
        GridGeometry.imagePlane((int) (60 / columnMm), (int) (50 / rowMm), columnMm, rowMm);

    FasciaMeasurement layer = only(plane, DrawnFascia.band(30, 25, 40, thickness, tilt));

    assertThat(layer.thickness().mean()).isEqualTo(thickness, within(0.05));
    assertThat(layer.length()).isEqualTo(40, within(0.4));
    assertThat(layer.angleDeg()).isEqualTo(tilt, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "8", "9"})
  void a_level_band_of_n_rows_is_n_pixels_thick_to_the_last_digits(int rows) {
    GridGeometry plane = GridGeometry.imagePlane(600, 200, 0.5, 0.5);

    FasciaMeasurement layer =
        only(plane, (x, y) -> x >= 50 && x < 250 && y >= 30 && y < 30 + 0.5 * rows);

    assertThat(layer.thickness().mean()).isEqualTo(0.5 * rows, within(1e-6));
    assertThat(layer.thickness().min()).isEqualTo(0.5 * rows, within(1e-6));
    assertThat(layer.thickness().max()).isEqualTo(0.5 * rows, within(1e-6));
  }

  @Test
  void without_a_scale_lengths_are_pixels() {
    GridGeometry plane = GridGeometry.uncalibratedPlane(600, 500);

    FasciaMeasurement layer = only(plane, DrawnFascia.band(300, 250, 400, 20, 30));

    assertThat(layer.unit()).isEqualTo(LengthUnit.PX);
    assertThat(layer.thickness().mean()).isEqualTo(20, within(0.5));
    assertThat(layer.length()).isEqualTo(400, within(3.0));
    assertThat(notices).isEmpty();
  }

  @Test
  void layers_are_numbered_from_the_skin_down() {
    DrawnFascia.Shape three =
        DrawnFascia.band(30, 30.03, 40, 2, 0)
            .or(DrawnFascia.band(30, 10.03, 40, 1, 0))
            .or(DrawnFascia.band(30, 20.03, 40, 1.5, 0));

    List<FasciaMeasurement> layers = measure(PLANE, three);

    assertThat(layers).extracting(FasciaMeasurement::layer).containsExactly(1, 2, 3);
    assertThat(layers.get(0).thickness().mean()).isEqualTo(1, within(0.05));
    assertThat(layers.get(1).thickness().mean()).isEqualTo(1.5, within(0.05));
    assertThat(layers.get(2).depth()).isEqualTo(30, within(0.1));
  }

  @Test
  void fragments_on_one_line_are_one_layer_and_the_gap_has_no_thickness() {
    DrawnFascia.Shape two =
        DrawnFascia.band(18.02, 25.03, 16, 2, 0)
            .or(DrawnFascia.band(38.02, 25.03, 16, 2, 0)); // 4 mm apart

    FasciaMeasurement layer = only(PLANE, two);

    assertThat(layer.fragments()).isEqualTo(2);
    assertThat(layer.length()).isEqualTo(36, within(0.3));
    assertThat(layer.thickness().mean()).isEqualTo(2, within(0.05));
    assertThat(layer.thickness().points()).isLessThan(300);
  }

  @ParameterizedTest
  @CsvSource({"6, 0, 0", "4, 1.5, 0", "4, 0, 25"})
  void fragments_too_far_apart_or_off_the_line_are_two_layers(
      double gap, double offset, double turn) {
    double half = 8;
    DrawnFascia.Shape two =
        DrawnFascia.band(18.02, 20.03, 2 * half, 2, 0)
            .or(
                DrawnFascia.band(
                    18.02 + half + gap + half * Math.cos(Math.toRadians(turn)),
                    20.03 + offset + half * Math.sin(Math.toRadians(turn)),
                    2 * half,
                    2,
                    turn));

    assertThat(measure(PLANE, two)).hasSize(2);
  }

  @Test
  void a_piece_shorter_than_5_mm_is_left_out_and_counted() {
    DrawnFascia.Shape shapes =
        DrawnFascia.band(30, 25, 40, 2, 0).or(DrawnFascia.band(30, 40, 4, 1, 0));

    assertThat(measure(PLANE, shapes)).hasSize(1);
    assertThat(notices).extracting(Notice::code).containsExactly("FRAGMENTS_DROPPED");
    assertThat(notices.get(0).message()).startsWith("1 pieces");
  }

  @Test
  void an_empty_mask_has_no_layer() {
    assertThat(measure(PLANE, (x, y) -> false)).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void a_layer_that_leaves_the_image_is_measured_inside() {
    FasciaMeasurement layer = only(PLANE, (x, y) -> y >= 20 && y < 22);

    assertThat(layer.thickness().mean()).isEqualTo(2, within(0.02));
    assertThat(layer.length()).isEqualTo(59.9, within(0.5));
  }

  @Test
  void a_side_branch_is_counted_and_does_not_thicken_the_layer() {
    DrawnFascia.Shape fork =
        DrawnFascia.band(30.02, 25.03, 40, 1, 0).or(DrawnFascia.band(30.02, 30, 10, 1, 90));

    FasciaMeasurement layer = only(PLANE, fork);

    assertThat(layer.branches()).isEqualTo(1);
    assertThat(layer.thickness().median()).isEqualTo(1, within(0.05));
    assertThat(layer.length()).isEqualTo(40, within(0.3));
  }

  @Test
  void brightness_is_of_the_layer_and_of_the_band_below_it() {
    FasciaMeasurement layer = only(PLANE, DrawnFascia.band(30, 25, 40, 2, 0));

    assertThat(layer.echo().fascia()).isEqualTo(200);
    assertThat(layer.echo().muscle()).hasValue(50);
    assertThat(layer.echo().ratio()).hasValue(4);
    assertThat(layer.echo().saturatedShare()).isZero();
  }

  @Test
  void a_band_of_muscle_below_200_pixels_has_no_brightness() {
    FasciaMeasurement layer = only(PLANE, DrawnFascia.band(30, 48, 40, 2, 0)); // 1 mm to the end

    assertThat(layer.echo().muscle()).isEmpty();
    assertThat(layer.echo().ratio()).isEmpty();
  }

  @Test
  void a_layer_of_7_mm_is_implausible() {
    measure(PLANE, DrawnFascia.band(30, 25, 40, 7, 0));

    assertThat(notices).extracting(Notice::code).containsExactly("IMPLAUSIBLE_THICKNESS");
  }

  @Test
  void labels_of_another_size_are_refused() {
    LabelVolume labels = LabelVolume.empty(PLANE);
    Volume image = DrawnFascia.image(LabelVolume.empty(GridGeometry.imagePlane(5, 5, 1, 1)));

    assertThatThrownBy(() -> FasciaMeasures.of(labels, image, Optional.empty(), notices))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("GRID_MISMATCH");
  }
}
