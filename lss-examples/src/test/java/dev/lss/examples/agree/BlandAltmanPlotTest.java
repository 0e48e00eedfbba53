package dev.lss.examples.agree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.metrics.agreement.PairedSample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BlandAltmanPlotTest {

  private static final Labels LABELS = new Labels(Optional.of("Study"), Optional.of("ml"));

  private static Map<String, byte[]> files(double[] reference, double[] values, double margin) {
    Comparison comparison =
        Comparison.of(
            "a",
            "b",
            Optional.empty(),
            PairedSample.of(reference, values),
            new Margin(margin, false));
    return BlandAltmanPlot.files("p", comparison, LABELS);
  }

  private static Document svg(double[] reference, double[] values, double margin) throws Exception {
    byte[] svg = files(reference, values, margin).getOrDefault("p.svg", new byte[0]);
    assertThat(new String(svg, StandardCharsets.UTF_8)).doesNotContain("NaN", "Infinity");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg));
  }

  private static double number(NodeList nodes, int n, String attribute) {
    return Double.parseDouble(((Element) nodes.item(n)).getAttribute(attribute));
  }

  /** The heights of level lines from the left to the right of the frame. */
  private static double[] levels(Document svg) {
    NodeList lines = svg.getElementsByTagName("line");
    return IntStream.range(0, lines.getLength())
        .filter(n -> number(lines, n, "x1") == 96 && number(lines, n, "x2") == 590)
        .filter(n -> number(lines, n, "y1") == number(lines, n, "y2"))
        .mapToDouble(n -> number(lines, n, "y1"))
        .sorted()
        .toArray();
  }

  @Test
  void every_row_is_a_dot_and_a_larger_difference_is_higher_up() throws Exception {
    Document svg = svg(new double[] {1, 2, 3, 4}, new double[] {1.1, 2.4, 2.8, 4}, 1);

    NodeList dots = svg.getElementsByTagName("circle");
    assertThat(dots.getLength()).isEqualTo(4);
    assertThat(number(dots, 1, "cy")).isLessThan(number(dots, 0, "cy"));
    assertThat(number(dots, 0, "cy")).isLessThan(number(dots, 2, "cy"));
  }

  @Test
  void bias_limits_margin_and_slope_are_lines_with_their_figures() throws Exception {
    // Differences 1, 3, 2: bias 2, limits 2 ± 1.96; the third row lies on the bias.
    Document svg = svg(new double[] {10, 20, 30}, new double[] {11, 23, 32}, 5);

    assertThat(svg.getDocumentElement().getTextContent())
        .contains("Study: b against a, n = 3", "mean of the two (ml)", "b minus a (ml)")
        .contains("bias +2.000", "upper limit +3.960", "lower limit +0.04004")
        .contains("margin ±5.000", "slope +0.05226, p 0.6398", "−5");
    // The frame's upper side, zero, bias, two limits and two margins.
    assertThat(levels(svg)).hasSize(7);
    assertThat(levels(svg)).contains(number(svg.getElementsByTagName("circle"), 2, "cy"));
  }

  @Test
  void a_margin_far_outside_of_the_differences_is_said_in_words() throws Exception {
    Document svg = svg(new double[] {10, 20, 30}, new double[] {10.1, 20.3, 30.2}, 50);

    assertThat(svg.getDocumentElement().getTextContent()).contains("margin ±50.00, outside");
  }

  @Test
  void words_beside_the_lines_do_not_touch_each_other() throws Exception {
    // No spread: bias and both limits are one line.
    Document svg = svg(new double[] {10, 20, 30}, new double[] {11, 21, 31}, 1.01);

    NodeList texts = svg.getElementsByTagName("text");
    double[] heights =
        IntStream.range(0, texts.getLength())
            .filter(n -> number(texts, n, "x") == 598)
            .mapToDouble(n -> number(texts, n, "y"))
            .sorted()
            .toArray();
    assertThat(heights).hasSize(5);
    for (int n = 1; n < heights.length; n++) {
      assertThat(heights[n] - heights[n - 1]).isGreaterThanOrEqualTo(16);
    }
    assertThat(heights[4]).isLessThan(480);
  }

  static Stream<Arguments> oddSamples() {
    double next = Math.nextUp(0.3);
    double[] huge = {1e308, 1e308, 1e308};
    return Stream.of(
        Arguments.of(new double[] {0, 0}, new double[] {0, 0}),
        Arguments.of(new double[] {0.3, next, 0.3}, new double[] {0.3, next, 0.3}),
        Arguments.of(new double[] {0.3, 0.3, 0.3}, new double[] {0.3, next, 0.3}),
        Arguments.of(huge, huge),
        Arguments.of(new double[] {1e308, -1e308, 1e307}, new double[] {-1e308, 1e308, 1e307}),
        Arguments.of(new double[] {1e-320, 2e-320, 0}, new double[] {1e-320, 0, 3e-320}),
        Arguments.of(
            new double[] {1e9, 1e9 + 1, 1e9 - 1}, new double[] {1e9 + 0.5, 1e9, 1e9 - 1e-6}));
  }

  @ParameterizedTest
  @MethodSource("oddSamples")
  void every_sample_has_a_picture_in_every_format(double[] reference, double[] method)
      throws Exception {
    Map<String, byte[]> files = files(reference, method, 1);

    svg(reference, method, 1);
    assertThat(files.keySet()).containsExactly("p.svg", "p.pdf", "p.png");
    assertThat(files.getOrDefault("p.pdf", new byte[0])).hasSizeGreaterThan(1000);
    assertThat(
            ImageIO.read(new ByteArrayInputStream(files.getOrDefault("p.png", new byte[0])))
                .getWidth())
        .isEqualTo(2 * BlandAltmanPlot.WIDTH);
  }

  @Test
  void a_hundred_thousand_rows_make_no_large_picture() {
    Random random = new Random(3);
    double[] reference = random.doubles(100_000, 40, 60).toArray();
    double[] method = Arrays.stream(reference).map(x -> x + random.nextGaussian()).toArray();

    files(reference, method, 1)
        .forEach((name, bytes) -> assertThat(bytes).as(name).hasSizeLessThan(1_200_000));
  }
}
