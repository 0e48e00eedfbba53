package dev.lss.dicom.series;

import dev.lss.api.image.GridGeometry;
import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The part of a picture that shows tissue, with its scale. Immutable.
 *
 * @param x0 first column
 * @param y0 first row
 * @param columns how many columns, at least 1
 * @param rows how many rows, at least 1
 * @param columnMm distance of two columns in mm; 0 when it is not known
 * @param rowMm distance of two rows in mm; 0 when it is not known
 */
public record PlaneView(int x0, int y0, int columns, int rows, double columnMm, double rowMm) {

  private static final int FLAT = 1;
  private static final int TISSUE = 1;
  private static final int CENTIMETRES = 3;
  private static final double MM = 10;

  /** Returns whether the size of a pixel is known. */
  public boolean isCalibrated() {
    return columnMm > 0 && rowMm > 0;
  }

  /** Returns the grid of the part. */
  public GridGeometry grid() {
    return isCalibrated()
        ? GridGeometry.imagePlane(columns, rows, columnMm, rowMm)
        : GridGeometry.uncalibratedPlane(columns, rows);
  }

  /**
   * Returns the two-dimensional tissue regions in centimetres (PS3.3 C.8.5.5), or the whole picture
   * where there is none, with the pixel spacing if it has one.
   */
  static List<PlaneView> of(Slice slice) {
    List<PlaneView> views = new ArrayList<>();
    for (DataSet region : slice.file().data().items(Tag.REGIONS)) {
      if (region.integer(Tag.REGION_SPATIAL_FORMAT).orElse(0) == FLAT
          && region.integer(Tag.REGION_DATA_TYPE).orElse(0) == TISSUE
          && region.integer(Tag.PHYSICAL_UNITS_X).orElse(0) == CENTIMETRES
          && region.integer(Tag.PHYSICAL_UNITS_Y).orElse(0) == CENTIMETRES) {
        of(region, slice).ifPresent(views::add);
      }
    }
    return views.isEmpty() ? List.of(whole(slice)) : views;
  }

  private static java.util.Optional<PlaneView> of(DataSet region, Slice slice) {
    double columnMm = mm(region.number(Tag.PHYSICAL_DELTA_X));
    double rowMm = mm(region.number(Tag.PHYSICAL_DELTA_Y));
    // writers are off by one at the far border
    int x0 = clamped(region.number(Tag.REGION_MIN_X0), slice.format().columns());
    int y0 = clamped(region.number(Tag.REGION_MIN_Y0), slice.format().rows());
    int x1 = clamped(region.number(Tag.REGION_MAX_X1), slice.format().columns());
    int y1 = clamped(region.number(Tag.REGION_MAX_Y1), slice.format().rows());
    return x1 > x0 && y1 > y0 && columnMm > 0 && rowMm > 0
        ? java.util.Optional.of(new PlaneView(x0, y0, x1 - x0 + 1, y1 - y0 + 1, columnMm, rowMm))
        : java.util.Optional.empty();
  }

  private static PlaneView whole(Slice slice) {
    double[] spacing = slice.pixelSpacing();
    boolean known = spacing.length == 2 && isScale(spacing[0]) && isScale(spacing[1]);
    return new PlaneView(
        0,
        0,
        slice.format().columns(),
        slice.format().rows(),
        known ? spacing[1] : 0,
        known ? spacing[0] : 0);
  }

  private static int clamped(OptionalDouble value, int size) {
    return (int) Math.max(0, Math.min(size - 1, value.orElse(0)));
  }

  private static double mm(OptionalDouble centimetres) {
    double mm = MM * Math.abs(centimetres.orElse(0));
    return isScale(mm) ? mm : 0;
  }

  private static boolean isScale(double mm) {
    return mm > 1e-4 && mm < 1e3;
  }
}
