package dev.lss.examples.agree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.metrics.agreement.PairedSample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BlandAltmanSvgTest {

  private static Document draw(String method, double[] reference, double[] values)
      throws Exception {
    Comparison comparison =
        Comparison.of(
            "a",
            method,
            Optional.empty(),
            PairedSample.of(reference, values),
            new Margin(1, false));
    byte[] svg = BlandAltmanSvg.draw(comparison);
    assertThat(new String(svg, StandardCharsets.UTF_8)).doesNotContain("NaN", "Infinity");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg));
  }

  private static double y(NodeList nodes, int n, String attribute) {
    return Double.parseDouble(((Element) nodes.item(n)).getAttribute(attribute));
  }

  @Test
  void every_row_is_a_point_and_a_larger_difference_is_higher_up() throws Exception {
    Document svg = draw("b", new double[] {1, 2, 3, 4}, new double[] {1.1, 2.4, 2.8, 4});

    NodeList points = svg.getElementsByTagName("circle");
    assertThat(points.getLength()).isEqualTo(4);
    assertThat(y(points, 1, "cy")).isLessThan(y(points, 0, "cy"));
    assertThat(y(points, 0, "cy")).isLessThan(y(points, 2, "cy"));
  }

  @Test
  void bias_and_limits_are_lines_with_their_figures() throws Exception {
    // Differences 1, 2, 3: bias 2, limits 2 ± 1.96.
    Document svg = draw("b", new double[] {10, 20, 30}, new double[] {11, 22, 33});

    assertThat(svg.getDocumentElement().getTextContent())
        .contains("bias +2.000", "upper +3.960", "lower +0.04004", "n = 3", "b minus a");
    NodeList lines = svg.getElementsByTagName("line");
    assertThat(lines.getLength()).isEqualTo(4);
    assertThat(y(lines, 2, "y1")).isLessThan(y(lines, 1, "y1"));
    assertThat(y(lines, 1, "y1")).isLessThan(y(lines, 3, "y1"));
    assertThat(y(lines, 1, "y1")).isEqualTo(y(svg.getElementsByTagName("circle"), 1, "cy"));
  }

  @Test
  void two_equal_rows_without_limits_are_drawn_too() throws Exception {
    Document svg = draw("b", new double[] {0, 0}, new double[] {0, 0});

    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(svg.getElementsByTagName("line").getLength()).isEqualTo(2);
  }

  @Test
  void names_cannot_break_out_of_their_text() throws Exception {
    Document svg = draw("<b> & \"c\"", new double[] {1, 2, 3}, new double[] {1, 2, 4});

    assertThat(svg.getElementsByTagName("b").getLength()).isZero();
    assertThat(svg.getDocumentElement().getTextContent()).contains("<b> & \"c\" against a");
  }
}
