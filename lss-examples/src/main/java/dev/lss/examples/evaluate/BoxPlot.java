package dev.lss.examples.evaluate;

import dev.lss.examples.plot.Axis;
import dev.lss.examples.plot.Canvas;
import dev.lss.examples.plot.Canvas.Anchor;
import dev.lss.examples.plot.Canvas.Pen;
import dev.lss.metrics.Summary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One measure of every structure as boxes: quartiles and median, whiskers to the last value within
 * one and a half times the box, dots beyond. Several predictions stand below each other in colours.
 */
final class BoxPlot {

  private static final int WIDTH = 760;
  private static final int LEFT = 230;
  private static final int RIGHT = 650;
  private static final int TOP = 60;
  private static final int BOX = 14;
  private static final int GAP = 10;
  private static final double WHISKERS = 1.5;

  /** Beyond so many structures a page is not readable; the tables hold all. */
  private static final int MOST_LABELS = 120;

  private static final int[] COLOURS = {
    0x4c78a8, 0xf58518, 0x54a24b, 0xe45756, 0x72b7b2, 0xb279a2, 0x9d755d, 0x79706e
  };

  private final Measure measure;
  private final List<Statistics> predictions;
  private final List<String> labels;

  private BoxPlot(Measure measure, List<Statistics> predictions, List<String> labels) {
    this.measure = measure;
    this.predictions = predictions;
    this.labels = labels;
  }

  /** Returns the picture in every format, by file name. */
  static Map<String, byte[]> files(Measure measure, List<Statistics> predictions) {
    Set<String> all = new LinkedHashSet<>();
    predictions.forEach(one -> all.addAll(one.byLabel().keySet()));
    List<String> labels = new ArrayList<>(all).subList(0, Math.min(MOST_LABELS, all.size()));
    BoxPlot plot = new BoxPlot(measure, predictions, labels);
    return Canvas.files("box-" + measure.key(), WIDTH, plot.bottom() + 60, plot::plot);
  }

  private int bottom() {
    return TOP + labels.size() * (predictions.size() * BOX + GAP) + GAP;
  }

  private void plot(Canvas canvas) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Statistics one : predictions) {
      for (String label : labels) {
        Summary summary = one.cases(label, measure).summary();
        low = Double.isNaN(summary.minimum()) ? low : Math.min(low, summary.minimum());
        high = Double.isNaN(summary.maximum()) ? high : Math.max(high, summary.maximum());
      }
    }
    Axis axis = low <= high ? Axis.of(low, high, LEFT, RIGHT) : Axis.of(0, 1, LEFT, RIGHT);
    int cases =
        predictions.stream().mapToInt(one -> one.prediction().cases().size()).max().orElse(0);
    canvas.text(LEFT, 24, Anchor.START, "%s, %s cases".formatted(measure.title(), cases));
    legend(canvas);
    canvas.frame(LEFT, TOP, RIGHT - LEFT, bottom() - TOP, new Pen(Canvas.INK, 1, 0));
    axis.below(canvas, bottom(), measure.title());
    double y = TOP + GAP;
    for (String label : labels) {
      double middle = y + predictions.size() * BOX / 2.0;
      canvas.text(LEFT - 8, middle + 4, Anchor.END, Canvas.shortened(label, 30));
      for (int n = 0; n < predictions.size(); n++) {
        box(canvas, axis, predictions.get(n).cases(label, measure), y, colour(n));
        y += BOX;
      }
      y += GAP;
    }
  }

  private static int colour(int prediction) {
    return COLOURS[prediction % COLOURS.length];
  }

  private void legend(Canvas canvas) {
    if (predictions.size() == 1) {
      return;
    }
    int step = (RIGHT - LEFT) / predictions.size();
    for (int n = 0; n < predictions.size(); n++) {
      canvas.box(LEFT + n * step, 37, 12, 12, colour(n), 0.6);
      String name = predictions.get(n).prediction().name();
      canvas.text(LEFT + n * step + 17, 48, Anchor.START, Canvas.shortened(name, step / 9));
    }
  }

  private static void box(Canvas canvas, Axis axis, Statistics.Cases cases, double y, int rgb) {
    Summary s = cases.summary();
    if (s.infinite() > 0) {
      canvas.text(RIGHT + 8, y + BOX - 3, Anchor.START, "%s infinite".formatted(s.infinite()));
    }
    if (Double.isNaN(s.median())) {
      return;
    }
    double reach = WHISKERS * (s.upperQuartile() - s.lowerQuartile());
    double from = s.lowerQuartile();
    double to = s.upperQuartile();
    Set<Long> dots = new LinkedHashSet<>();
    for (double value : cases.byCase().values()) {
      if (Double.isFinite(value)) {
        if (value < s.lowerQuartile() - reach || value > s.upperQuartile() + reach) {
          dots.add(Math.round(axis.at(value))); // one dot a point of the page
        } else {
          from = Math.min(from, value);
          to = Math.max(to, value);
        }
      }
    }
    double middle = y + BOX / 2.0;
    Pen pen = new Pen(Canvas.INK, 1, 0);
    canvas.line(axis.at(from), middle, axis.at(s.lowerQuartile()), middle, pen);
    canvas.line(axis.at(s.upperQuartile()), middle, axis.at(to), middle, pen);
    double left = axis.at(s.lowerQuartile());
    double width = axis.at(s.upperQuartile()) - left;
    canvas.box(left, y + 2, width, BOX - 4, rgb, 0.6);
    canvas.frame(left, y + 2, width, BOX - 4, pen);
    double median = axis.at(s.median());
    canvas.line(median, y + 2, median, y + BOX - 2, new Pen(Canvas.INK, 2, 0));
    dots.forEach(at -> canvas.dot(at, middle, 2, rgb, 1));
  }
}
