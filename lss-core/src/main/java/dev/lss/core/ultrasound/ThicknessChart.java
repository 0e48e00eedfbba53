package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.LengthUnit;
import dev.lss.core.report.StrokeFont;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Locale;

/**
 * A chart of thickness over the distance from the left end, one line for each layer, in its colour,
 * and its mean beside it. Both axes begin at 0.
 */
final class ThicknessChart {

  private static final int LEFT = 50;
  private static final int RIGHT = 150;
  private static final int TOP = 22;
  private static final int BOTTOM = 34;
  private static final int TICKS = 4;
  private static final int ROW = 18;

  /** So many layers have their mean beside the chart. */
  private static final int MOST_NAMED = 7;

  private static final Color GRID = new Color(0x3A4047);

  private ThicknessChart() {}

  static void draw(Graphics2D graphics, List<FasciaMeasurement> layers, int width, int height) {
    StrokeFont font = new StrokeFont(9);
    if (layers.isEmpty()) {
      font.write(graphics, "No thickness was measured.", 0, TOP, FasciaOverlay.TEXT);
      return;
    }
    String unit = layers.get(0).unit() == LengthUnit.MM ? "mm" : "px";
    double thickest =
        rounded(layers.stream().mapToDouble(m -> m.thickness().max()).max().orElse(1));
    double longest = rounded(layers.stream().mapToDouble(m -> m.length()).max().orElse(1));
    int plotWidth = width - LEFT - RIGHT;
    int plotHeight = height - TOP - BOTTOM;
    font.write(graphics, "Thickness along each layer, " + unit, LEFT, TOP - 10, FasciaOverlay.TEXT);
    graphics.setStroke(new BasicStroke(1));
    for (int tick = 0; tick <= TICKS; tick++) {
      int x = LEFT + plotWidth * tick / TICKS;
      int y = TOP + plotHeight - plotHeight * tick / TICKS;
      graphics.setStroke(new BasicStroke(1));
      graphics.setColor(GRID);
      graphics.drawLine(LEFT, y, LEFT + plotWidth, y);
      graphics.drawLine(x, TOP, x, TOP + plotHeight);
      font.write(graphics, number(thickest * tick / TICKS), 4, y + 4, FasciaOverlay.TEXT);
      font.write(graphics, number(longest * tick / TICKS), x - 8, height - 12, FasciaOverlay.TEXT);
    }
    for (FasciaMeasurement layer : layers) {
      Color colour = FasciaOverlay.colour(layer.layer());
      graphics.setColor(colour);
      graphics.setStroke(new BasicStroke(1.8f));
      graphics.draw(line(layer, plotWidth / longest, plotHeight / thickest, plotHeight));
      if (layer.layer() <= MOST_NAMED) {
        font.write(
            graphics,
            String.format(
                Locale.ROOT, "%s: %.2f %s", layer.layer(), layer.thickness().mean(), unit),
            LEFT + plotWidth + 12,
            TOP + 10 + ROW * (layer.layer() - 1),
            colour);
      }
    }
    if (layers.size() > MOST_NAMED) {
      String more = "and %s more".formatted(layers.size() - MOST_NAMED);
      int y = TOP + 10 + ROW * MOST_NAMED;
      font.write(graphics, more, LEFT + plotWidth + 12, y, FasciaOverlay.TEXT);
    }
    String across = unit + " from the left";
    font.write(graphics, across, LEFT + plotWidth + 36, height - 12, FasciaOverlay.TEXT);
  }

  private static Path2D line(
      FasciaMeasurement layer, double scaleX, double scaleY, int plotHeight) {
    Path2D path = new Path2D.Double();
    boolean drawing = false;
    for (CentrePoint point : layer.centreLine()) {
      double x = LEFT + point.arc() * scaleX;
      double y = TOP + plotHeight - point.thickness() * scaleY;
      if (Double.isNaN(point.thickness())) {
        drawing = false;
      } else if (drawing) {
        path.lineTo(x, y);
      } else {
        path.moveTo(x, y);
        drawing = true;
      }
    }
    return path;
  }

  /** Returns the next larger of 1, 2, 4 or 8 times a power of ten. */
  private static double rounded(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 2, 4, 8}) {
      if (step * power >= value) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }
}
