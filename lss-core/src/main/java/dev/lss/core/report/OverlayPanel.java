package dev.lss.core.report;

import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * One plane of an {@link Overlay}: grey values, labels, names, letters and scale bar. Immutable.
 */
final class OverlayPanel {

  /**
   * An anatomical plane and how it is turned. The axes are those of {@link LpsView}; both run as
   * the picture does, except that superior is up.
   */
  enum Plane {
    /** Anterior to the left, superior up. */
    SAGITTAL(0, 1, 2, "APSI"),
    /** The patient's right to the left, superior up. */
    CORONAL(1, 0, 2, "RLSI"),
    /** The patient's right to the left, anterior up. */
    AXIAL(2, 0, 1, "RLAP");

    private final int normal;
    private final int across;
    private final int down;
    private final String letters;

    Plane(int normal, int across, int down, String letters) {
      this.normal = normal;
      this.across = across;
      this.down = down;
      this.letters = letters;
    }

    /** Returns the letter at the left (0), right (1), top (2) or bottom (3) side. */
    private String letter(int side) {
      return letters.substring(side, side + 1);
    }

    /** Returns the axis that the picture's rows run along. */
    int across() {
      return across;
    }

    /** Returns the axis that the picture's columns run along. */
    int down() {
      return down;
    }

    private boolean upwards() {
      return down == 2;
    }
  }

  private static final double OPACITY = 0.38;
  private static final int TICK = 9;
  private static final int RIM = 26;
  private static final Color LETTER = new Color(0xFFE08A);
  private static final Color BAR = Color.WHITE;
  private static final int[] BARS_MM = {50, 20, 10, 5, 2, 1};
  private static final int[] BARS_PIXELS = {500, 200, 100, 50, 20, 10, 5, 1};

  private final Plane plane;
  private final LpsView view;
  private final OverlayPlanes planes;

  OverlayPanel(Plane plane, LpsView view, OverlayPlanes planes) {
    this.plane = plane;
    this.view = view;
    this.planes = planes;
  }

  double widthMm() {
    return lengthMm(plane.across);
  }

  double heightMm() {
    return lengthMm(plane.down);
  }

  private double lengthMm(int axis) {
    return (planes.end(axis) - planes.start(axis)) * view.spacingMm(axis);
  }

  int widthPixels(double scale) {
    return Math.max(1, (int) Math.round(widthMm() * scale));
  }

  int heightPixels(double scale) {
    return Math.max(1, (int) Math.round(heightMm() * scale));
  }

  /**
   * Returns the name of the plane, the label that an axial plane goes through, and where it lies;
   * of a picture the name that its series has, such as that of a frame.
   */
  String caption(Overlay.Painting painting) {
    if (view.isPicture()) {
      return painting.name();
    }
    String name = plane.name().charAt(0) + plane.name().substring(1).toLowerCase(Locale.ROOT);
    String through =
        plane == Plane.AXIAL && planes.middleLabel().isPresent()
            ? " through " + painting.name(planes.middleLabel().get())
            : "";
    return name + through + ", " + view.position(plane.normal, planes.plane(plane.normal));
  }

