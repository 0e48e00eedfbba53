package dev.lss.examples.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AxisTest {

  private static List<String> labels(double smallest, double largest) {
    return Axis.of(smallest, largest, 0, 100).marks().stream().map(Axis.Mark::label).toList();
  }

  @Test
  void marks_are_round_and_have_true_minus_signs() {
    assertThat(labels(-4, 4)).containsExactly("−4", "−2", "0", "2", "4");
    assertThat(labels(0, 2)).containsExactly("0.0", "0.5", "1.0", "1.5", "2.0");
    assertThat(labels(140, 260)).containsExactly("140", "160", "180", "200", "220", "240", "260");
  }

  @Test
  void very_large_and_small_values_share_a_power_of_ten() {
    Axis axis = Axis.of(-2e81, 6e81, 0, 100);

    assertThat(axis.marks().stream().map(Axis.Mark::label))
        .containsExactly("−2", "0", "2", "4", "6");
    assertThat(axis.note()).isEqualTo("x 1e81");
    assertThat(Axis.of(0, 4e-7, 0, 100).note()).isEqualTo("x 1e−7");
  }

  @Test
  void values_with_a_large_common_part_are_marked_relative_to_it() {
    Axis axis = Axis.of(1e9, 1e9 + 3, 0, 100);

    assertThat(axis.note()).isEqualTo("+ 1000000000");
    assertThat(axis.marks().stream().map(Axis.Mark::label))
        .containsExactly("0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0");
    assertThat(axis.at(1e9 + 1.5)).isCloseTo(50, within(1e-6));
  }

  static Stream<double[]> ranges() {
    double next = Math.nextUp(0.3);
    return Stream.of(
        new double[] {0, 0},
        new double[] {0.3, next},
        new double[] {-next, -0.3},
        new double[] {0, next - 0.3},
        new double[] {1e308, 1e308},
        new double[] {-1e308, 1e308},
        new double[] {-Double.MAX_VALUE, Double.MAX_VALUE},
        new double[] {Double.MIN_VALUE, 2 * Double.MIN_VALUE},
        new double[] {0, 1e-300},
        new double[] {1e-12, 1},
        new double[] {1e150, Math.nextUp(1e150)},
        new double[] {-1e9 - 1e-6, -1e9},
        new double[] {99999, 100001},
        new double[] {4.999999999, 5});
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void every_axis_holds_its_values_and_has_a_few_marks_in_ascending_order(double[] range) {
    Axis axis = Axis.of(range[0], range[1], 20, 120);

    assertThat(axis.holds(range[0])).isTrue();
    assertThat(axis.holds(range[1])).isTrue();
    assertThat(axis.at(range[0])).isBetween(20.0, 120.0);
    assertThat(axis.at(range[1])).isBetween(20.0, 120.0);
    List<Double> places = axis.marks().stream().map(Axis.Mark::at).toList();
    assertThat(places).hasSizeBetween(2, 14).isSorted().doesNotHaveDuplicates();
    assertThat(places).allSatisfy(at -> assertThat(at).isBetween(19.99, 120.01));
    assertThat(axis.marks().stream().map(Axis.Mark::label))
        .doesNotHaveDuplicates()
        .allSatisfy(label -> assertThat(label).hasSizeLessThan(9));
    assertThat(axis.note()).hasSizeLessThan(40).doesNotContain("E");
  }
}
