package dev.lss.examples.plot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a plot is put on: a page of points (1/72 inch), x to the right and y downwards. Not
 * thread-safe.
 */
public interface Canvas {

  /** Colour of frames and words. */
  int INK = 0x1b1f23;

  /** Where a text lies from its point. */
  enum Anchor {
    /** The text starts there. */
    START,
    /** The text is centred there. */
    MIDDLE,
    /** The text ends there. */
    END
  }

  /**
   * How a line looks.
   *
   * @param rgb its colour
   * @param width in points
   * @param dash length of dashes and gaps in points; 0 for none
   */
  record Pen(int rgb, double width, double dash) {}

  /** Adds a line. */
  void line(double x1, double y1, double x2, double y2, Pen pen);

  /** Adds a filled rectangle. */
  void box(double x, double y, double width, double height, int rgb, double opacity);

  /** Adds a filled circle. */
  void dot(double x, double y, double radius, int rgb, double opacity);

  /** Adds words of 13 points; control characters are left out. */
  void text(double x, double y, Anchor anchor, String words);

  /** Adds words that run upwards and are centred at their point. */
  void textUpwards(double x, double y, String words);

  /** Adds a rectangle without filling. */
  default void frame(double x, double y, double width, double height, Pen pen) {
    line(x, y, x + width, y, pen);
    line(x + width, y, x + width, y + height, pen);
    line(x + width, y + height, x, y + height, pen);
    line(x, y + height, x, y, pen);
  }

  /** Returns the picture. */
  byte[] bytes();

  /**
   * Makes one plot in every format: SVG, whose words can be edited, PDF and PNG.
   *
   * @param name name of the files without ending
   * @return the files by name
   */
  static Map<String, byte[]> files(String name, int width, int height, Consumer<Canvas> plot) {
    Map<String, Canvas> canvases = new LinkedHashMap<>();
    canvases.put(name + ".svg", new SvgCanvas(width, height));
    canvases.put(name + ".pdf", new PdfCanvas(width, height));
    canvases.put(name + ".png", new PngCanvas(width, height));
    Map<String, byte[]> files = new LinkedHashMap<>();
    canvases.forEach(
        (file, canvas) -> {
          plot.accept(canvas);
          files.put(file, canvas.bytes());
        });
    return files;
  }

  /** Returns words without control characters, and at most so many of the others. */
  static String shortened(String words, int characters) {
    String plain = words.replaceAll("\\p{Cntrl}", " ");
    int count = plain.codePointCount(0, plain.length());
    return count <= characters
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, characters - 3)) + "...";
  }
}
