package dev.lss.core.raster;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Optional;

/**
 * Turns pixels into grey values from 0 to 255.
 *
 * <p>Grey stays as it is; 16 bits are scaled linearly by the largest value that the depth can hold,
 * so 65535 becomes 255, and 4095 where only 12 of 16 bits are used. Colours become luma by Rec.
 * 601, {@code 0.299 R + 0.587 G + 0.114 B}, of the values as stored (gamma-encoded, as sRGB is);
 * embedded colour profiles are not applied. Indexed pixels take the colour of their palette. What
 * is transparent lies on black: grey times alpha. Java's own conversion is not used, because it
 * takes grey to be linear light and changes its values.
 */
final class Grey {

  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  private Grey() {}

  /** Returns why a picture cannot be turned into grey; empty when it can. */
  static Optional<String> refusal(ColorModel model, int dataType) {
    if (dataType != DataBuffer.TYPE_BYTE && dataType != DataBuffer.TYPE_USHORT) {
      return Optional.of("pixels are not stored as 1 to 16 bits without sign");
    }
    int type = model.getColorSpace().getType();
    return model instanceof IndexColorModel
            || type == ColorSpace.TYPE_GRAY
            || type == ColorSpace.TYPE_RGB
        ? Optional.empty()
        : Optional.of(
            "pixels have %s colours that are not grey or RGB"
                .formatted(model.getNumColorComponents()));
  }

  /** Returns the largest colour value of a picture of 16 bits per channel; 0 for any other. */
  static int largestOf16Bits(BufferedImage picture) {
    ColorModel model = picture.getColorModel();
    Raster raster = picture.getRaster();
    if (model instanceof IndexColorModel || raster.getSampleModel().getSampleSize(0) != 16) {
      return 0;
    }
    int largest = 0;
    int[] row = new int[raster.getWidth()];
    for (int band = 0; band < model.getNumColorComponents(); band++) {
      for (int y = 0; y < raster.getHeight(); y++) {
        raster.getSamples(0, y, row.length, 1, band, row);
        for (int value : row) {
          largest = Math.max(largest, value);
        }
      }
    }
    return largest;
  }

  /**
   * Returns the grey values, row by row.
   *
   * @param bits how many of 16 bits are used
   */
  static float[] of(BufferedImage picture, int bits) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    float[] grey = new float[width * height];
    if (picture.getColorModel() instanceof IndexColorModel palette) {
      indexed(picture.getRaster(), palette, grey);
    } else {
      stored(picture, bits, grey);
    }
    return grey;
  }

  private static void indexed(Raster raster, IndexColorModel palette, float[] grey) {
    float[] values = new float[palette.getMapSize()];
    for (int n = 0; n < values.length; n++) {
      values[n] =
          luma(palette.getRed(n), palette.getGreen(n), palette.getBlue(n))
              * palette.getAlpha(n)
              / 255f;
    }
    int width = raster.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        grey[y * width + x] = row[x] < values.length ? values[row[x]] : 0;
      }
    }
  }

  private static void stored(BufferedImage picture, int used, float[] grey) {
    ColorModel model = picture.getColorModel();
    Raster raster = picture.getRaster();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colours = model.getNumColorComponents();
    float[] scale = new float[bands];
    for (int b = 0; b < bands; b++) {
      int size = raster.getSampleModel().getSampleSize(b);
      int bits = size == 16 && b < colours ? used : size;
      scale[b] = 255f / ((1 << bits) - 1);
    }
    boolean transparent = model.hasAlpha() && !model.isAlphaPremultiplied() && bands > colours;
    int[] row = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        float value =
            colours == 1
                ? row[at] * scale[0]
                : luma(row[at] * scale[0], row[at + 1] * scale[1], row[at + 2] * scale[2]);
        grey[y * width + x] =
            transparent ? value * (row[at + colours] * scale[colours] / 255) : value;
      }
    }
  }

  /** The weights sum to 1 in double but three equal values must stay exactly as they are. */
  private static float luma(float red, float green, float blue) {
    return red == green && green == blue ? red : (float) (RED * red + GREEN * green + BLUE * blue);
  }
}
