package dev.lss.examples.agree;

import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Interval;
import dev.lss.metrics.agreement.PairedSample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Draws differences against means, with bias and limits of agreement as lines and their 95 %
 * intervals as bands (Bland and Altman, Lancet 1986). An SVG of plain shapes and text: the same
 * figures give the same bytes.
 */
public final class BlandAltmanSvg {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 480;
  private static final int LEFT = 84;
  private static final int RIGHT = 620;
  private static final int TOP = 48;
  private static final int BOTTOM = 412;
  private static final int TICKS = 6;
  private static final String INK = "#1b1f23";

  private final StringBuilder svg = new StringBuilder();
  private final Scale x;
  private final Scale y;

  /** From values to pixels, and the step between two marks of an axis. */
  private record Scale(double low, double high, double step, int from, int to) {

    static Scale of(double low, double high, int from, int to) {
      double span = high > low ? high - low : Math.max(1, Math.abs(low)) * 0.1;
      double middle = (low + high) / 2;
      double rough = span * 1.1 / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step = power * (rough > 5 * power ? 10 : rough > 2 * power ? 5 : 2);
      return new Scale(middle - span * 0.55, middle + span * 0.55, step, from, to);
    }

    double at(double value) {
      return from + (value - low) / (high - low) * (to - from);
    }
  }

  private BlandAltmanSvg(Comparison comparison) {
    PairedSample sample = comparison.sample();
    BlandAltman limits = comparison.blandAltman();
    double[] means = sample.means();
    double[] differences = sample.differences();
    double low = Arrays.stream(differences).min().orElse(0);
    double high = Arrays.stream(differences).max().orElse(0);
    if (!Double.isNaN(limits.limits().low())) {
      low = Math.min(low, limits.lowerLimitInterval().low());
      high = Math.max(high, limits.upperLimitInterval().high());
    }
    x =
        Scale.of(
            Arrays.stream(means).min().orElse(0),
            Arrays.stream(means).max().orElse(0),
            LEFT,
            RIGHT);
    y = Scale.of(Math.min(low, 0), Math.max(high, 0), BOTTOM, TOP);
  }

  /** Returns the picture as UTF-8 bytes. */
  public static byte[] draw(Comparison comparison) {
    return new BlandAltmanSvg(comparison).document(comparison).getBytes(StandardCharsets.UTF_8);
  }

  private String document(Comparison comparison) {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", WIDTH, HEIGHT);
    add(" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n", WIDTH, HEIGHT);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n");
    text(LEFT, 28, "start", "%s, n = %d".formatted(comparison.title(), comparison.sample().n()));
    axes(comparison);
    BlandAltman limits = comparison.blandAltman();
    band(limits.biasInterval(), "#4c78a8");
    band(limits.lowerLimitInterval(), "#e45756");
    band(limits.upperLimitInterval(), "#e45756");
    level(0, "#9aa0a6", "2 3", "");
    level(limits.bias(), "#4c78a8", "", "bias ");
    level(limits.limits().high(), "#e45756", "6 4", "upper ");
    level(limits.limits().low(), "#e45756", "6 4", "lower ");
    double[] means = comparison.sample().means();
    double[] differences = comparison.sample().differences();
    for (int n = 0; n < means.length; n++) {
      add(
          "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"2.6\" fill=\"%s\" fill-opacity=\"0.55\"/>\n",
          x.at(means[n]), y.at(differences[n]), INK);
    }
    return svg.append("</svg>\n").toString();
  }

  private void axes(Comparison comparison) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"%s\"/>\n",
        LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, INK);
    for (double v = Math.ceil(x.low / x.step) * x.step; v <= x.high; v += x.step) {
      text(x.at(v), BOTTOM + 20, "middle", mark(v, x.step));
    }
    for (double v = Math.ceil(y.low / y.step) * y.step; v <= y.high; v += y.step) {
      text(LEFT - 8, y.at(v) + 4, "end", mark(v, y.step));
    }
    text((LEFT + RIGHT) / 2.0, BOTTOM + 46, "middle", "mean of the two");
    add("<g transform=\"translate(22 %d) rotate(-90)\">", (TOP + BOTTOM) / 2);
    text(0, 0, "middle", "%s minus %s".formatted(comparison.method(), comparison.reference()));
    add("</g>\n");
  }

  private void band(Interval interval, String colour) {
    if (!Double.isNaN(interval.low())) {
      add(
          "<rect x=\"%d\" y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"%s\" opacity=\"0.15\"/>\n",
          LEFT,
          y.at(interval.high()),
          RIGHT - LEFT,
          y.at(interval.low()) - y.at(interval.high()),
          colour);
    }
  }

  private void level(double value, String colour, String dashes, String name) {
    if (Double.isNaN(value)) {
      return;
    }
    add(
        "<line x1=\"%d\" y1=\"%.2f\" x2=\"%d\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"1.4\"",
        LEFT, y.at(value), RIGHT, y.at(value), colour);
    add(dashes.isEmpty() ? "/>\n" : " stroke-dasharray=\"" + dashes + "\"/>\n");
    if (!name.isEmpty()) {
      text(RIGHT + 8, y.at(value) + 4, "start", name + String.format(Locale.ROOT, "%+.4g", value));
    }
  }

  private static String mark(double value, double step) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    double rounded = Math.abs(value) < step / 2 ? 0 : value;
    return String.format(Locale.ROOT, "%." + digits + "f", rounded);
  }

  private void text(double atX, double atY, String anchor, String words) {
    add("<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\" fill=\"%s\">", atX, atY, anchor, INK);
    svg.append(escape(words)).append("</text>\n");
  }

  private static String escape(String words) {
    return words
        .replaceAll("[\\x00-\\x1f]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
