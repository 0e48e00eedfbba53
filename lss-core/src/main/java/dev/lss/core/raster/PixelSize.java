package dev.lss.core.raster;

import dev.lss.api.image.GridGeometry;

/**
 * The scale of a picture. Immutable.
 *
 * @param columnMm distance of two columns in mm
 * @param rowMm distance of two rows in mm
 */
public record PixelSize(double columnMm, double rowMm) {

  /** Refuses sizes that are not positive and finite. */
  public PixelSize {
    if (!(columnMm > 0 && columnMm < Double.POSITIVE_INFINITY)
        || !(rowMm > 0 && rowMm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a pixel size is positive, was %s x %s mm".formatted(columnMm, rowMm));
    }
  }

  /** Returns the size of square pixels. */
  public static PixelSize square(double mm) {
    return new PixelSize(mm, mm);
  }

  GridGeometry plane(int columns, int rows) {
    return GridGeometry.imagePlane(columns, rows, columnMm, rowMm);
  }
}
