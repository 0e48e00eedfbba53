package dev.lss.examples.agree;

import dev.lss.examples.plot.Axis;
import dev.lss.examples.plot.Canvas;
import dev.lss.examples.plot.Canvas.Anchor;
import dev.lss.examples.plot.Canvas.Pen;
import dev.lss.metrics.agreement.BlandAltman;
import dev.lss.metrics.agreement.Interval;
import dev.lss.metrics.agreement.PairedSample;
import dev.lss.metrics.agreement.ProportionalBias;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Differences against means (Bland and Altman, Lancet 1986): bias and limits of agreement as lines
 * with their 95 % intervals as bands, the margin of equivalence, and the line of the proportional
 * bias. Up to 5000 rows are dots; more are counted in cells, so that the size is bounded.
 */
final class BlandAltmanPlot {

  static final int WIDTH = 760;
  static final int HEIGHT = 480;

  private static final int LEFT = 96;
  private static final int RIGHT = 590;
  private static final int TOP = 48;
  private static final int BOTTOM = 412;
  private static final int MOST_DOTS = 5000;
  private static final int CELL = 4;

  /** A margin further out than so many times the differences is said in words. */
  private static final double FAR = 3;

  private static final int BIAS = 0x4c78a8;
  private static final int LIMIT = 0xe45756;
  private static final int MARGIN = 0x2e7d32;
  private static final int ZERO = 0x9aa0a6;
  private static final int SLOPE = 0xb279a2;

  private final Comparison comparison;
  private final Canvas canvas;
  private final Axis x;
  private final Axis y;
  private final List<Words> legend = new ArrayList<>();

  /** Words to the right of a line, at the height of the line. */
  private record Words(double y, String text) {}

  private BlandAltmanPlot(Comparison comparison, Canvas canvas) {
    this.comparison = comparison;
    this.canvas = canvas;
    PairedSample sample = comparison.sample();
    BlandAltman limits = comparison.blandAltman();
    double[] means = sample.means();
    double[] differences = finite(sample.differences());
    double low = Math.min(0, Arrays.stream(differences).min().orElse(0));
    double high = Math.max(0, Arrays.stream(differences).max().orElse(0));
    if (isFinite(limits.lowerLimitInterval()) && isFinite(limits.upperLimitInterval())) {
      low = Math.min(low, limits.lowerLimitInterval().low());
      high = Math.max(high, limits.upperLimitInterval().high());
    }
    double margin = comparison.tost().marginAbsolute();
    if (margin <= FAR * Math.max(-low, high) || low == high) {
      low = Math.min(low, -margin);
      high = Math.max(high, margin);
    }
    x =
        Axis.of(
            Arrays.stream(means).min().orElse(0),
            Arrays.stream(means).max().orElse(0),
            LEFT,
            RIGHT);
    y = Axis.of(low, high, BOTTOM, TOP);
  }

