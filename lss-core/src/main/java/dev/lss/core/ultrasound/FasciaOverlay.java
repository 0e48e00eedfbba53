package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.Series;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.raster.Png;
import dev.lss.core.report.StrokeFont;
import dev.lss.core.report.TextPlaces;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Draws layers of fascia over an ultrasound image for people to look at: the outline of the labels,
 * the centre line of each layer with its number, and below a chart of the thickness along each
 * layer ({@link ThicknessChart}).
 *
 * <p>A layer has one colour in both. Pixels are drawn in their true shape where the scale is known.
 * When nothing was found the picture says so. Needs neither a display nor fonts.
 */
public final class FasciaOverlay {

  static final Color TEXT = new Color(0xE8EAED);
  static final Color BACKGROUND = new Color(0x14171A);
  private static final Color OUTLINE = new Color(0xF5C542);
  private static final Color[] LAYERS = {
    new Color(0x4FA3E3), new Color(0x67C23A), new Color(0xD65DB1), new Color(0xF0605D),
  };
  private static final int GAP = 14;
  private static final int TITLE = 34;
  private static final int CHART = 220;
  private static final int NUMBER = 12;
  private static final double WIDTH = 760;
  private static final double LARGEST_HEIGHT = 760;
  private static final String DISCLAIMER = "Not a medical device. For research only.";

  private FasciaOverlay() {}

  /** Returns the colour of a layer, by its number from 1. */
  static Color colour(int layer) {
    return LAYERS[(layer - 1) % LAYERS.length];
  }

  /**
   * Returns the picture as PNG bytes.
   *
   * @param image one plane of grey values from 0 to 255; its name, if it has one, is in the title
   * @param labels labels on its grid
   * @param layers what was measured; may be empty
   * @throws IllegalArgumentException when the two differ in size or are not one plane
   */
  public static byte[] png(Series image, LabelVolume labels, List<FasciaMeasurement> layers) {
    return Png.bytes(render(image, labels, layers));
  }

  /** Returns the picture; parameters as for {@link #png}. */
  public static BufferedImage render(
      Series series, LabelVolume labels, List<FasciaMeasurement> layers) {
    Volume image = series.volume();
    Extents extents = image.extents();
    if (!image.geometry().sameAs(labels.geometry(), GridGeometry.SAME_VOXELS) || extents.k() != 1) {
      throw new IllegalArgumentException(
          "labels and image must be one plane of one grid, were %s and %s"
              .formatted(labels.geometry().describe(), image.geometry().describe()));
    }
    double aspect = image.geometry().spacingMm().y() / image.geometry().spacingMm().x();
    double scale = Math.min(WIDTH / extents.i(), LARGEST_HEIGHT / (extents.j() * aspect));
    int height = (int) Math.max(1, Math.rint(extents.j() * aspect * scale));
    int width = (int) Math.max(1, Math.rint(extents.i() * scale));
    BufferedImage picture =
        new BufferedImage(
            (int) WIDTH + 2 * GAP, TITLE + height + GAP + CHART + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(BACKGROUND);
      graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      StrokeFont font = new StrokeFont(10);
      font.write(graphics, title(series, labels, layers), GAP, TITLE - 10, TEXT);
      drawPixels(picture, image, labels, width, height);
      TextPlaces places = new TextPlaces(TITLE + height);
      for (FasciaMeasurement layer : layers) {
        drawLine(graphics, layer, scale, aspect, places);
      }
      graphics.translate(GAP, TITLE + height + GAP);
      ThicknessChart.draw(graphics, layers, (int) WIDTH, CHART);
    } finally {
      graphics.dispose();
    }
    return picture;
  }

  private static String title(Series series, LabelVolume labels, List<FasciaMeasurement> layers) {
    boolean empty = labels.count(0) == labels.extents().voxels();
    String found = empty ? "Nothing was found. " : "%s layers of fascia. ".formatted(layers.size());
    return series.name().map(name -> name + ": ").orElse("") + found + DISCLAIMER;
  }

  /** Nearest pixels; where a label ends, its outline. */
  private static void drawPixels(
      BufferedImage picture, Volume image, LabelVolume labels, int width, int height) {
    Extents extents = image.extents();
    for (int y = 0; y < height; y++) {
      int j = Math.min(extents.j() - 1, (int) ((y + 0.5) * extents.j() / height));
      for (int x = 0; x < width; x++) {
        int i = Math.min(extents.i() - 1, (int) ((x + 0.5) * extents.i() / width));
        int grey = (int) Math.min(255, Math.max(0, Math.rint(image.get(i, j, 0))));
        int rgb = isOutline(labels, i, j) ? OUTLINE.getRGB() : grey * 0x010101;
        picture.setRGB(GAP + x, TITLE + y, rgb);
      }
    }
  }

  private static boolean isOutline(LabelVolume labels, int i, int j) {
    if (labels.get(i, j, 0) == 0) {
      return false;
    }
    Extents n = labels.extents();
    return (i > 0 && labels.get(i - 1, j, 0) == 0)
        || (i < n.i() - 1 && labels.get(i + 1, j, 0) == 0)
        || (j > 0 && labels.get(i, j - 1, 0) == 0)
        || (j < n.j() - 1 && labels.get(i, j + 1, 0) == 0);
  }

  private static void drawLine(
      Graphics2D graphics,
      FasciaMeasurement layer,
      double scale,
      double aspect,
      TextPlaces places) {
    Path2D path = new Path2D.Double();
    for (CentrePoint point : layer.centreLine()) {
      double x = GAP + (point.column() + 0.5) * scale;
      double y = TITLE + (point.row() + 0.5) * scale * aspect;
      if (path.getCurrentPoint() == null) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    graphics.setColor(colour(layer.layer()));
    graphics.setStroke(new BasicStroke(2.2f));
    graphics.draw(path);
    CentrePoint first = layer.centreLine().get(0);
    StrokeFont font = new StrokeFont(NUMBER);
    String number = String.valueOf(layer.layer());
    double x = GAP + first.column() * scale + 6;
    double wanted = TITLE + first.row() * scale * aspect - 8;
    double y = places.near(x, wanted, font.width(number), NUMBER);
    font.write(graphics, number, x, y, colour(layer.layer()));
  }
}
