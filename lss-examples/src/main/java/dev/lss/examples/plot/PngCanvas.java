package dev.lss.examples.plot;

import dev.lss.core.report.StrokeFont;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import javax.imageio.ImageIO;

/** Paints two pixels a point. Words are made of strokes; letters lose their accents. */
final class PngCanvas implements Canvas {

  private static final int SCALE = 2;
  private static final StrokeFont FONT = new StrokeFont(8);

  private final BufferedImage image;
  private final Graphics2D picture;

  PngCanvas(int width, int height) {
    image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
    picture = image.createGraphics();
    picture.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    picture.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    picture.scale(SCALE, SCALE);
    box(0, 0, width, height, 0xffffff, 1);
  }

  private void colour(int rgb, double opacity) {
    picture.setColor(new Color(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, alpha(opacity)));
  }

  private static int alpha(double opacity) {
    return (int) Math.round(255 * opacity);
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Pen pen) {
    colour(pen.rgb(), 1);
    float[] dash = pen.dash() == 0 ? null : new float[] {(float) pen.dash()};
    picture.setStroke(
        new BasicStroke(
            (float) pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dash, 0));
    picture.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void box(double x, double y, double width, double height, int rgb, double opacity) {
    colour(rgb, opacity);
    picture.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void dot(double x, double y, double radius, int rgb, double opacity) {
    colour(rgb, opacity);
    picture.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void text(double x, double y, Anchor anchor, String words) {
    String plain = Normalizer.normalize(words, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    double width = FONT.width(plain);
    double left = anchor == Anchor.START ? x : anchor == Anchor.END ? x - width : x - width / 2;
    colour(INK, 1);
    picture.setStroke(new BasicStroke(1.1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    picture.draw(FONT.outline(plain, left, y));
  }

  @Override
  public void textUpwards(double x, double y, String words) {
    picture.translate(x, y);
    picture.rotate(-Math.PI / 2);
    text(0, 0, Anchor.MIDDLE, words);
    picture.rotate(Math.PI / 2);
    picture.translate(-x, -y);
  }

  @Override
  public byte[] bytes() {
    picture.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has no such error
    }
    return out.toByteArray();
  }
}
