package dev.lss.api;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What one layer of fascia measures in an ultrasound image. Lengths are in {@link #unit}: in pixels
 * when the scale of the image is not known. Immutable.
 *
 * @param layer number of the layer from the skin down, from 1
 * @param unit unit of all lengths
 * @param thickness thickness along the normal of the centre line
 * @param length arc length of the centre line from end to end, gaps between fragments included
 * @param angleDeg direction of the chord from the left end to the right one against the image's
 *     horizontal, in degrees in (-90, 90]; positive when the right end lies deeper
 * @param depth mean vertical distance of the centre line from the skin line, the upper border of
 *     the tissue in the same column
 * @param echo how bright the layer and the muscle below it are
 * @param fragments pieces of the mask that make up the layer, at least 1
 * @param branches side branches of the centre lines that were left out
 * @param centreLine the centre line from left to right; a gap between fragments is one step
 */
public record FasciaMeasurement(
    int layer,
    LengthUnit unit,
    Thickness thickness,
    double length,
    double angleDeg,
    double depth,
    Echo echo,
    int fragments,
    int branches,
    List<CentrePoint> centreLine) {

  /**
   * Thickness over a layer, each value the distance of the two boundaries along one normal.
   *
   * @param mean mean
   * @param sd standard deviation, with n - 1
   * @param median median
   * @param min least
   * @param max largest
   * @param percentile5 fifth percentile, linear between order statistics
   * @param percentile95 ninety-fifth percentile
   * @param verticalMean mean distance of the boundaries along the image's vertical, as callipers
   *     measure it; larger than {@code mean} by 1 / cos of the tilt
   * @param points how many normals were measured, at least 2
   */
  public record Thickness(
      double mean,
      double sd,
      double median,
      double min,
      double max,
      double percentile5,
      double percentile95,
      double verticalMean,
      int points) {

    /** Refuses values that are not positive and out of order. */
    public Thickness {
      if (!(min > 0 && min <= mean && mean <= max) || !(sd >= 0) || points < 2) {
        throw new IllegalArgumentException(
            "a thickness has 0 < min <= mean <= max and 2 points, was %s, %s, %s, %d"
                .formatted(min, mean, max, points));
      }
    }
  }

  /**
   * Brightness, 0 to 255. It depends on gain, depth and compression: values compare only within one
   * preset of one machine.
   *
   * @param fascia mean over the layer
   * @param muscle mean over the band 2 to 10 mm below the layer, inside the image and outside every
   *     layer; empty with fewer than 200 pixels or a mean below 1
   * @param saturatedShare share of the layer's pixels that are at least 250, in [0, 1]
   */
  public record Echo(double fascia, OptionalDouble muscle, double saturatedShare) {

    /** Returns {@code fascia / muscle}; empty when the muscle's is. */
    public OptionalDouble ratio() {
      return muscle.isPresent()
          ? OptionalDouble.of(fascia / muscle.getAsDouble())
          : OptionalDouble.empty();
    }
  }

  /**
   * A point of the centre line.
   *
   * @param column continuous pixel index from the left, 0 in the middle of the first pixel
   * @param row continuous pixel index from the top
   * @param arc distance from the left end along the line
   * @param thickness thickness here; NaN where it was not measured
   */
  public record CentrePoint(double column, double row, double arc, double thickness) {}

  /** Refuses a layer below 1 and values that are not finite. */
  public FasciaMeasurement {
    centreLine = List.copyOf(centreLine);
    if (layer < 1 || fragments < 1) {
      throw new IllegalArgumentException(
          "layer and fragments must be at least 1, were %d and %d".formatted(layer, fragments));
    }
    if (!(length > 0) || !(angleDeg > -90 && angleDeg <= 90) || !Double.isFinite(depth)) {
      throw new IllegalArgumentException(
          "length, angle and depth must be in range, were %s, %s and %s"
              .formatted(length, angleDeg, depth));
    }
  }
}
