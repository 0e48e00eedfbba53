package dev.lss.examples.plot;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes plain shapes and real text. */
final class SvgCanvas implements Canvas {

  private final StringBuilder svg = new StringBuilder();

  SvgCanvas(int width, int height) {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\"", width, height);
    add(" viewBox=\"0 0 %s %s\" font-family=\"sans-serif\" font-size=\"13\">\n", width, height);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n");
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Pen pen) {
    add("<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"", x1, y1, x2, y2);
    add(" stroke=\"#%06x\" stroke-width=\"%.1f\"", pen.rgb(), pen.width());
    if (pen.dash() > 0) {
      add(" stroke-dasharray=\"%.0f\"", pen.dash());
    }
    svg.append("/>\n");
  }

  @Override
  public void box(double x, double y, double width, double height, int rgb, double opacity) {
    add("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"", x, y, width, height);
    add(" fill=\"#%06x\" opacity=\"%.2f\"/>\n", rgb, opacity);
  }

  @Override
  public void dot(double x, double y, double radius, int rgb, double opacity) {
    add("<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\"", x, y, radius);
    add(" fill=\"#%06x\" fill-opacity=\"%.2f\"/>\n", rgb, opacity);
  }

  @Override
  public void text(double x, double y, Anchor anchor, String words) {
    add("<text x=\"%.2f\" y=\"%.2f\" fill=\"#%06x\"", x, y, INK);
    add(" text-anchor=\"%s\">", anchor.name().toLowerCase(Locale.ROOT));
    svg.append(escape(words)).append("</text>\n");
  }

  @Override
  public void textUpwards(double x, double y, String words) {
    add("<g transform=\"translate(%.2f %.2f) rotate(-90)\">", x, y);
    text(0, 0, Anchor.MIDDLE, words);
    svg.append("</g>\n");
  }

  private static String escape(String words) {
    return words
        .replaceAll("\\p{Cntrl}|[\\uFFFE\\uFFFF\\p{Cs}]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  @Override
  public byte[] bytes() {
    return (svg + "</svg>\n").getBytes(StandardCharsets.UTF_8);
  }
}
