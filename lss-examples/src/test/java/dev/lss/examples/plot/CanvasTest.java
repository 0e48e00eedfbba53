package dev.lss.examples.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.examples.plot.Canvas.Anchor;
import dev.lss.examples.plot.Canvas.Pen;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class CanvasTest {

  private static Map<String, byte[]> files(String words) {
    return Canvas.files(
        "plot",
        200,
        100,
        canvas -> {
          canvas.box(20, 20, 10, 10, 0xff0000, 1);
          canvas.box(120, 20, 10, 10, 0x0000ff, 0.5);
          canvas.dot(60, 60, 4, 0x00ff00, 1);
          canvas.line(0, 90, 200, 90, new Pen(0, 2, 0));
          canvas.line(0, 95, 200, 95, new Pen(0, 1, 4));
          canvas.text(100, 50, Anchor.MIDDLE, words);
          canvas.textUpwards(10, 50, words);
        });
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    byte[] bytes = files.get(name);
    assertThat(bytes).as(name).isNotNull();
    return bytes;
  }

  @Test
  void one_plot_gives_three_files() {
    assertThat(files("a").keySet()).containsExactly("plot.svg", "plot.pdf", "plot.png");
  }

  @Test
  void the_png_has_two_pixels_a_point_and_its_shapes_where_they_belong() throws Exception {
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(file(files("minus −1"), "plot.png")));

    assertThat(image.getWidth()).isEqualTo(400);
    assertThat(image.getHeight()).isEqualTo(200);
    assertThat(image.getRGB(50, 50) & 0xFFFFFF).isEqualTo(0xff0000);
    assertThat(image.getRGB(250, 50) & 0xFF).isEqualTo(0xff);
    assertThat(image.getRGB(250, 50) >> 16 & 0xFF).isBetween(120, 135);
    assertThat(image.getRGB(120, 120) & 0xFFFFFF).isEqualTo(0x00ff00);
    assertThat(image.getRGB(200, 180) & 0xFFFFFF).isZero();
    assertThat(image.getRGB(399, 0) & 0xFFFFFF).isEqualTo(0xffffff);
  }

  @Test
  void every_entry_of_the_pdfs_table_points_at_its_object() {
    String pdf =
        new String(file(files("(a) \\ −1 größe"), "plot.pdf"), StandardCharsets.ISO_8859_1);

    assertThat(pdf).startsWith("%PDF-1.4").endsWith("%%EOF\n");
    Matcher entries = Pattern.compile("(\\d{10}) 00000 n").matcher(pdf);
    int number = 0;
    while (entries.find()) {
      number++;
      assertThat(pdf.substring(Integer.parseInt(entries.group(1)))).startsWith(number + " 0 obj");
    }
    assertThat(number).isEqualTo(5);
    int table = Integer.parseInt(pdf.replaceAll("(?s).*startxref\n(\\d+)\n.*", "$1"));
    assertThat(pdf.substring(table)).startsWith("xref");
    Matcher stream = Pattern.compile("(?s)/Length (\\d+) >>\nstream\n(.*)\nendstream").matcher(pdf);
    assertThat(stream.find()).isTrue();
    assertThat(stream.group(2)).hasSize(Integer.parseInt(stream.group(1)));
    assertThat(stream.group(2)).contains("(\\(a\\) \\\\ \u00011 gr\u00f6\u00dfe) Tj");
  }

  @Test
  void words_cannot_break_out_of_the_svg() throws Exception {
    byte[] svg = file(files("<b> & \"c\" \u0000\uFFFF"), "plot.svg");

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));
    assertThat(document.getElementsByTagName("b").getLength()).isZero();
    assertThat(document.getDocumentElement().getTextContent()).contains("<b> & \"c\"");
    assertThat(document.getElementsByTagName("line").getLength()).isEqualTo(2);
  }

  @Test
  void the_same_plot_gives_the_same_bytes_in_every_locale() {
    Map<String, byte[]> here = files("−1.5");
    Locale before = Locale.getDefault();
    try {
      for (String tag : new String[] {"ar-EG-u-nu-arab", "de-DE", "tr-TR", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        files("−1.5")
            .forEach((name, bytes) -> assertThat(bytes).as(tag).isEqualTo(file(here, name)));
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void long_words_are_shortened_and_lose_control_characters() {
    assertThat(Canvas.shortened("abcdefghij", 8)).isEqualTo("abcde...");
    assertThat(Canvas.shortened("a\nb", 8)).isEqualTo("a b");
  }
}
