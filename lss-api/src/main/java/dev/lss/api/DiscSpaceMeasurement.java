package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The space between two vertebral bodies, or the lowest one and the sacrum, and how the upper one
 * stands on the lower one; measured between their endplates. Immutable.
 *
 * <p>Heights are taken at 10, 50 and 90 per cent of the depth that both endplates share, along the
 * direction that halves their angle. Other conventions give other heights of the same disc, up to a
 * third apart, and are not comparable. Where {@link #quality()} is {@code FEW_POINTS} or worse
 * nothing else is known.
 */
public final class DiscSpaceMeasurement implements Measurement {

  private static final double NOISE_MM = 3;

  private final VertebraLevel above;
  private final ShapeQuality quality;
  private final OptionalDouble anteriorHeightMm;
  private final OptionalDouble middleHeightMm;
  private final OptionalDouble posteriorHeightMm;
  private final OptionalDouble heightIndex;
  private final OptionalDouble heightToDepthRatio;
  private final OptionalDouble angleDegrees;
  private final OptionalDouble slipMm;
  private final OptionalDouble slipPercent;
  private final OptionalDouble signalRatio;
  private final Optional<VertebralShape.Endplate> floor;
  private final OptionalDouble volumeMm3;
  private final OptionalDouble farfanIndex;

  private DiscSpaceMeasurement(Builder b) {
    above = b.above;
    quality = b.quality;
    anteriorHeightMm = b.anteriorHeightMm;
    middleHeightMm = b.middleHeightMm;
    posteriorHeightMm = b.posteriorHeightMm;
    heightIndex = b.heightIndex;
    heightToDepthRatio = b.heightToDepthRatio;
    angleDegrees = b.angleDegrees;
    slipMm = b.slipMm;
    slipPercent = b.slipPercent;
    signalRatio = b.signalRatio;
    floor = b.floor;
    volumeMm3 = b.volumeMm3;
    farfanIndex = b.farfanIndex;
  }

  /** Starts the measurement of the space below a vertebra. */
  public static Builder builder(VertebraLevel above, ShapeQuality quality) {
    return new Builder(above, quality);
  }

  /** Returns a builder that holds everything of this measurement. */
  public Builder toBuilder() {
    Builder builder = new Builder(above, quality);
    builder.anteriorHeightMm = anteriorHeightMm;
    builder.middleHeightMm = middleHeightMm;
    builder.posteriorHeightMm = posteriorHeightMm;
    builder.heightIndex = heightIndex;
    builder.heightToDepthRatio = heightToDepthRatio;
    builder.farfanIndex = farfanIndex;
    builder.volumeMm3 = volumeMm3;
    builder.signalRatio = signalRatio;
    builder.floor = floor;
    builder.angleDegrees = angleDegrees;
    builder.slipMm = slipMm;
    builder.slipPercent = slipPercent;
    return builder;
  }

  @Override
  public Structure.Disc structure() {
    return new Structure.Disc(above);
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

  /** Returns the mean of the three heights, in mm. */
  public OptionalDouble meanHeightMm() {
    return mean(3, middleHeightMm.orElse(Double.NaN));
  }

  /** Returns the mean of the heights in front and at the back (Dabbs 1990), in mm. */
  public OptionalDouble dabbsHeightMm() {
    return mean(2, 0);
  }

  private OptionalDouble mean(int count, double middle) {
    double sum =
        anteriorHeightMm.orElse(Double.NaN) + middle + posteriorHeightMm.orElse(Double.NaN);
    return Builder.known(sum / count);
  }

  /**
   * Returns {@link #meanHeightMm} over the mean of the middle heights of the bodies above and
   * below; above the sacrum, of the one above alone. It rises beside a collapsed body; then {@link
   * #quality} is {@code POOR_REFERENCE}.
   */
  public OptionalDouble heightIndex() {
    return heightIndex;
  }

  /** Returns {@link #meanHeightMm} over the mean depth of the bodies above and below. */
  public OptionalDouble heightToDepthRatio() {
    return heightToDepthRatio;
  }

  /**
   * Returns the sum of the heights in front and at the back over the mean depth of the endplates
   * above and below (Farfan 1972).
   */
  public OptionalDouble farfanIndex() {
    return farfanIndex;
  }

  /**
   * Returns the volume of the disc's label in mm³, of the part in view; empty where the labels hold
   * no disc, and in a single slice.
   */
  public OptionalDouble volumeMm3() {
    return volumeMm3;
  }

  /**
   * Returns the mean of a T2-weighted image over the disc relative to the fluid of the canal, in
   * the same image; empty for other contrasts and where disc or canal are not labelled. The lower,
   * the drier; it is no grade of degeneration (Pfirrmann 2001), which also looks at the border
   * between nucleus and annulus and at the height, and it depends on echo time and coil.
   */
  public OptionalDouble signalRatio() {
    return signalRatio;
  }

  /** Returns the endplate below, of a vertebra or the sacrum; empty when it was not measured. */
  public Optional<VertebralShape.Endplate> floor() {
    return floor;
  }

  /** Returns the angle between the endplates in degrees, positive when open in front. */
  public OptionalDouble angleDegrees() {
    return angleDegrees;
  }

  /**
   * Returns how far the lower back edge of the body above lies in front of the upper back edge of
   * the one below, along the endplate below, in mm; negative when behind (retrolisthesis).
   */
  public OptionalDouble slipMm() {
    return slipMm;
  }

  /** Returns the slip in per cent of the depth of the endplate below. */
  public OptionalDouble slipPercent() {
    return slipPercent;
  }

  /**
   * Returns the grade of the slip after Meyerding 1932, 0 to 5, as a screening value: 0 under 3 mm,
   * which is what the measurement itself may be off; then I to 25 %, II to 50, III to 75, IV to
   * 100, V above.
   */
  public OptionalInt slipGrade() {
    if (slipMm.isEmpty() || slipPercent.isEmpty()) {
      return OptionalInt.empty();
    }
    double percent = Math.abs(slipPercent.getAsDouble());
    return OptionalInt.of(
        Math.abs(slipMm.getAsDouble()) < NOISE_MM
            ? 0
            : percent > 100 ? 5 : Math.max(1, (int) Math.ceil(percent / 25)));
  }

  @Override
  public String toString() {
    return "%s: %s, %s mm".formatted(structure().key(), quality, meanHeightMm());
  }

  /** Builds a {@link DiscSpaceMeasurement}; NaN is not known. Not thread-safe. */
  public static final class Builder {

    private final VertebraLevel above;
    private final ShapeQuality quality;
    private OptionalDouble anteriorHeightMm = OptionalDouble.empty();
    private OptionalDouble middleHeightMm = OptionalDouble.empty();
    private OptionalDouble posteriorHeightMm = OptionalDouble.empty();
    private OptionalDouble heightIndex = OptionalDouble.empty();
    private OptionalDouble heightToDepthRatio = OptionalDouble.empty();
    private OptionalDouble angleDegrees = OptionalDouble.empty();
    private OptionalDouble slipMm = OptionalDouble.empty();
    private OptionalDouble slipPercent = OptionalDouble.empty();
    private OptionalDouble signalRatio = OptionalDouble.empty();
    private Optional<VertebralShape.Endplate> floor = Optional.empty();
    private OptionalDouble volumeMm3 = OptionalDouble.empty();
    private OptionalDouble farfanIndex = OptionalDouble.empty();

    private Builder(VertebraLevel above, ShapeQuality quality) {
      this.above = Objects.requireNonNull(above, "above");
      this.quality = Objects.requireNonNull(quality, "quality");
    }

    /** Sets the three heights in mm. */
    public Builder heightsMm(double anterior, double middle, double posterior) {
      anteriorHeightMm = known(anterior);
      middleHeightMm = known(middle);
      posteriorHeightMm = known(posterior);
      return this;
    }

    /** Sets the height relative to the bodies' heights. */
    public Builder heightIndex(double ratio) {
      heightIndex = known(ratio);
      return this;
    }

    /** Sets the height relative to the bodies' depths. */
    public Builder heightToDepthRatio(double ratio) {
      heightToDepthRatio = known(ratio);
      return this;
    }

    /** Sets the sum of the outer heights relative to the endplates' depths. */
    public Builder farfanIndex(double ratio) {
      farfanIndex = known(ratio);
      return this;
    }

    /** Sets the volume of the disc. */
    public Builder volumeMm3(double mm3) {
      volumeMm3 = known(mm3);
      return this;
    }

    /** Sets the signal of the disc relative to fluid. */
    public Builder signalRatio(double ratio) {
      signalRatio = known(ratio);
      return this;
    }

    /** Sets the endplate below. */
    public Builder floor(VertebralShape.Endplate plate) {
      floor = Optional.of(plate);
      return this;
    }

    /** Sets the angle between the endplates. */
    public Builder angleDegrees(double degrees) {
      angleDegrees = known(degrees);
      return this;
    }

    /** Sets the slip in mm, and the depth of the endplate below, in mm. */
    public Builder slipMm(double mm, double depthMm) {
      slipMm = known(mm);
      slipPercent = known(100 * mm / depthMm);
      return this;
    }

    /** Returns the measurement. */
    public DiscSpaceMeasurement build() {
      return new DiscSpaceMeasurement(this);
    }

    private static OptionalDouble known(double value) {
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
  }
}
