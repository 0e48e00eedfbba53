package dev.lss.api;

import dev.lss.api.image.Vector3;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The form of a vertebral body: heights between its endplates, depth, wedge angle. Immutable.
 *
 * <p>Heights are taken at 10, 50 and 90 per cent of the depth from the front, between parabolas
 * that fit both surfaces within 6 mm of the middle between left and right, along the direction that
 * halves the angle of the endplates. Where {@link #quality()} is {@code FEW_POINTS} or worse
 * nothing else is known.
 */
public final class VertebralShape {

  private final ShapeQuality quality;
  private final OptionalDouble anteriorHeightMm;
  private final OptionalDouble middleHeightMm;
  private final OptionalDouble posteriorHeightMm;
  private final OptionalDouble depthMm;
  private final OptionalDouble wedgeDegrees;
  private final OptionalDouble deformityPercent;
  private final Optional<Endplate> superior;
  private final Optional<Endplate> inferior;

  private VertebralShape(Builder b) {
    quality = b.quality;
    anteriorHeightMm = b.anteriorHeightMm;
    middleHeightMm = b.middleHeightMm;
    posteriorHeightMm = b.posteriorHeightMm;
    depthMm = b.depthMm;
    wedgeDegrees = b.wedgeDegrees;
    deformityPercent = b.deformityPercent;
    superior = b.superior;
    inferior = b.inferior;
  }

  /**
   * An endplate as the plane that fits it, seen from the side.
   *
   * @param anteriorMm where it ends in front, in the middle between left and right, LPS mm
   * @param posteriorMm where it ends at the back
   */
  public record Endplate(Vector3 anteriorMm, Vector3 posteriorMm) {

    /** Refuses positions that are not finite. */
    public Endplate {
      if (!anteriorMm.isFinite() || !posteriorMm.isFinite()) {
        throw new IllegalArgumentException("the ends of an endplate must be finite");
      }
    }
  }

  /** Starts a shape of which nothing but its quality is known. */
  public static Builder builder(ShapeQuality quality) {
    return new Builder(quality);
  }

  /** Returns whether to rely on it. */
  public ShapeQuality quality() {
    return quality;
  }

  /** Returns the height in front, in mm. */
  public OptionalDouble anteriorHeightMm() {
    return anteriorHeightMm;
  }

  /** Returns the height in the middle, in mm. */
  public OptionalDouble middleHeightMm() {
    return middleHeightMm;
  }

  /** Returns the height at the back, in mm. */
  public OptionalDouble posteriorHeightMm() {
    return posteriorHeightMm;
  }

  /** Returns the depth from back to front, mean of both endplates, in mm. */
  public OptionalDouble depthMm() {
    return depthMm;
  }

  /** Returns the angle between the endplates in degrees, positive when taller in front. */
  public OptionalDouble wedgeDegrees() {
    return wedgeDegrees;
  }

  /**
   * Returns the loss of height in per cent, at least 0: 100 (1 - the smallest of anterior to
   * posterior, middle to posterior, and posterior to the neighbours' posterior height; ratios above
   * 1 count as 1). A semi-automatic screening value after Genant et al. 1993, whose own method is
   * visual: under 20 none, from 20 mild, from 25 moderate, from 40 severe.
   */
  public OptionalDouble deformityPercent() {
    return deformityPercent;
  }

  /** Returns the upper endplate; empty when it was not measured. */
  public Optional<Endplate> superior() {
    return superior;
  }

  /** Returns the lower endplate; empty when it was not measured. */
  public Optional<Endplate> inferior() {
    return inferior;
  }

  @Override
  public String toString() {
    return "%s: %s, %s, %s mm"
        .formatted(quality, anteriorHeightMm, middleHeightMm, posteriorHeightMm);
  }

  /** Builds a {@link VertebralShape}. Not thread-safe. */
  public static final class Builder {

    private final ShapeQuality quality;
    private OptionalDouble anteriorHeightMm = OptionalDouble.empty();
    private OptionalDouble middleHeightMm = OptionalDouble.empty();
    private OptionalDouble posteriorHeightMm = OptionalDouble.empty();
    private OptionalDouble depthMm = OptionalDouble.empty();
    private OptionalDouble wedgeDegrees = OptionalDouble.empty();
    private OptionalDouble deformityPercent = OptionalDouble.empty();
    private Optional<Endplate> superior = Optional.empty();
    private Optional<Endplate> inferior = Optional.empty();

    private Builder(ShapeQuality quality) {
      this.quality = Objects.requireNonNull(quality, "quality");
    }

    /** Sets the three heights in mm; NaN is not known. */
    public Builder heightsMm(double anterior, double middle, double posterior) {
      anteriorHeightMm = known(anterior);
      middleHeightMm = known(middle);
      posteriorHeightMm = known(posterior);
      return this;
    }

    /** Sets the depth in mm; NaN is not known. */
    public Builder depthMm(double mm) {
      depthMm = known(mm);
      return this;
    }

    /** Sets the wedge angle; NaN is not known. */
    public Builder wedgeDegrees(double degrees) {
      wedgeDegrees = known(degrees);
      return this;
    }

    /** Sets the loss of height; NaN is not known. */
    public Builder deformityPercent(double percent) {
      deformityPercent = known(percent);
      return this;
    }

    /** Sets both endplates. */
    public Builder endplates(Endplate upper, Endplate lower) {
      superior = Optional.of(upper);
      inferior = Optional.of(lower);
      return this;
    }

    /** Returns the shape. */
    public VertebralShape build() {
      return new VertebralShape(this);
    }

    private static OptionalDouble known(double value) {
      return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
  }
}