  /** Draws the panel with its upper left corner at (left, top). */
  void draw(
      BufferedImage picture,
      Graphics2D graphics,
      int left,
      int top,
      double scale,
      Overlay.Painting painting) {
    int width = widthPixels(scale);
    int height = heightPixels(scale);
    int[][] label = new int[height][width];
    int[][] grey = new int[height][width];
    sample(painting, scale, label, grey);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = colour(label, grey[y][x], x, y, painting);
      }
      picture.setRGB(left, top + y, width, 1, row, 0, width);
    }
    Shape clip = graphics.getClip();
    graphics.clip(new Rectangle(left, top, width, height));
    graphics.translate(left, top);
    TextPlaces places = new TextPlaces(height);
    if (!view.isPicture()) {
      ticks(graphics, scale, width, height);
      letters(graphics, width, height, places);
    }
    scaleBar(graphics, scale, width, height, places);
    if (plane == Plane.SAGITTAL) {
      painting.marks().forEach(mark -> mark(graphics, mark, painting, scale, places));
    }
    names(graphics, label, painting, places);
    graphics.translate(-left, -top);
    graphics.setClip(clip);
  }

  /** Interpolates the image linearly in the plane, and takes the label of the nearest voxel. */
  private void sample(Overlay.Painting painting, double scale, int[][] label, int[][] grey) {
    Volume ct = painting.image();
    short[] labels = VoxelArrays.labels(painting.labels());
    int[] at = new int[3];
    at[plane.normal] = planes.plane(plane.normal);
    for (int y = 0; y < label.length; y++) {
      double v = voxel(plane.down, y, label.length, scale);
      for (int x = 0; x < label[y].length; x++) {
        double u = voxel(plane.across, x, label[y].length, scale);
        at[plane.across] = nearest(plane.across, u);
        at[plane.down] = nearest(plane.down, v);
        label[y][x] = Short.toUnsignedInt(labels[view.offset(at)]);
        grey[y][x] = painting.window().grey(interpolate(ct, at, u, v));
      }
    }
  }

  /** Returns the continuous voxel index, along an axis, of the middle of a pixel. */
  private double voxel(int axis, int pixel, int pixels, double scale) {
    boolean reversed = axis == plane.down && plane.upwards();
    double mm = ((reversed ? pixels - 1 - pixel : pixel) + 0.5) / scale;
    return planes.start(axis) + mm / view.spacingMm(axis) - 0.5;
  }

  private int nearest(int axis, double voxel) {
    return Math.max(0, Math.min(view.size(axis) - 1, (int) Math.floor(voxel + 0.5)));
  }

  private double interpolate(Volume ct, int[] at, double u, double v) {
    int u0 = nearest(plane.across, Math.floor(u));
    int u1 = nearest(plane.across, Math.floor(u) + 1);
    int v0 = nearest(plane.down, Math.floor(v));
    int v1 = nearest(plane.down, Math.floor(v) + 1);
    double fu = u - Math.floor(u);
    double fv = v - Math.floor(v);
    return (1 - fv) * ((1 - fu) * value(ct, at, u0, v0) + fu * value(ct, at, u1, v0))
        + fv * ((1 - fu) * value(ct, at, u0, v1) + fu * value(ct, at, u1, v1));
  }

  private double value(Volume ct, int[] at, int u, int v) {
    at[plane.across] = u;
    at[plane.down] = v;
    return VoxelArrays.at(ct, view.offset(at));
  }

  private void mark(
      Graphics2D graphics,
      OverlayMark mark,
      Overlay.Painting painting,
      double scale,
      TextPlaces places) {
    double[] from = pixel(painting, mark.fromMm(), scale);
    double[] to = pixel(painting, mark.toMm(), scale);
    graphics.setColor(new Color(mark.rgb()));
    graphics.draw(new Line2D.Double(from[0], from[1], to[0], to[1]));
    if (!mark.text().isBlank()) {
      StrokeFont font = new StrokeFont(10);
      double y = places.near(to[0] + 4, to[1], font.width(mark.text()), font.height());
      font.write(graphics, mark.text(), to[0] + 4, y, new Color(mark.rgb()));
    }
  }

  /** Returns where a position lies in this panel, across and down. */
  private double[] pixel(Overlay.Painting painting, Vector3 mm, double scale) {
    Vector3 index = view.along(painting.image().geometry().toIndex(mm));
    double across = index.get(plane.across) + 0.5 - planes.start(plane.across);
    double down = index.get(plane.down) + 0.5 - planes.start(plane.down);
    double x = across * view.spacingMm(plane.across) * scale;
    double y = down * view.spacingMm(plane.down) * scale;
    return new double[] {x, plane.upwards() ? heightPixels(scale) - y : y};
  }

  private static int colour(int[][] label, int grey, int x, int y, Overlay.Painting painting) {
    int here = label[y][x];
    if (here == 0) {
      return grey << 16 | grey << 8 | grey;
    }
    int rgb = painting.rgb(here);
    double share = isOutline(label, x, y) ? 1 : OPACITY;
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double part = share * (rgb >> shift & 0xFF) + (1 - share) * grey;
      mixed |= (int) Math.round(part) << shift;
    }
    return mixed;
  }

  private static boolean isOutline(int[][] label, int x, int y) {
    int here = label[y][x];
    return (x > 0 && label[y][x - 1] != here)
        || (y > 0 && label[y - 1][x] != here)
        || (x + 1 < label[y].length && label[y][x + 1] != here)
        || (y + 1 < label.length && label[y + 1][x] != here);
  }

  private void ticks(Graphics2D graphics, double scale, int width, int height) {
    graphics.setColor(LETTER);
    double u = planes.plane(plane.across) + 0.5 - planes.start(plane.across);
    double v = planes.plane(plane.down) + 0.5 - planes.start(plane.down);
    int x = (int) (u * view.spacingMm(plane.across) * scale);
    int fromStart = (int) (v * view.spacingMm(plane.down) * scale);
    int y = plane.upwards() ? height - 1 - fromStart : fromStart;
    graphics.fillRect(x, 0, 1, TICK);
    graphics.fillRect(x, height - TICK, 1, TICK);
    graphics.fillRect(0, y, TICK, 1);
    graphics.fillRect(width - TICK, y, TICK, 1);
  }

  private void letters(Graphics2D graphics, int width, int height, TextPlaces places) {
    double middleX = width / 2.0 - 3;
    double middleY = height / 2.0 + 5;
    double inset = TICK + 5;
    StrokeFont font = new StrokeFont(10);
    letter(graphics, font, plane.letter(0), inset, middleY, places);
    double right = width - inset - font.width(plane.letter(1));
    letter(graphics, font, plane.letter(1), right, middleY, places);
    letter(graphics, font, plane.letter(2), middleX, inset + font.height(), places);
    letter(graphics, font, plane.letter(3), middleX, height - inset, places);
  }

  private static void letter(
      Graphics2D graphics, StrokeFont font, String letter, double x, double y, TextPlaces places) {
    font.write(graphics, letter, x, y, LETTER);
    places.take(x, y, font.width(letter), font.height());
  }

  /**
   * Draws 50 mm, or the longest of 20, 10, 5, 2, 1 mm that is not wider than 0.6 of the panel;
   * pixels where there are no millimetres.
   */
  private void scaleBar(
      Graphics2D graphics, double scale, int width, int height, TextPlaces places) {
    for (int length : view.isCalibrated() ? BARS_MM : BARS_PIXELS) {
      if (length <= 0.6 * widthMm()) {
        int pixels = (int) Math.round(length * scale);
        int x = width - pixels - 8;
        int y = height - 12;
        graphics.setColor(new Color(0, 0, 0, 170));
        graphics.fillRect(x - 1, y - 1, pixels + 2, 5);
        graphics.setColor(BAR);
        graphics.fillRect(x, y, pixels, 3);
        StrokeFont font = new StrokeFont(8);
        String text = length + (view.isCalibrated() ? " mm" : " pixels");
        double left = Math.max(4, x + pixels - font.width(text));
        font.write(graphics, text, left, y - 6, BAR);
        places.take(x, y + 2, pixels, 4);
        places.take(left, y - 6, font.width(text), font.height());
        return;
      }
    }
  }

  /**
   * Writes each name beside its label, before the body on sagittal planes, else on the right, or
   * where it is free above or below.
   */
  private void names(
      Graphics2D graphics, int[][] label, Overlay.Painting painting, TextPlaces places) {
    StrokeFont font = new StrokeFont(11);
    boolean before = plane == Plane.SAGITTAL;
    int width = label[0].length;
    for (LabelledArea area : LabelledArea.in(label, before)) {
      String name = painting.name(area.label());
      double x = before ? area.edge() - 8 - font.width(name) : area.edge() + 8;
      x = Math.max(RIM, Math.min(width - RIM - font.width(name), x));
      double y = places.near(x, area.row() + font.height() / 2, font.width(name), font.height());
      font.write(graphics, name, x, y, new Color(painting.rgb(area.label())));
    }
  }
}
