package dev.lss.core.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Letters made of straight strokes, for writing on pictures.
 *
 * <p>The fonts of the JDK need font files and native libraries that small server images lack, and
 * then fail at the first letter; besides, a picture would differ from machine to machine. A capital
 * is 8 units high on a baseline at y = 8, descenders reach y = 11. Characters beyond printable
 * ASCII are drawn as a small box. Immutable.
 */
public final class StrokeFont {

  private static final double CAPITAL_UNITS = 8;
  private static final double GAP_UNITS = 2.2;
  private static final double SPACE_UNITS = 3;
  private static final String UNKNOWN = "02 42 48 08 02";

  /** A character, a space, then polylines of points: x and y, each one digit in base 36. */
  private static final String[] GLYPHS = {
    "A 08 30 68,15 55",
    "B 08 00 30 41 43 34 04,34 45 47 38 08",
    "C 51 40 10 01 07 18 48 57",
    "D 00 08 38 56 52 30 00",
    "E 50 00 08 58,04 44",
    "F 50 00 08,04 44",
    "G 51 40 10 01 07 18 48 57 54 34",
    "H 00 08,50 58,04 54",
    "I 00 08",
    "J 40 47 38 18 07 06",
    "K 00 08,50 04,13 58",
    "L 00 08 48",
    "M 08 00 35 60 68",
    "N 08 00 58 50",
    "O 10 40 51 57 48 18 07 01 10",
    "P 08 00 40 51 53 44 04",
    "Q 10 40 51 57 48 18 07 01 10,35 58",
    "R 08 00 40 51 53 44 04,24 58",
    "S 51 40 10 01 03 14 44 55 57 48 18 07",
    "T 00 60,30 38",
    "U 00 07 18 48 57 50",
    "V 00 38 60",
    "W 00 28 43 68 80",
    "X 00 58,50 08",
    "Y 00 34 60,34 38",
    "Z 00 50 08 58",
    "a 43 48,44 33 13 04 07 18 38 47",
    "b 00 08,04 13 33 44 47 38 18 07",
    "c 44 33 13 04 07 18 38 47",
    "d 40 48,44 33 13 04 07 18 38 47",
    "e 05 45 44 33 13 04 07 18 38 47",
    "f 30 20 11 18,03 33",
    "g 43 4a 3b 1b 0a,44 33 13 04 07 18 38 47",
    "h 00 08,04 13 33 44 48",
    "i 03 08,00 01",
    "j 23 2a 1b 0b,20 21",
    "k 00 08,43 06,15 48",
    "l 00 08",
    "m 03 08,04 13 23 34 38,34 43 53 64 68",
    "n 03 08,04 13 33 44 48",
    "o 13 33 44 47 38 18 07 04 13",
    "p 03 0b,04 13 33 44 47 38 18 07",
    "q 43 4b,44 33 13 04 07 18 38 47",
    "r 03 08,05 23 33",
    "s 43 13 04 15 35 46 47 38 08",
    "t 10 17 28 38,03 33",
    "u 03 07 18 38 47,43 48",
    "v 03 28 43",
    "w 03 18 34 58 63",
    "x 03 48,43 08",
    "y 03 28,43 1b",
    "z 03 43 08 48",
    "0 10 30 41 47 38 18 07 01 10",
    "1 02 20 28",
    "2 01 10 30 41 43 08 48",
    "3 01 10 30 41 43 34 14,34 45 47 38 18 07",
    "4 38 30 05 55",
    "5 40 00 04 13 33 44 47 38 18 07",
    "6 41 30 10 01 07 18 38 47 45 34 14 05",
    "7 00 40 18",
    "8 10 30 41 43 34 14 03 01 10,14 05 07 18 38 47 45 34",
    "9 43 34 14 03 01 10 30 41 47 38 18 07",
    ". 07 08",
    ", 17 09",
    ": 03 04,07 08",
    "; 13 14,17 09",
    "- 05 35",
    "\u2212 05 45",
    "\u00b1 22 26,04 44,08 48",
    "\u00b3 00 20 12 23 14 04",
    "[ 20 00 09 29",
    "] 00 20 29 09",
    "| 00 0a",
    "_ 09 49",
    "+ 23 27,05 45",
    "= 04 44,06 46",
    "/ 40 09",
    "( 20 02 07 29",
    ") 00 22 27 09",
    "' 00 02",
    "? 01 10 30 41 43 25 26,28 28",
    "! 00 05,07 08",
    "% 50 08,10 21 12 01 10,46 57 48 37 46",
    "> 02 45 08",
    "< 42 05 48"
  };

  private static final Map<Integer, String> STROKES = strokes();

  private final double unit;

  /** Creates a font whose capitals are this many pixels high. */
  public StrokeFont(double capitalPixels) {
    unit = capitalPixels / CAPITAL_UNITS;
  }

  private static Map<Integer, String> strokes() {
    Map<Integer, String> strokes = new HashMap<>();
    for (String glyph : GLYPHS) {
      strokes.put(glyph.codePointAt(0), glyph.substring(2));
    }
    return Map.copyOf(strokes);
  }

  /** Returns how wide a text is, in pixels. */
  public double width(String text) {
    return draw(text, 0, 0, new Path2D.Double());
  }

  /**
   * Returns texts as lines of at most this width, broken at spaces; a word that is wider has a line
   * of its own.
   */
  List<String> wrapped(List<String> texts, double widthPixels) {
    List<String> lines = new ArrayList<>();
    for (String text : texts) {
      String line = "";
      for (String word : text.split(" ", -1)) {
        String longer = line.isEmpty() ? word : line + " " + word;
        if (!line.isEmpty() && width(longer) > widthPixels) {
          lines.add(line);
          longer = word;
        }
        line = longer;
      }
      lines.add(line);
    }
    return lines;
  }

  /** Returns the height of a capital, in pixels. */
  double height() {
    return unit * CAPITAL_UNITS;
  }

  /** Returns the strokes of a text, its left end at x and its baseline at y. */
  public Path2D outline(String text, double x, double y) {
    Path2D path = new Path2D.Double();
    draw(text, x, y, path);
    return path;
  }

  /** Writes a text with a dark rim, its left end at x and its baseline at y. */
  public void write(Graphics2D picture, String text, double x, double y, Color colour) {
    Path2D path = outline(text, x, y);
    float pen = (float) (unit * 1.05);
    picture.setColor(new Color(0, 0, 0, 170));
    picture.setStroke(pen(pen + 3));
    picture.draw(path);
    picture.setColor(colour);
    picture.setStroke(pen(pen));
    picture.draw(path);
  }

  private static BasicStroke pen(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  /** Appends the text's strokes and returns its width. */
  private double draw(String text, double x, double baseline, Path2D path) {
    double at = x;
    for (int character : text.codePoints().toArray()) {
      if (character == ' ') {
        at += SPACE_UNITS * unit;
        continue;
      }
      double widest = 0;
      for (String line : STROKES.getOrDefault(character, UNKNOWN).split(",", -1)) {
        boolean first = true;
        for (String point : line.split(" ", -1)) {
          int px = Character.digit(point.charAt(0), 36);
          int py = Character.digit(point.charAt(1), 36);
          widest = Math.max(widest, px);
          double pointX = at + px * unit;
          double pointY = baseline + (py - CAPITAL_UNITS) * unit;
          if (first) {
            path.moveTo(pointX, pointY);
          } else {
            path.lineTo(pointX, pointY);
          }
          first = false;
        }
      }
      at += (widest + GAP_UNITS) * unit;
    }
    return Math.max(0, at - x - GAP_UNITS * unit);
  }
}