  private static double[] finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).toArray();
  }

  private static boolean isFinite(Interval interval) {
    return Double.isFinite(interval.low()) && Double.isFinite(interval.high());
  }

  /** Returns the picture in every format, by file name. */
  static Map<String, byte[]> files(String name, Comparison comparison, Labels labels) {
    return Canvas.files(
        name, WIDTH, HEIGHT, canvas -> new BlandAltmanPlot(comparison, canvas).plot(labels));
  }

  private void plot(Labels labels) {
    String title = labels.title().map(t -> t + ": ").orElse("") + comparison.title();
    canvas.text(
        LEFT, 28, Anchor.START, Canvas.shortened(title, 70) + ", n = " + comparison.sample().n());
    canvas.frame(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, new Pen(Canvas.INK, 1, 0));
    x.below(canvas, BOTTOM, "mean of the two" + labels.unitInBrackets());
    y.leftOf(
        canvas,
        LEFT,
        24,
        Canvas.shortened("%s minus %s".formatted(comparison.method(), comparison.reference()), 40)
            + labels.unitInBrackets());
    BlandAltman limits = comparison.blandAltman();
    band(limits.biasInterval(), BIAS);
    band(limits.lowerLimitInterval(), LIMIT);
    band(limits.upperLimitInterval(), LIMIT);
    rows();
    level(0, new Pen(ZERO, 1, 2), "");
    margin();
    level(limits.bias(), new Pen(BIAS, 1.4, 0), "bias " + signed(limits.bias()));
    double upper = limits.limits().high();
    double lower = limits.limits().low();
    level(upper, new Pen(LIMIT, 1.4, 6), "upper limit " + signed(upper));
    level(lower, new Pen(LIMIT, 1.4, 6), "lower limit " + signed(lower));
    slope(limits.proportionalBias());
    legend();
  }

  private void rows() {
    double[] means = comparison.sample().means();
    double[] differences = comparison.sample().differences();
    if (means.length > MOST_DOTS) {
      cells(means, differences);
      return;
    }
    for (int n = 0; n < means.length; n++) {
      if (y.holds(differences[n])) {
        canvas.dot(x.at(means[n]), y.at(differences[n]), 2.6, Canvas.INK, 0.55);
      }
    }
  }

  /** Counts rows in cells of four points; the darkest cell has the most rows. */
  private void cells(double[] means, double[] differences) {
    int columns = (RIGHT - LEFT) / CELL + 1;
    int lines = (BOTTOM - TOP) / CELL + 1;
    int[] counts = new int[columns * lines];
    for (int n = 0; n < means.length; n++) {
      if (y.holds(differences[n])) {
        int column = (int) ((x.at(means[n]) - LEFT) / CELL);
        int line = (int) ((y.at(differences[n]) - TOP) / CELL);
        counts[line * columns + column]++;
      }
    }
    int most = Arrays.stream(counts).max().orElse(0);
    for (int n = 0; n < counts.length; n++) {
      if (counts[n] > 0) {
        double share = (1 + Math.log(counts[n])) / (1 + Math.log(most));
        double atX = LEFT + n % columns * CELL;
        double atY = TOP + n / columns * CELL;
        canvas.box(atX, atY, CELL, CELL, Canvas.INK, Math.max(0.1, 0.9 * share));
      }
    }
    legend.add(new Words(BOTTOM, "darkest cell: %s rows".formatted(most)));
  }

  private void band(Interval interval, int rgb) {
    if (isFinite(interval)) {
      double top = y.at(interval.high());
      canvas.box(LEFT, top, RIGHT - LEFT, y.at(interval.low()) - top, rgb, 0.15);
    }
  }

  private void margin() {
    double margin = comparison.tost().marginAbsolute();
    String words = "margin \u00b1" + Axis.minus(number("%.4g", margin));
    if (y.holds(margin) && y.holds(-margin)) {
      level(margin, new Pen(MARGIN, 1, 1), words);
      level(-margin, new Pen(MARGIN, 1, 1), "");
    } else {
      legend.add(new Words(TOP, words + ", outside"));
    }
  }

  private void level(double value, Pen pen, String words) {
    if (Double.isFinite(value) && y.holds(value)) {
      canvas.line(LEFT, y.at(value), RIGHT, y.at(value), pen);
      if (!words.isEmpty()) {
        legend.add(new Words(y.at(value), words));
      }
    }
  }

  /** The part of the regression line that lies inside the frame. */
  private void slope(ProportionalBias line) {
    if (!Double.isFinite(line.slope()) || !Double.isFinite(line.intercept())) {
      return;
    }
    double left = at(line, x.low());
    double right = at(line, x.high());
    legend.add(
        new Words(
            Math.min(BOTTOM, Math.max(TOP, y.at(right))),
            "slope %s, p %s"
                .formatted(signed(line.slope()), Axis.minus(AgreementTable.p(line.p())))));
    if (y.holds(left) && y.holds(right)) {
      canvas.line(LEFT, y.at(left), RIGHT, y.at(right), new Pen(SLOPE, 1.2, 4));
    }
  }

  private static double at(ProportionalBias line, double value) {
    return line.intercept() + line.slope() * value;
  }

  /** Puts words beside their lines, moved apart so that none touches another. */
  private void legend() {
    legend.sort(Comparator.comparingDouble(Words::y));
    double lowest = BOTTOM - 16.0 * (legend.size() - 1);
    double next = TOP;
    for (Words words : legend) {
      double at = Math.max(next, Math.min(words.y, lowest));
      canvas.text(RIGHT + 8, at + 4, Anchor.START, words.text);
      next = at + 16;
      lowest += 16;
    }
  }

  private static String signed(double value) {
    return Axis.minus(number("%+.4g", value));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
