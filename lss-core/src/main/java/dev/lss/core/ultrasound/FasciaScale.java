package dev.lss.core.ultrasound;

import dev.lss.api.LengthUnit;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;

/**
 * Turns the millimetres of a rule into the unit of an image: itself where the scale is known;
 * elsewhere as if the longer side of the image region were 50 mm, which decides what is small and
 * what belongs together, but never a measurement. Immutable.
 *
 * @param unit unit of lengths
 * @param perMm so many units are a millimetre of a rule
 */
record FasciaScale(LengthUnit unit, double perMm) {

  private static final double ASSUMED_LONGER_SIDE_MM = 50;

  static FasciaScale of(GridGeometry plane, IndexBox region) {
    if (plane.calibrated()) {
      return new FasciaScale(LengthUnit.MM, 1);
    }
    int longer = Math.max(region.extents().i(), region.extents().j());
    return new FasciaScale(LengthUnit.PX, longer / ASSUMED_LONGER_SIDE_MM);
  }

  double of(double mm) {
    return mm * perMm;
  }
}
