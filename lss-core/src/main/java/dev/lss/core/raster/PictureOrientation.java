package dev.lss.core.raster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a picture is to be shown: the tag Orientation of TIFF 6.0 and Exif 2.3, 1 to 8. Cameras store
 * pixels as the sensor lies and say with this tag how it was held; programs for pictures obey it,
 * Java does not. Stateless.
 */
final class PictureOrientation {

  /** Pixels are stored as they are shown. */
  static final int UPRIGHT = 1;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;

  private PictureOrientation() {}

  /** Returns the orientation in a TIFF header as Exif has it; upright when there is none. */
  static int ofExif(byte[] tiff) {
    ByteBuffer bytes = ByteBuffer.wrap(tiff);
    try {
      bytes.order(bytes.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int at = bytes.getInt(4);
      int entries = Short.toUnsignedInt(bytes.getShort(at));
      for (int n = 0; n < entries; n++) {
        int orientation = ofEntry(bytes, at + 2 + 12 * n);
        if (orientation != 0) {
          return orientation;
        }
      }
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      return UPRIGHT; // a damaged comment about the picture, not the picture
    }
    return UPRIGHT;
  }

  /** Returns the orientation that a directory's entry says; 0 when it says something else. */
  static int ofEntry(ByteBuffer bytes, int at) {
    if (Short.toUnsignedInt(bytes.getShort(at)) != TAG || bytes.getShort(at + 2) != SHORT) {
      return 0;
    }
    int value = bytes.getShort(at + 8);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }

  /** Returns whether columns and rows change places. */
  static boolean transposes(int orientation) {
    return orientation >= 5;
  }

  /**
   * Returns the pixels as they are shown; the same array when they are stored so.
   *
   * @param grey pixels as stored, row by row
   */
  static float[] shown(float[] grey, int columns, int rows, int orientation) {
    if (orientation == UPRIGHT) {
      return grey;
    }
    int width = transposes(orientation) ? rows : columns;
    int height = transposes(orientation) ? columns : rows;
    float[] shown = new float[grey.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int left = width - 1 - x;
        int up = height - 1 - y;
        int from =
            switch (orientation) {
              case 2 -> y * columns + left;
              case 3 -> up * columns + left;
              case 4 -> up * columns + x;
              case 5 -> x * columns + y;
              case 6 -> left * columns + y;
              case 7 -> left * columns + up;
              default -> x * columns + up; // 8
            };
        shown[y * width + x] = grey[from];
      }
    }
    return shown;
  }
}
