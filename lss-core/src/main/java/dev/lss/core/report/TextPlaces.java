package dev.lss.core.report;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Keeps texts in a picture from lying over each other. Not thread-safe. */
public final class TextPlaces {

  /** Room around a text, for its rim. */
  private static final double RIM = 2;

  /** Letters reach below their baseline by this share of a capital's height. */
  private static final double DESCENDERS = 3.0 / 8;

  private final double height;
  private final List<Rectangle2D> taken = new ArrayList<>();

  /** Starts with nothing in a picture of this height, in pixels. */
  public TextPlaces(double height) {
    this.height = height;
  }

  /**
   * Takes a place.
   *
   * @param x left end of the text
   * @param baseline its baseline
   * @param width its width
   * @param capital height of a capital
   */
  public void take(double x, double baseline, double width, double capital) {
    taken.add(box(x, baseline, width, capital));
  }

  /**
   * Takes the free place that is nearest to a wanted one, above or below it, and returns its
   * baseline; the wanted one when the picture is full.
   *
   * @param x left end of the text
   * @param wanted the baseline that would be best
   * @param width its width
   * @param capital height of a capital
   */
  public double near(double x, double wanted, double width, double capital) {
    double lowest = height - RIM - capital * DESCENDERS;
    double highest = RIM + capital;
    double start = Math.max(highest, Math.min(lowest, wanted));
    double found = start;
    for (double away = 0; away <= height; away++) {
      if (start + away <= lowest && isFree(x, start + away, width, capital)) {
        found = start + away;
        break;
      }
      if (start - away >= highest && isFree(x, start - away, width, capital)) {
        found = start - away;
        break;
      }
    }
    take(x, found, width, capital);
    return found;
  }

  private boolean isFree(double x, double baseline, double width, double capital) {
    Rectangle2D box = box(x, baseline, width, capital);
    return taken.stream().noneMatch(box::intersects);
  }

  private static Rectangle2D box(double x, double baseline, double width, double capital) {
    return new Rectangle2D.Double(
        x - RIM, baseline - capital - RIM, width + 2 * RIM, capital * (1 + DESCENDERS) + 2 * RIM);
  }
}
