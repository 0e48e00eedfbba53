package dev.lss.api;

import static java.util.Objects.requireNonNull;

import dev.lss.api.anatomy.Structure;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What one layer of fascia measures in an ultrasound image. Lengths are in {@link #unit}: in pixels
 * when the scale of the image is not known. Immutable.
 */
public final class FasciaMeasurement implements Measurement {

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
            "a thickness has 0 < min <= mean <= max and 2 points, was %s, %s, %s, %s"
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

  private final int layer;
  private final LengthUnit unit;
  private final Thickness thickness;
  private final double length;
  private final double angleDeg;
  private final double depth;
  private final Echo echo;
  private final int fragments;
  private final int branches;
  private final List<CentrePoint> centreLine;

  private FasciaMeasurement(Builder b) {
    layer = b.layer;
    unit = b.unit;
    thickness = requireNonNull(b.thickness, "thickness");
    length = b.length;
    angleDeg = b.angleDeg;
    depth = b.depth;
    echo = requireNonNull(b.echo, "echo");
    fragments = b.fragments;
    branches = b.branches;
    centreLine = b.centreLine;
    if (layer < 1 || fragments < 1) {
      throw new IllegalArgumentException(
          "layer and fragments must be at least 1, were %s and %s".formatted(layer, fragments));
    }
    if (!(length > 0) || !(angleDeg > -90 && angleDeg <= 90) || !Double.isFinite(depth)) {
      throw new IllegalArgumentException(
          "length, angle and depth must be in range, were %s, %s and %s"
              .formatted(length, angleDeg, depth));
    }
  }

  /**
   * Starts the measurement of a layer; thickness, echo and length must be given.
   *
   * @param layer number of the layer from the skin down, from 1
   * @param unit unit of all lengths
   */
  public static Builder builder(int layer, LengthUnit unit) {
    return new Builder(layer, unit);
  }

  @Override
  public Structure.Fascia structure() {
    return new Structure.Fascia(layer);
  }

  /** Returns the number of the layer from the skin down, from 1. */
  public int layer() {
    return layer;
  }

  /** Returns the unit of all lengths. */
  public LengthUnit unit() {
    return unit;
  }

  /** Returns the thickness along the normal of the centre line. */
  public Thickness thickness() {
    return thickness;
  }

  /** Returns the arc length of the centre line from end to end, gaps between fragments included. */
  public double length() {
    return length;
  }

  /**
   * Returns the direction of the chord from the left end to the right one against the image's
   * horizontal, in degrees in (-90, 90]; positive when the right end lies deeper.
   */
  public double angleDeg() {
    return angleDeg;
  }

  /**
   * Returns the mean vertical distance of the centre line from the skin line, the upper border of
   * the tissue in the same column.
   */
  public double depth() {
    return depth;
  }

  /** Returns how bright the layer and the muscle below it are. */
  public Echo echo() {
    return echo;
  }

  /** Returns how many pieces of the mask make up the layer, at least 1. */
  public int fragments() {
    return fragments;
  }

  /** Returns how many side branches of the centre lines were left out. */
  public int branches() {
    return branches;
  }

  /** Returns the centre line from left to right; a gap between fragments is one step. */
  public List<CentrePoint> centreLine() {
    return centreLine;
  }

  /** Collects the parts of a measurement. Not thread-safe. */
  public static final class Builder {

    private final int layer;
    private final LengthUnit unit;
    private @Nullable Thickness thickness;
    private @Nullable Echo echo;
    private double length;
    private double angleDeg;
    private double depth;
    private int fragments = 1;
    private int branches;
    private List<CentrePoint> centreLine = List.of();

    private Builder(int layer, LengthUnit unit) {
      this.layer = layer;
      this.unit = requireNonNull(unit, "unit");
    }

    /** Sets the thickness along the normal of the centre line. */
    public Builder thickness(Thickness value) {
      thickness = value;
      return this;
    }

    /** Sets the arc length of the centre line from end to end, gaps between fragments included. */
    public Builder length(double value) {
      length = value;
      return this;
    }

    /**
     * Sets the direction of the chord from the left end to the right one against the image's
     * horizontal, in degrees in (-90, 90]; positive when the right end lies deeper.
     */
    public Builder angleDeg(double value) {
      angleDeg = value;
      return this;
    }

    /**
     * Sets the mean vertical distance of the centre line from the skin line, the upper border of
     * the tissue in the same column.
     */
    public Builder depth(double value) {
      depth = value;
      return this;
    }

    /** Sets how bright the layer and the muscle below it are. */
    public Builder echo(Echo value) {
      echo = value;
      return this;
    }

    /** Sets how many pieces of the mask make up the layer, at least 1. */
    public Builder fragments(int value) {
      fragments = value;
      return this;
    }

    /** Sets how many side branches of the centre lines were left out. */
    public Builder branches(int value) {
      branches = value;
      return this;
    }

    /** Sets the centre line from left to right; a gap between fragments is one step. */
    public Builder centreLine(List<CentrePoint> value) {
      centreLine = List.copyOf(value);
      return this;
    }

    /**
     * Returns the measurement.
     *
     * @throws IllegalArgumentException when a number is out of range
     */
    public FasciaMeasurement build() {
      return new FasciaMeasurement(this);
    }
  }
}
